// Beside a host, in its network: two phones register, and one calls the other over and over while lookups are asked as FreeSWITCH asks them, until standard
// input ends. Prints how it went, as JSON.
import { once } from "node:events";
import { writeSync } from "node:fs";
import { type IncomingMessage, request } from "node:http";
import { text } from "node:stream/consumers";
import { play, sipp, went } from "./sipp.ts";

type Phone = { user: string; domain: string; password: string };
/** Ports of its loopback; without `lookups` it only registers. `number`: the called phone's. */
export type Busy = { sip: number; lookups: number | null; caller: Phone; called: Phone; number: string };
/** `slowest`: of the lookups, in milliseconds. */
export type Went = { calls: number; lookups: number; failed: string[]; slowest: number };

const asked = JSON.parse(process.argv[2] ?? "") as Busy & { calls: number };
const { sip, lookups, caller, called, number } = asked;
const told: Went = { calls: 0, lookups: 0, failed: [], slowest: 0 };
/** The first are enough to tell. */
const failed = (why: string): void => {
  if (told.failed.length < 20) told.failed.push(why);
};
let isOver = false;
process.stdin.on("end", () => (isOver = true)).resume();
const [from, to] = [15_060, 15_064];

/** An engine that has just begun refuses for some seconds. */
async function register(phone: Phone, port: number): Promise<void> {
  const until = performance.now() + 20_000;
  let played = await play("register", { ...phone }, { to: sip, port });
  while (played.code !== 0 && performance.now() < until)
    played = await play("register", { ...phone }, { to: sip, port });
  went(played);
}

async function call(): Promise<void> {
  const answering = await sipp("answer", {}, { port: to });
  const { code, errors } = await play("call", { ...caller, to: number }, { to: sip, port: from });
  if (code === 0) told.calls++;
  else failed(`a call: ${errors.slice(0, 1500)}`);
  if (code === 0) went(await answering.done);
  else answering.stop();
}

/** As mod_xml_curl asks who may register: by a connection of its own. */
async function lookUp(): Promise<void> {
  const { user, domain } = caller;
  const fields = {
    ...{ section: "directory", tag_name: "domain", key_name: "name", key_value: domain, key: "id", user, domain },
    ...{ action: "sip_auth", sip_profile: "phones", sip_auth_method: "REGISTER", sip_auth_username: user },
    ...{ sip_auth_realm: domain, sip_to_user: user, sip_to_host: domain, sip_from_user: user, sip_from_host: domain },
  };
  const begun = performance.now();
  try {
    const headers = { "content-type": "application/x-www-form-urlencoded" };
    const asking = request({ host: "127.0.0.1", port: lookups, method: "POST", headers, agent: false });
    asking.end(new URLSearchParams(fields).toString());
    const [answer] = (await once(asking, "response")) as [IncomingMessage];
    const read = await text(answer);
    if (!read.includes(`id="${user}"`)) failed(`a lookup: ${answer.statusCode} ${read.slice(0, 200)}`);
  } catch (error) {
    failed(`a lookup: ${String(error)}`);
  }
  told.lookups++;
  told.slowest = Math.max(told.slowest, Math.round(performance.now() - begun));
}

const until = async (work: () => Promise<void>): Promise<void> => {
  while (!isOver || told.calls < asked.calls) await work();
};
await register(caller, from);
await register(called, to);
process.stdout.write("ready\n");
if (lookups !== null) await Promise.all([until(call), ...Array.from({ length: 4 }, () => until(lookUp))]);
writeSync(1, JSON.stringify(told));
process.exit(0);
