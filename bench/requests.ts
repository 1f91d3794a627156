// Lookups as a real FreeSWITCH sends them (recorded; of the fields, those that our configuration has it send), each for a tenant and extension drawn at random; and a client that measures them.
import { readFileSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { gunzipSync } from "node:zlib";
import { wanted } from "../edge-agent/drivers/freeswitch/fields.ts";
import { ulidOf } from "../test/support/document.ts";

type Fields = Record<string, string>;

const sent = new Set(["hostname", "section", "tag_name", "key_name", "key_value", ...wanted]);

function recorded(scenario: string, pick: (fields: Fields) => boolean): Fields {
  const file = new URL(`../test/fixtures/recordings/freeswitch/${scenario}/requests.jsonl.gz`, import.meta.url);
  const lines = gunzipSync(readFileSync(file)).toString().trim().split("\n");
  const found = lines.map((line) => JSON.parse(line) as Fields).find(pick);
  if (!found) throw new Error(`no such request was recorded in ${scenario}`);
  return Object.fromEntries(Object.entries(found).filter(([name]) => sent.has(name)));
}

const register = recorded("register_digest", (fields) => fields.action === "sip_auth");
const invite = recorded("call_answered", (fields) => fields.section === "dialplan");

const any = (below: number): number => Math.floor(Math.random() * below);

/** A REGISTER's directory lookup. */
export function directoryBody(tenants: number): string {
  const domain = `t${any(tenants)}.example`;
  const user = String(1001 + any(20));
  const own = {
    key_value: domain,
    domain,
    user,
    sip_profile: "phones",
    sip_auth_username: user,
    sip_auth_realm: domain,
    sip_from_user: user,
    sip_from_host: domain,
    sip_to_user: user,
    sip_to_host: domain,
  };
  return String(new URLSearchParams({ ...register, ...own }));
}

/** The dialplan lookup of a call from one extension to another, or to one of `numbers`. */
export function dialplanBody(tenants: number, numbers?: readonly string[]): string {
  const n = any(tenants);
  const domain = `t${n}.example`;
  const user = String(1001 + any(20));
  const own = {
    "Caller-Context": domain,
    "Caller-Destination-Number": numbers?.[any(numbers.length)] ?? String(1001 + any(20)),
    variable_sofia_profile_name: "phones",
    variable_sip_auth_username: user,
    variable_sip_auth_realm: domain,
    variable_domain_name: domain,
    variable_dp_tenant: `ten_${ulidOf(n)}`,
  };
  return String(new URLSearchParams({ ...invite, ...own }));
}

const request = (body: string): string =>
  `POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nUser-Agent: freeswitch-xml/1.0\r\nAccept: */*\r\nContent-Length: ${body.length}\r\nContent-Type: application/x-www-form-urlencoded\r\n\r\n${body}`;

/** Sends one lookup over a kept connection. Resolves with the reply's body when all of it is there. */
export function ask(socket: Socket, body: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = "";
    const onData = (chunk: Buffer): void => {
      text += chunk.toString("latin1");
      const end = text.indexOf("\r\n\r\n");
      const length = /content-length: (\d+)/i.exec(text)?.[1];
      if (end < 0 || length === undefined || text.length < end + 4 + Number(length)) return;
      socket.off("data", onData).off("error", reject);
      resolve(text.slice(end + 4));
    };
    socket.on("data", onData);
    socket.once("error", reject);
    socket.write(request(body));
  });
}

export const opened = (port: number): Promise<Socket> =>
  new Promise((resolve, reject) => {
    const socket: Socket = connect({ port, host: "127.0.0.1", noDelay: true }, () =>
      resolve(socket.off("error", reject)),
    );
    socket.once("error", reject);
  });

/** Sends bodies one after another on each of `workers` for `durationMs`; the latencies in ms, and how many a second. */
export async function load(
  port: number,
  bodies: string[],
  options: { workers: number; durationMs: number; keepAlive: boolean; check?: (reply: string) => boolean },
): Promise<{ latencies: number[]; perSecond: number }> {
  const latencies: number[] = [];
  const until = performance.now() + options.durationMs;
  let next = 0;
  const work = async (): Promise<void> => {
    let socket: Socket | undefined;
    while (performance.now() < until) {
      const body = bodies[next++ % bodies.length] ?? "";
      const start = performance.now();
      socket ??= await opened(port);
      const reply = await ask(socket, body);
      latencies.push(performance.now() - start);
      if (options.check && !options.check(reply)) throw new Error(`an unexpected reply: ${reply.slice(0, 300)}`);
      if (!options.keepAlive) {
        socket.destroy();
        socket = undefined;
      }
    }
    socket?.destroy();
  };
  const started = performance.now();
  await Promise.all(Array.from({ length: options.workers }, work));
  return { latencies, perSecond: latencies.length / ((performance.now() - started) / 1000) };
}
