// A phone that does what no phone should: sends any SIP request in anybody's name, with whatever credentials, and answers as it likes. UDP, loopback.
import { createHash, randomBytes } from "node:crypto";
import { createSocket } from "node:dgram";

const md5 = (text: string): string => createHash("md5").update(text).digest("hex");
const token = (): string => randomBytes(6).toString("hex");

export type Message = { line: string; headers: Map<string, string>; body: string; text: string };
export type Credentials = { user: string; realm: string; password: string };

export type Sent = {
  method: string;
  /** As in `1001@acme.test`. */
  from: string;
  to: string;
  /** The request URI; that of To by default. */
  uri?: string;
  /** More headers, each a line. */
  headers?: string[];
  /** An INVITE has an offer of its own by default; null: none. */
  body?: string | null;
  contact?: string;
  fromHeader?: string;
  callId?: string;
  /** Of a request within a dialog; a fresh `fromTag` by default. */
  fromTag?: string;
  toTag?: string;
  /** So long a final response may take; 8 s by default. */
  withinMs?: number;
};

export type Rogue = Awaited<ReturnType<typeof openPhone>>;

export function parseSip(text: string): Message {
  const [head = "", body = ""] = text.split("\r\n\r\n", 2);
  const [line = "", ...lines] = head.split("\r\n");
  const headers = new Map<string, string>();
  for (const each of lines) {
    const colon = each.indexOf(":");
    const name = each.slice(0, colon).trim().toLowerCase();
    if (!headers.has(name)) headers.set(name, each.slice(colon + 1).trim());
  }
  return { line, headers, body, text };
}

export const statusOf = (message: Message): number => Number(/^SIP\/2\.0 (\d{3})/.exec(message.line)?.[1] ?? 0);

/** What a phone's messages travel by. `port`: its own; `from`: that of whoever sent. */
export type Wire = {
  transport: "UDP" | "TCP" | "TLS" | "WSS";
  port: number;
  send(text: string, to?: number): void;
  onMessage(take: (text: string, from: number) => void): void;
  close(): void;
};

async function udp(server: number): Promise<Wire> {
  const socket = createSocket("udp4");
  await new Promise<void>((resolve) => socket.bind(0, "127.0.0.1", resolve));
  return {
    transport: "UDP",
    port: socket.address().port,
    send: (text, to = server) => socket.send(text, to, "127.0.0.1"),
    onMessage: (take) => void socket.on("message", (data, { port }) => take(data.toString("utf8"), port)),
    close: () => socket.close(),
  };
}

/** `server`: the engine's port, over UDP, or another way to it. */
export async function openPhone(server: number | Wire) {
  const wire = typeof server === "number" ? await udp(server) : server;
  const { port, transport } = wire;
  const requests: Message[] = [];
  const waiting = new Map<string, (response: Message) => void>();
  let answer: (request: Message) => string | undefined = () => undefined;
  let answeredFrom = 0;

  wire.onMessage((text, source) => {
    const message = parseSip(text);
    if (message.line.startsWith("SIP/2.0")) {
      if (statusOf(message) < 200) return;
      answeredFrom = source;
      waiting.get(keyOf(message))?.(message);
      return;
    }
    requests.push(message);
    const reply = answer(message);
    if (reply !== undefined) wire.send(reply, source);
  });

  const keyOf = (message: Message) => `${message.headers.get("call-id")} ${message.headers.get("cseq")}`;
  const send = (text: string) => wire.send(text);

  /** Sends it and resolves with the final response; throws where none comes in time. */
  function transact(
    sent: Sent,
    callId: string,
    cseq: number,
    tags: { from: string },
    more: string[],
  ): Promise<Message> {
    const { method, from, to, uri = `sip:${to}`, headers = [], body = "", contact, fromHeader, withinMs = 8000 } = sent;
    const lines = [
      `${method} ${uri} SIP/2.0`,
      `Via: SIP/2.0/${transport} 127.0.0.1:${port};rport;branch=z9hG4bK${token()}`,
      `From: ${fromHeader ?? `<sip:${from}>`};tag=${tags.from}`,
      `To: <sip:${to}>${sent.toTag ? `;tag=${sent.toTag}` : ""}`,
      `Call-ID: ${callId}`,
      `CSeq: ${cseq} ${method}`,
      `Contact: ${contact ?? `<sip:${from.split("@")[0]}@127.0.0.1:${port}>`}`,
      "Max-Forwards: 70",
      ...headers,
      ...more,
      ...(method === "INVITE" && body !== null ? ["Content-Type: application/sdp"] : []),
    ];
    const content = (method === "INVITE" && body === "" ? sdp : body) ?? "";
    lines.push(`Content-Length: ${Buffer.byteLength(content)}`, "", content);
    const text = lines.join("\r\n");
    return new Promise((resolve, reject) => {
      const key = `${callId} ${cseq} ${method}`;
      const again = setInterval(() => send(text), 1000);
      const timer = setTimeout(() => done(undefined), withinMs);
      function done(response: Message | undefined): void {
        clearInterval(again);
        clearTimeout(timer);
        waiting.delete(key);
        if (response === undefined) reject(new Error(`no answer to ${method}`));
        else resolve(response);
      }
      waiting.set(key, (response) => {
        if (method === "INVITE" && statusOf(response) >= 300) send(ack(text, response));
        done(response);
      });
      send(text);
    });
  }

  return {
    port,
    transport,
    requests,
    /** The port of the last final response. */
    answeredFrom: () => answeredFrom,
    /** How it answers requests: with a whole message, or not at all. */
    answerWith: (how: (request: Message) => string | undefined) => {
      answer = how;
    },
    send,
    /** Sends a request; to a challenge it answers with these credentials, whatever realm was asked for. */
    async request(sent: Sent, credentials?: Credentials): Promise<Message> {
      const callId = sent.callId ?? `${token()}@127.0.0.1`;
      const tags = { from: sent.fromTag ?? token() };
      const first = await transact(sent, callId, 1, tags, []);
      const status = statusOf(first);
      if (credentials === undefined || (status !== 401 && status !== 407)) return first;
      const uri = sent.uri ?? `sip:${sent.to}`;
      return transact(sent, callId, 2, tags, [authorization(first, sent.method, uri, credentials)]);
    },
    close: () => wire.close(),
  };
}

