// Sends what this thread asks of AWS, or of `*.example`, to the stand-in, under the host name that it was meant for. Anything else is refused.
import dns from "node:dns";
import http from "node:http";
import https from "node:https";
import { syncBuiltinESMExports } from "node:module";

type Options = https.RequestOptions;

/** `port`: the stand-in's. What it returns puts back what was. */
export function redirect(port: number): () => void {
  const agent = new http.Agent({ keepAlive: true });
  const was = { request: https.request, lookup: dns.promises.lookup, resolveTxt: dns.promises.resolveTxt };
  https.request = ((first: Options | URL | string, second?: Options | (() => void), third?: () => void) => {
    const url = first instanceof URL ? first : undefined;
    const { lookup: _, agent: __, ...options } = (url ? second : first) as Options;
    const host = url?.host ?? String(options.hostname ?? options.host);
    if (!/\.(amazonaws\.com|example)$/.test(host)) throw new Error(`a function reached for ${host}`);
    const headers = { ...(options.headers as Record<string, string>), host };
    const path = url ? url.pathname + url.search : options.path;
    const here = { protocol: "http:", host: "127.0.0.1", hostname: "127.0.0.1", port, agent };
    return http.request({ ...options, path, headers, ...here }, (url ? third : second) as () => void);
  }) as typeof https.request;
  dns.promises.lookup = (async (host: string, ...rest: []) =>
    host.endsWith(".example") ? [{ address: "8.8.8.8", family: 4 }] : was.lookup(host, ...rest)) as typeof was.lookup;
  dns.promises.resolveTxt = async (name) => {
    const answer = await fetch(`http://127.0.0.1:${port}/txt?name=${encodeURIComponent(name)}`);
    return (await answer.json()) as string[][];
  };
  syncBuiltinESMExports();
  return () => {
    https.request = was.request;
    Object.assign(dns.promises, { lookup: was.lookup, resolveTxt: was.resolveTxt });
    syncBuiltinESMExports();
    agent.destroy();
  };
}
