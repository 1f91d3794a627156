// Somebody at an address of loopback's network who sends SIP over UDP, text by text, and hears what comes back: for what depends on where it comes from.
import { createHash, randomBytes } from "node:crypto";
import { createSocket } from "node:dgram";
import type { Phone } from "./pbx.ts";
import { type Message, parseSip, statusOf } from "./sip.ts";

const md5 = (text: string): string => createHash("md5").update(text).digest("hex");
const token = (): string => randomBytes(6).toString("hex");

export type Source = Awaited<ReturnType<typeof openSource>>;
/** Of a digest: the nonce and which time it is used; 0: not counted and without qop, as in RFC 2069. */
export type Nonce = { nonce: string; count: number };

/** `server`: the engine's port on 127.0.0.1, or on ::1 for an address of IPv6. */
export async function openSource(server: number, address: string) {
  const isIpv6 = address.includes(":");
  const socket = createSocket(isIpv6 ? "udp6" : "udp4");
  const named = isIpv6 ? `[${address}]` : address;
  await new Promise<void>((resolve) => socket.bind(0, address, resolve));
  const { port } = socket.address();
  const waiting = new Map<string, (answer: Message) => void>();
  const requests: Message[] = [];
  let heard = 0;
  let next: ((status: number) => void) | undefined;
  socket.on("message", (data) => {
    heard += 1;
    const message = parseSip(data.toString("latin1"));
    if (!message.line.startsWith("SIP/2.0")) requests.push(message);
    else if (statusOf(message) >= 200) {
      next?.(statusOf(message));
      waiting.get(message.headers.get("call-id") ?? "")?.(message);
    }
  });
  const send = (text: string | Buffer): void => socket.send(text, server, isIpv6 ? "::1" : "127.0.0.1");

  /** Sends it, and again every half second; resolves with the final answer, or with undefined where none comes within the time. */
  function ask(text: string, withinMs = 5000): Promise<Message | undefined> {
    const callId = parseSip(text).headers.get("call-id") ?? "";
    return new Promise((resolve) => {
      const again = setInterval(() => send(text), 500);
      const timer = setTimeout(() => done(undefined), withinMs);
      function done(answer: Message | undefined): void {
        clearInterval(again);
        clearTimeout(timer);
        waiting.delete(callId);
        resolve(answer);
      }
      waiting.set(callId, done);
      send(text);
    });
  }

  /** A request of the phone, with a digest where a nonce is given. */
  function text(method: string, phone: Phone, nonce?: Nonce, more: readonly string[] = []): string {
    const { user, domain } = phone;
    const uri = method === "REGISTER" ? `sip:${domain}` : `sip:1002@${domain}`;
    const to = method === "REGISTER" ? `${user}@${domain}` : `1002@${domain}`;
    return [
      `${method} ${uri} SIP/2.0`,
      `Via: SIP/2.0/UDP ${named}:${port};rport;branch=z9hG4bK${token()}`,
      ...[`From: <sip:${user}@${domain}>;tag=${token()}`, `To: <sip:${to}>`, `Call-ID: ${token()}`],
      ...[`CSeq: 1 ${method}`, `Contact: <sip:${user}@${named}:${port}>`, "Max-Forwards: 70"],
      ...(nonce ? [digest(method, uri, phone, nonce)] : []),
      ...[...more, "Content-Length: 0", "", ""],
    ].join("\r\n");
  }

  /** Sends what may be no SIP at all, once: the status of the next final answer to anything; 0 for none within the time. */
  function hears(text: string | Buffer, withinMs: number): Promise<number> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => done(0), withinMs);
      function done(status: number): void {
        clearTimeout(timer);
        next = undefined;
        resolve(status);
      }
      next = done;
      send(text);
    });
  }

  return {
    address,
    port,
    send,
    ask,
    hears,
    text,
    requests,
    /** How many messages came. */
    heard: () => heard,
    /** Asks for a nonce. Undefined where nobody answers. */
    async challenge(method: string, phone: Phone, withinMs?: number): Promise<Nonce | undefined> {
      const answer = await ask(text(method, phone), withinMs);
      return answer && { nonce: nonceOf(answer), count: 1 };
    },
    /** Registers: the status; 0 for no answer. */
    async register(phone: Phone, withinMs?: number): Promise<number> {
      let nonce = await this.challenge("REGISTER", phone, withinMs);
      for (let tries = 1; nonce; tries++) {
        const answer = await ask(text("REGISTER", phone, nonce), withinMs);
        // an answer that was lost used the nonce up
        if (!answer || statusOf(answer) !== 401 || tries === 3) return answer ? statusOf(answer) : 0;
        nonce = { nonce: nonceOf(answer), count: 1 };
      }
      return 0;
    },
    close: () => socket.close(),
  };
}

export const nonceOf = (answer: Message): string =>
  /nonce="([^"]+)"/.exec(
    answer.headers.get("www-authenticate") ?? answer.headers.get("proxy-authenticate") ?? "",
  )?.[1] ?? "";

/** The header, for a request to that URI. */
export function digest(method: string, uri: string, phone: Phone, { nonce, count }: Nonce): string {
  const { user, domain, password } = phone;
  const nc = count.toString(16).padStart(8, "0");
  const counted = count === 0 ? [] : [nc, "c", "auth"];
  const response = md5([md5(`${user}:${domain}:${password}`), nonce, ...counted, md5(`${method}:${uri}`)].join(":"));
  const name = method === "REGISTER" ? "Authorization" : "Proxy-Authorization";
  const more = count === 0 ? "" : `, qop=auth, nc=${nc}, cnonce="c"`;
  return `${name}: Digest username="${user}", realm="${domain}", nonce="${nonce}", uri="${uri}", response="${response}", algorithm=MD5${more}`;
}
