// A crowd of phones on one socket of loopback, cheap enough to load a proxy with: they register and make calls, each with a digest of its own, repeat what is
// not answered as RFC 3261 has it, and count what came of it.
import { hash } from "node:crypto";
import { createSocket } from "node:dgram";

/** `ha1`: MD5 of `user:domain:password`. */
export type Account = { user: string; domain: string; ha1: string };
/** A device of an account: what it remembers between two requests. */
export type Device = Account & { callId: string; cseq: number; nonce: string; nc: number };
/** Times are of `performance.now()`. `status`: of the INVITE; 0: no answer. `ended`: its BYE was answered. */
export type Call = { domain: string; began: number; answered: number; status: number; ended: boolean };
export type Crowd = Awaited<ReturnType<typeof openCrowd>>;

type Answer = { status: number; text: string };
type Waiting = { cseq: string; send(): void; again: number; every: number; until: number; done(answer: Answer): void };

const firstAgainMs = 500;
const longestAgainMs = 4000;
let named = 0;

export const newDevice = (account: Account): Device => ({
  ...account,
  callId: `${process.pid}-${(named++).toString(36)}`,
  cseq: 0,
  nonce: "",
  nc: 0,
});

/** `server`: where they send to. `patienceMs`: so long a final answer may take. */
export async function openCrowd(server: number, { patienceMs = 8000 } = {}) {
  const socket = createSocket({ type: "udp4", recvBufferSize: 4 << 20 });
  await new Promise<void>((resolve) => socket.bind(0, "127.0.0.1", resolve));
  const { port } = socket.address();
  const waiting = new Map<string, Waiting>();
  let branches = 0;

  socket.on("message", (data) => {
    const text = data.toString("latin1");
    const status = Number(text.slice(8, 11));
    const key = headerOf(text, "Call-ID");
    const one = waiting.get(key);
    if (!one || headerOf(text, "CSeq") !== one.cseq) return;
    // it is heard: from now on nothing is repeated
    if (status < 200) one.again = Number.POSITIVE_INFINITY;
    else one.done({ status, text });
  });
  const repeating = setInterval(() => {
    const now = performance.now();
    for (const one of waiting.values()) {
      if (now > one.until) one.done({ status: 0, text: "" });
      if (now < one.again) continue;
      one.every = Math.min(one.every * 2, longestAgainMs);
      one.again = now + one.every;
      one.send();
    }
  }, 50);

  /** Resolves with the final answer. */
  function ask(method: string, uri: string, callId: string, cseq: number, headers: string, body = ""): Promise<Answer> {
    const branch = `z9hG4bK${process.pid}.${(branches++).toString(36)}`;
    const text = `${method} ${uri} SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:${port};rport;branch=${branch}\r\n${headers}Call-ID: ${callId}\r\nCSeq: ${cseq} ${method}\r\nMax-Forwards: 70\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
    const now = performance.now();
    return new Promise((resolve) => {
      const one: Waiting = {
        cseq: `${cseq} ${method}`,
        send: () => socket.send(text, server, "127.0.0.1"),
        ...{ again: now + firstAgainMs, every: firstAgainMs, until: now + patienceMs },
        done(answer) {
          waiting.delete(callId);
          if (method === "INVITE" && answer.status >= 300) acknowledge(answer.text, branch);
          resolve(answer);
        },
      };
      waiting.set(callId, one);
      one.send();
    });

    /** What is no 2xx is acknowledged hop by hop (RFC 3261, 17.1.1.3). */
    function acknowledge(answer: string, of: string): void {
      const names = ["From", "To"].map((name) => `${name}: ${headerOf(answer, name)}\r\n`).join("");
      const head = `ACK ${uri} SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:${port};rport;branch=${of}\r\n${names}`;
      socket.send(
        `${head}Call-ID: ${callId}\r\nCSeq: ${cseq} ACK\r\nMax-Forwards: 70\r\nContent-Length: 0\r\n\r\n`,
        server,
        "127.0.0.1",
      );
    }
  }

  function digest(device: Device, method: string, uri: string): string {
    if (device.nonce === "") return "";
    const count = (++device.nc).toString(16).padStart(8, "0");
    const response = md5(`${device.ha1}:${device.nonce}:${count}:c:auth:${md5(`${method}:${uri}`)}`);
    const header = method === "REGISTER" ? "Authorization" : "Proxy-Authorization";
    return `${header}: Digest username="${device.user}", realm="${device.domain}", nonce="${device.nonce}", uri="${uri}", response="${response}", algorithm=MD5, qop=auth, nc=${count}, cnonce="c"\r\n`;
  }

  /** Asked for a digest it gives one, once: a device without a nonce, or one whose nonce is too old. */
  async function authenticated(
    device: Device,
    method: string,
    uri: string,
    callId: string,
    headers: string,
    body = "",
  ): Promise<Answer> {
    const send = () => ask(method, uri, callId, ++device.cseq, headers + digest(device, method, uri), body);
    const answer = await send();
    if (answer.status !== 401 && answer.status !== 407) return answer;
    device.nonce = /nonce="([^"]+)"/.exec(answer.text)?.[1] ?? "";
    device.nc = 0;
    return send();
  }

  return {
    /** The REGISTER's status. A device that has a nonce goes on with it. */
    async register(device: Device, expires = 3600): Promise<number> {
      const { user, domain, callId } = device;
      const names = `From: <sip:${user}@${domain}>;tag=${callId}\r\nTo: <sip:${user}@${domain}>\r\n`;
      const contact = `Contact: <sip:${user}-${callId}@127.0.0.1:${port}>;expires=${expires}\r\n`;
      return (await authenticated(device, "REGISTER", `sip:${domain}`, callId, names + contact)).status;
    },

    /** Calls `to` within the tenant, stays in the call for so long once it is answered, and hangs up. */
    async call(device: Device, to: string, holdMs = 0): Promise<Call> {
      const { user, domain } = device;
      const callId = `${device.callId}.${(named++).toString(36)}`;
      const uri = `sip:${to}@${domain}`;
      const from = `From: <sip:${user}@${domain}>;tag=${callId}\r\n`;
      const contact = `Contact: <sip:${user}@127.0.0.1:${port}>\r\n`;
      const headers = `${from}To: <${uri}>\r\n${contact}Content-Type: application/sdp\r\n`;
      const call: Call = { domain, began: performance.now(), answered: 0, status: 0, ended: false };
      const { status, text } = await authenticated(device, "INVITE", uri, callId, headers, sdp);
      call.answered = performance.now();
      call.status = status;
      if (status !== 200) return call;
      const { cseq } = device;
      const target = /<([^>]+)>/.exec(headerOf(text, "Contact"))?.[1] ?? "";
      const dialog = `${routesOf(text)}${from}To: ${headerOf(text, "To")}\r\n`;
      const ack = `ACK ${target} SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:${port};rport;branch=z9hG4bK${process.pid}.${(branches++).toString(36)}\r\n`;
      socket.send(
        `${ack}${dialog}Call-ID: ${callId}\r\nCSeq: ${cseq} ACK\r\nMax-Forwards: 70\r\nContent-Length: 0\r\n\r\n`,
        server,
        "127.0.0.1",
      );
      if (holdMs > 0) await new Promise((resume) => setTimeout(resume, holdMs));
      call.ended = (await ask("BYE", target, callId, ++device.cseq, dialog)).status === 200;
      return call;
    },

    close(): void {
      clearInterval(repeating);
      socket.close();
    },
  };
}

/** Begins so many a second for so long, whatever becomes of them; resolves with what they came to. */
export async function atRate<T>(perSecond: number, seconds: number, begin: (n: number) => Promise<T>): Promise<T[]> {
  const started = performance.now();
  const begun: Promise<T>[] = [];
  await new Promise<void>((resolve) => {
    const timer = setInterval(() => {
      const passed = Math.min(seconds, (performance.now() - started) / 1000);
      while (begun.length < Math.floor(passed * perSecond)) begun.push(begin(begun.length));
      if (passed < seconds) return;
      clearInterval(timer);
      resolve();
    }, 4);
  });
  return Promise.all(begun);
}

const md5 = (text: string): string => hash("md5", text, "hex");

/** The first header of that name, as it is written. */
function headerOf(text: string, name: string): string {
  const at = text.indexOf(`\r\n${name}: `);
  return at < 0 ? "" : text.slice(at + name.length + 4, text.indexOf("\r\n", at + 2));
}

/** What a 200 recorded, in the caller's order. */
function routesOf(text: string): string {
  const found = [...text.matchAll(/\r\nRecord-Route: ([^\r]*)/g)].flatMap(([, value = ""]) => value.split(/,\s*(?=<)/));
  return found
    .reverse()
    .map((route) => `Route: ${route}\r\n`)
    .join("");
}

const sdp =
  "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio 40000 RTP/AVP 0 8 101\r\na=rtpmap:0 PCMU/8000\r\na=rtpmap:8 PCMA/8000\r\na=rtpmap:101 telephone-event/8000\r\na=sendrecv\r\n";
