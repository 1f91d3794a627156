// Calls of raw phones that go on: taken, transferred, hung up.
import { randomBytes } from "node:crypto";
import type { FreeswitchHost } from "./freeswitch.ts";
import type { createPbx } from "./pbx.ts";
import {
  audioPortOf,
  type Credentials,
  type Message,
  openPhone,
  type Rogue,
  response,
  routesOf,
  type Sent,
  sdpAt,
  statusOf,
} from "./sip.ts";

export type Tenant = ReturnType<typeof createPbx>["acme"];
export type Phone = Rogue & { aor: string; credentials: Credentials };

/** A phone that is registered and refuses calls. */
export async function openRegistered(host: FreeswitchHost, tenant: Tenant, number: number): Promise<Phone> {
  const { user, domain, password } = tenant.phone(number);
  const rogue = await openPhone(host.phones);
  const phone = { ...rogue, aor: `${user}@${domain}`, credentials: { user, realm: domain, password } };
  const sent = { method: "REGISTER", from: phone.aor, to: phone.aor, uri: `sip:${domain}` };
  const answered = await phone.request(sent, phone.credentials);
  if (statusOf(answered) !== 200) throw new Error(`REGISTER: ${answered.line}`);
  idle(phone);
  return phone;
}

const method = (request: Message): string => request.line.split(" ")[0] ?? "";
const contact = (phone: Rogue): string[] => [`Contact: <sip:phone@127.0.0.1:${phone.port}>`];

export function idle(phone: Rogue): void {
  phone.answerWith((request) =>
    method(request) === "ACK" ? undefined : response(request, method(request) === "INVITE" ? "486 Busy" : "200 OK"),
  );
}

/** Takes every call; with its audio at that port, if one is given. */
export function takesCalls(phone: Rogue, audioPort?: number): void {
  phone.answerWith((request) => {
    if (method(request) === "ACK") return undefined;
    return method(request) === "INVITE"
      ? response(request, "200 OK", contact(phone), audioPort === undefined || sdpAt(audioPort))
      : response(request, "200 OK");
  });
}

/** Rings until the caller gives up. */
export function rings(phone: Rogue): void {
  let invite: Message | undefined;
  phone.answerWith((request) => {
    if (method(request) === "ACK") return undefined;
    if (method(request) === "INVITE") {
      invite = request;
      return response(request, "180 Ringing", contact(phone));
    }
    if (method(request) === "CANCEL" && invite) phone.send(response(invite, "487 Request Terminated"));
    return response(request, "200 OK");
  });
}

export type Talk = {
  status: number;
  callId: string;
  /** Within the call; answers are not waited for. */
  send(method: string, headers?: string[]): void;
  /** What names this call in a Replaces header within a Refer-To. */
  replaces: string;
  /** Where FreeSWITCH listens. */
  audioPort: number;
};

/** Calls `to` and waits for the final answer. */
export async function call(phone: Phone, to: string, headers: string[] = [], more: Partial<Sent> = {}): Promise<Talk> {
  const sent = { method: "INVITE", from: phone.aor, to: `${to}@${phone.credentials.realm}`, headers, ...more };
  const answered = await phone.request(sent, phone.credentials);
  const target = /<([^>]+)>/.exec(answered.headers.get("contact") ?? "")?.[1] ?? "";
  const kept = ["from", "to", "call-id"].map((name) => `${name}: ${answered.headers.get(name)}`);
  const tag = (name: string) => /;tag=([^;]+)/.exec(answered.headers.get(name) ?? "")?.[1] ?? "";
  const callId = answered.headers.get("call-id") ?? "";
  let cseq = 2;
  const send = (name: string, more: string[] = []) => {
    if (name !== "ACK") cseq += 1;
    const via = `Via: SIP/2.0/${phone.transport} 127.0.0.1:${phone.port};rport;branch=z9hG4bK${randomBytes(6).toString("hex")}`;
    const routes = routesOf(answered).reverse();
    const rest = ["Max-Forwards: 70", ...routes, ...contact(phone), ...more, "Content-Length: 0", "", ""];
    phone.send([`${name} ${target} SIP/2.0`, via, ...kept, `CSeq: ${cseq} ${name}`, ...rest].join("\r\n"));
  };
  if (statusOf(answered) === 200) send("ACK");
  const replaces = `Replaces=${encodeURIComponent(`${callId};to-tag=${tag("to")};from-tag=${tag("from")}`)}`;
  return { status: statusOf(answered), callId, send, replaces, audioPort: audioPortOf(answered) };
}

export const requestsOf = (phone: Rogue, name: string): Message[] =>
  phone.requests.filter((request) => method(request) === name);
