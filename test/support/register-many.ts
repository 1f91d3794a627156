// Many phones that register at once over one socket of loopback: each with a digest of its own, some contacts each.
import { createHash, randomBytes } from "node:crypto";
import { createSocket } from "node:dgram";
import type { Phone } from "./pbx.ts";
import { parseSip, statusOf } from "./sip.ts";

const md5 = (text: string): string => createHash("md5").update(text).digest("hex");

export type Registered = { ok: number; failed: number[]; seconds: number };

/** Registers `contacts` contacts of each phone, `atOnce` phones at a time, and says how it went: the statuses of what failed, 0 for no answer. */
export async function registerMany(
  server: number,
  phones: readonly Phone[],
  { contacts = 1, atOnce = 40, expires = 3600 } = {},
): Promise<Registered> {
  const socket = createSocket("udp4");
  await new Promise<void>((resolve) => socket.bind(0, "127.0.0.1", resolve));
  const { port } = socket.address();
  const waiting = new Map<string, (status: number, nonce: string) => void>();
  socket.on("message", (data) => {
    const message = parseSip(data.toString("latin1"));
    const nonce = /nonce="([^"]+)"/.exec(message.headers.get("www-authenticate") ?? "")?.[1] ?? "";
    waiting.get(`${message.headers.get("call-id")} ${message.headers.get("cseq")}`)?.(statusOf(message), nonce);
  });

  function send(callId: string, cseq: number, lines: string[]): Promise<{ status: number; nonce: string }> {
    const via = `Via: SIP/2.0/UDP 127.0.0.1:${port};rport;branch=z9hG4bK${randomBytes(6).toString("hex")}`;
    const [first = "", ...rest] = lines;
    const more = [`Call-ID: ${callId}`, `CSeq: ${cseq} REGISTER`, "Max-Forwards: 70", "Content-Length: 0", "", ""];
    const text = [first, via, ...rest, ...more].join("\r\n");
    return new Promise((resolve) => {
      const key = `${callId} ${cseq} REGISTER`;
      const again = setInterval(() => socket.send(text, server, "127.0.0.1"), 1000);
      const timer = setTimeout(() => done(0, ""), 8000);
      function done(status: number, nonce: string): void {
        clearInterval(again);
        clearTimeout(timer);
        waiting.delete(key);
        resolve({ status, nonce });
      }
      waiting.set(key, done);
      socket.send(text, server, "127.0.0.1");
    });
  }

  async function registerOne({ user, domain, password }: Phone): Promise<number[]> {
    const callId = randomBytes(8).toString("hex");
    const uri = `sip:${domain}`;
    const head = [
      `REGISTER ${uri} SIP/2.0`,
      `From: <sip:${user}@${domain}>;tag=${callId}`,
      `To: <sip:${user}@${domain}>`,
    ];
    const statuses: number[] = [];
    let cseq = 0;
    let nonce = "";
    let nc = 0;
    for (let contact = 0; contact < contacts; contact++) {
      const own = [...head, `Contact: <sip:${user}.${contact}@127.0.0.1:${port}>;expires=${expires}`];
      let status = 0;
      // a nonce may be too old, or its count seen before where an answer was lost
      for (let tries = 0; tries < 4 && status !== 200; tries++) {
        const count = String(++nc).padStart(8, "0");
        const ha = [md5(`${user}:${domain}:${password}`), nonce, count, "c", "auth", md5(`REGISTER:${uri}`)].join(":");
        const digest = `Authorization: Digest username="${user}", realm="${domain}", nonce="${nonce}", uri="${uri}", response="${md5(ha)}", algorithm=MD5, qop=auth, nc=${count}, cnonce="c"`;
        const answer = await send(callId, ++cseq, nonce === "" ? own : [...own, digest]);
        status = answer.status;
        if (status !== 401) break;
        nonce = answer.nonce;
        nc = 0;
      }
      statuses.push(status);
    }
    return statuses;
  }

  const began = performance.now();
  const left = [...phones];
  const statuses: number[] = [];
  const worker = async () => {
    for (let phone = left.pop(); phone; phone = left.pop()) statuses.push(...(await registerOne(phone)));
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  socket.close();
  const failed = statuses.filter((status) => status !== 200);
  return { ok: statuses.length - failed.length, failed, seconds: (performance.now() - began) / 1000 };
}
