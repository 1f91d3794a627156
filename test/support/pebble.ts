// A real CA for tests: Let's Encrypt's Pebble, with a DNS of its own (pebble-challtestsrv), on loopback. Between it and its clients stands a proxy, where a
// test may answer in the CA's place.
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, request } from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { expect, vi } from "vitest";
import { selfSigned } from "../../edge-agent/certificate/self-signed.ts";
import { createZone } from "./dns.ts";
import { freePort } from "./sipp.ts";
import { needs, onPath } from "./skip.ts";

/** For `describe.runIf(pebbleInstalled())`. Says loudly what is missing. */
export const pebbleInstalled = (): boolean =>
  needs("Pebble", onPath("pebble") !== undefined && onPath("pebble-challtestsrv") !== undefined);

export type Asked = { method: string; path: string; body: string };
type Instead = { status: number; headers?: Record<string, string>; body?: unknown };
export type Pebble = Awaited<ReturnType<typeof startPebble>>;

/** `rejects`: of a hundred good nonces so many are refused. `customers`: who must be named in a binding (kid, and key in base64url). */
export async function startPebble({
  rejects = 0,
  customers,
}: {
  rejects?: number;
  customers?: Record<string, string>;
} = {}) {
  const dir = mkdtempSync(join(tmpdir(), "dp-pebble-"));
  const own = selfSigned(dir, "127.0.0.1");
  if (!own) throw new Error("openssl is not installed");
  const [acme, management, dns, dnsManagement] = [
    await freePort(),
    await freePort(),
    await freePort(),
    await freePort(),
  ];
  const pebble = {
    ...{ listenAddress: `127.0.0.1:${acme}`, managementListenAddress: `127.0.0.1:${management}` },
    ...{ certificate: own.certificate, privateKey: own.key, httpPort: 1, tlsPort: 1, ocspResponderURL: "" },
    externalAccountBindingRequired: customers !== undefined,
    ...(customers && { externalAccountMACKeys: customers }),
  };
  writeFileSync(join(dir, "config.json"), JSON.stringify({ pebble }));
  const off = ["-http01", "", "-https01", "", "-tlsalpn01", ""];
  const children: ChildProcess[] = [];
  const start = (program: string, args: string[], env: Record<string, string> = {}) =>
    children.push(spawn(program, args, { stdio: "ignore", env: { PATH: process.env.PATH ?? "", ...env } }));
  start("pebble-challtestsrv", ["-dns01", `127.0.0.1:${dns}`, "-management", `127.0.0.1:${dnsManagement}`, ...off]);
  start("pebble", ["-config", join(dir, "config.json"), "-dnsserver", `127.0.0.1:${dns}`, "-strict"], {
    ...{ PEBBLE_VA_NOSLEEP: "1", PEBBLE_WFE_NONCEREJECT: String(rejects), PEBBLE_AUTHZREUSE: "0" },
  });
  const trusted = readFileSync(own.certificate, "utf8");

  const control = {
    /** Looks at each request; what it returns is the answer instead. */
    instead: undefined as ((asked: Asked) => Instead | undefined) | undefined,
  };
  const asked: Asked[] = [];
  const proxy = createServer({ cert: trusted, key: readFileSync(own.key) }, (from, to) => {
    void buffer(from).then((bytes) => {
      const one = { method: from.method ?? "", path: from.url ?? "", body: bytes.toString() };
      asked.push(one);
      const answer = control.instead?.(one);
      if (answer) {
        to.writeHead(answer.status, { "content-type": "application/problem+json", ...answer.headers });
        return void to.end(JSON.stringify(answer.body ?? {}));
      }
      // the host as it was asked: Pebble writes its URLs by it
      const { method, headers } = from;
      const onward = request(
        { host: "127.0.0.1", port: acme, path: from.url, method, headers, ca: trusted },
        (reply) => {
          to.writeHead(reply.statusCode ?? 500, reply.headers);
          reply.pipe(to);
        },
      );
      onward.on("error", () => to.destroy());
      onward.end(bytes);
    });
  });
  await new Promise<void>((done) => proxy.listen(0, "127.0.0.1", done));
  const directory = `https://127.0.0.1:${(proxy.address() as AddressInfo).port}/dir`;

  const ask = (url: string): Promise<string> =>
    new Promise((done, failed) => {
      const sent = request(
        url,
        { ca: trusted },
        (reply) => void buffer(reply).then((text) => done(text.toString()), failed),
      );
      sent.on("error", failed).end();
    });
  const tellDns = async (what: string, body: object): Promise<void> => {
    const answer = await fetch(`http://127.0.0.1:${dnsManagement}/${what}`, {
      method: "POST",
      body: JSON.stringify(body),
    });
    if (!answer.ok) throw new Error(`challtestsrv: ${await answer.text()}`);
  };
  const told = new Map<string, string[]>();
  let turn: Promise<unknown> = Promise.resolve();
  await vi.waitFor(() => Promise.all([ask(directory), tellDns("clear-txt", { host: "ready." })]), {
    ...{ timeout: 10_000, interval: 20 },
  });

  return {
    directory,
    /** PEM of who vouches for its server. */
    trusted,
    /** The same as a file. */
    trustedFile: own.certificate,
    /** PEM of the root of what it issues. */
    root: () => ask(`https://127.0.0.1:${management}/roots/0`),
    control,
    /** What it was asked. */
    asked,
    dns: {
      port: dns,
      /** The TXT record has these values; what it had is gone with the last of them, so that the CA never finds it without what stays. */
      put(name: string, values: readonly string[]): Promise<void> {
        const done = turn.then(async () => {
          const known = told.get(name) ?? [];
          for (const value of values) if (!known.includes(value)) await tellDns("set-txt", { host: `${name}.`, value });
          if (values.length === 0) await tellDns("clear-txt", { host: `${name}.` });
          told.set(name, values.length === 0 ? [] : [...known, ...values]);
        });
        turn = done.catch(() => undefined);
        return done;
      },
      alias: (name: string, target: string) => tellDns("set-cname", { host: `${name}.`, target: `${target}.` }),
    },
    async stop(): Promise<void> {
      proxy.closeAllConnections();
      await new Promise((done) => proxy.close(done));
      for (const child of children) {
        const ended = new Promise((done) => child.once("exit", done));
        child.kill();
        await ended;
      }
      expect(children.every(({ exitCode, signalCode }) => exitCode !== null || signalCode !== null)).toBe(true);
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

/** A zone whose hosts get certificates of that CA, which finds in DNS what the zone's provider was told. */
export function zoneOf(ca: Pebble) {
  const made = createZone({ directory: ca.directory });
  const put: typeof made.zone.dns.put = async (name, type, values) => {
    if (type === "TXT") await ca.dns.put(name, values);
    return made.zone.dns.put(name, type, values);
  };
  return { ...made, zone: { ...made.zone, dns: { ...made.zone.dns, put } } };
}
