// Stands for a FreeSWITCH that takes calls: answers each at once, up to so many a second, and pings. UDP, loopback.
import { createSocket } from "node:dgram";

export type AnsweringHost = Awaited<ReturnType<typeof openAnsweringHost>>;

/** What comes over `perSecond` is refused with 503, as by a host that is full. */
export async function openAnsweringHost(perSecond = Number.POSITIVE_INFINITY, wanted = 0) {
  const socket = createSocket({ type: "udp4", recvBufferSize: 4 << 20 });
  await new Promise<void>((resolve) => socket.bind(wanted, "127.0.0.1", resolve));
  const { port } = socket.address();
  let left = perSecond / 4;
  let filled = performance.now();
  const taken = new Map<string, number>();
  let open = true;

  /** A quarter of a second's calls may come at once. */
  function hasRoom(): boolean {
    if (perSecond === Number.POSITIVE_INFINITY) return true;
    const now = performance.now();
    left = Math.min(perSecond / 4, left + ((now - filled) * perSecond) / 1000);
    filled = now;
    if (left < 1) return false;
    left -= 1;
    return true;
  }

  socket.on("message", (data, { port: from }) => {
    const text = data.toString("latin1");
    const method = text.slice(0, text.indexOf(" "));
    if (method === "ACK" || method === "SIP/2.0") return;
    const callId = /\r\nCall-ID: ([^\r]*)/i.exec(text)?.[1] ?? "";
    const reply = (status: string, body = "") => socket.send(answer(text, status, port, body), from, "127.0.0.1");
    if (method !== "INVITE") return reply("200 OK");
    // one that comes again is the same call
    if (!taken.has(callId) && !hasRoom()) return reply("503 Full");
    if (!taken.has(callId)) taken.set(callId, performance.now());
    reply("100 Trying");
    reply("200 OK", sdp);
  });

  return {
    port,
    /** When each call came, by `performance.now()`. */
    taken: (): number[] => [...taken.values()],
    /** As a process that is killed: what comes afterwards is refused by the system. A second time does nothing. */
    close(): void {
      if (open) socket.close();
      open = false;
    },
  };
}

const copied = ["Via", "Record-Route", "From", "Call-ID", "CSeq"];

function answer(request: string, status: string, port: number, body: string): string {
  const lines = request.slice(0, request.indexOf("\r\n\r\n")).split("\r\n");
  const named = (name: string) => lines.filter((line) => line.startsWith(`${name}: `));
  const [to = ""] = named("To");
  const tagged = to.includes(";tag=") ? to : `${to};tag=h${port}`;
  const own = body === "" ? [] : [`Contact: <sip:host@127.0.0.1:${port}>`, "Content-Type: application/sdp"];
  const head = [`SIP/2.0 ${status}`, ...copied.flatMap(named), tagged, ...own, `Content-Length: ${body.length}`];
  return [...head, "", body].join("\r\n");
}

const sdp =
  "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio 40002 RTP/AVP 0\r\na=rtpmap:0 PCMU/8000\r\na=sendrecv\r\n";