/** What a phone offers whose audio is at that port. */
export const sdpAt = (port: number): string =>
  [
    ...["v=0", "o=test 1 1 IN IP4 127.0.0.1", "s=-", "c=IN IP4 127.0.0.1", "t=0 0", `m=audio ${port} RTP/AVP 0`],
    ...["a=rtpmap:0 PCMU/8000", ""],
  ].join("\r\n");
const sdp = sdpAt(40_000);

/** Where the other side's audio is. */
export const audioPortOf = ({ body }: Message): number => Number(/^m=audio (\d+)/m.exec(body)?.[1]);

function authorization(
  challenge: Message,
  method: string,
  uri: string,
  { user, realm, password }: Credentials,
): string {
  const proxy = statusOf(challenge) === 407;
  const header = challenge.headers.get(proxy ? "proxy-authenticate" : "www-authenticate") ?? "";
  const nonce = /nonce="([^"]+)"/.exec(header)?.[1] ?? "";
  const [nc, cnonce] = ["00000001", token()];
  const parts = [md5(`${user}:${realm}:${password}`), nonce, nc, cnonce, "auth", md5(`${method}:${uri}`)];
  const fields = `username="${user}", realm="${realm}", nonce="${nonce}", uri="${uri}", response="${md5(parts.join(":"))}"`;
  return `${proxy ? "Proxy-" : ""}Authorization: Digest ${fields}, algorithm=MD5, qop=auth, nc=${nc}, cnonce="${cnonce}"`;
}

/** The ACK of a refused INVITE, in the INVITE's own transaction (RFC 3261, 17.1.1.3). */
function ack(invite: string, response: Message): string {
  const { line, headers } = parseSip(invite);
  const kept = ["via", "from", "call-id", "max-forwards"].map((name) => `${name}: ${headers.get(name)}`);
  return [
    line.replace("INVITE", "ACK"),
    ...kept,
    `To: ${response.headers.get("to")}`,
    `CSeq: ${headers.get("cseq")?.replace("INVITE", "ACK")}`,
    "Content-Length: 0",
    "",
    "",
  ].join("\r\n");
}

/** A response to `request`; with SDP, the given one or one that says something, for a call that is taken. */
export function response(
  request: Message,
  status: string,
  headers: string[] = [],
  withSdp: boolean | string = false,
): string {
  // as many as it came through
  const copied = request.text.split("\r\n\r\n", 1)[0]?.match(/^(via|from|call-id|cseq|record-route)\s*:.*$/gim) ?? [];
  const to = request.headers.get("to") ?? "";
  const tagged = to.includes(";tag=") ? to : `${to};tag=rogue`;
  const content = withSdp === true ? sdp : withSdp || "";
  const type = withSdp ? ["Content-Type: application/sdp"] : [];
  const length = `Content-Length: ${Buffer.byteLength(content)}`;
  return [`SIP/2.0 ${status}`, ...copied, `To: ${tagged}`, ...headers, ...type, length, "", content].join("\r\n");
}

/** What a phone offers that puts the other side on hold (RFC 3264), or takes it back. */
export const offer = (direction: "sendonly" | "sendrecv"): string =>
  sdp.replace("o=test 1 1", "o=test 1 2").replace("a=rtpmap", `a=${direction}\r\na=rtpmap`);

/** The way that a dialog's first message came, as Route headers for its callee; for its caller they are the other way round. */
export const routesOf = ({ text }: Message): string[] =>
  [...(text.split("\r\n\r\n", 1)[0] ?? "").matchAll(/^record-route\s*:\s*(.*)$/gim)].map(([, way]) => `Route: ${way}`);

/** A request within the dialog that `invite` began at its callee: from that callee. */
export function inDialog(
  invite: Message,
  method: string,
  cseq: number,
  port: number,
  headers: string[],
  body = "",
): string {
  const target = /<([^>]+)>/.exec(invite.headers.get("contact") ?? "")?.[1] ?? "";
  return [
    `${method} ${target} SIP/2.0`,
    `Via: SIP/2.0/UDP 127.0.0.1:${port};rport;branch=z9hG4bK${token()}`,
    `From: ${invite.headers.get("to")};tag=rogue`,
    `To: ${invite.headers.get("from")}`,
    `Call-ID: ${invite.headers.get("call-id")}`,
    `CSeq: ${cseq} ${method}`,
    `Contact: <sip:rogue@127.0.0.1:${port}>`,
    "Max-Forwards: 70",
    ...routesOf(invite),
    ...headers,
    ...(body === "" ? [] : ["Content-Type: application/sdp"]),
    `Content-Length: ${Buffer.byteLength(body)}`,
    "",
    body,
  ].join("\r\n");
}
