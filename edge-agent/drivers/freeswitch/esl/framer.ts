// Cuts the event socket's byte stream into whole messages, so that modesl's parser only ever sees one complete message of bounded size. Iterative, and
// it copies a byte at most twice, whatever the chunks.

export type Frame = { headers: string; contentType: string; body: Buffer };

/** What FreeSWITCH never sends. After it the stream can't be trusted: drop the connection. */
export class HostileStream extends Error {}

export type Limits = { headerBytes: number; bodyBytes: number; replyBytes: number };

/** Answers to our own commands (all registrations of a large host) may be larger than events. */
const defaults: Limits = { headerBytes: 64 * 1024, bodyBytes: 8 * 1024 * 1024, replyBytes: 64 * 1024 * 1024 };

type Head = { headers: string; contentType: string; bodyBytes: number };

/** Returns `push`, which takes chunks as they come and calls back with each message. Throws HostileStream. */
export function createFramer(onFrame: (frame: Frame) => void, limits: Limits = defaults): (chunk: Buffer) => void {
  let chunks: Buffer[] = [];
  let size = 0;
  let head: Head | undefined;
  /** Up to here the bytes hold no end of headers. */
  let searched = 0;

  function joined(): Buffer {
    const [only] = chunks;
    const whole = chunks.length === 1 && only ? only : Buffer.concat(chunks, size);
    chunks = [whole];
    return whole;
  }

  function keep(rest: Buffer): void {
    chunks = rest.length > 0 ? [rest] : [];
    size = rest.length;
    searched = 0;
  }

  /** Takes one more part, headers or body, from what has come; false if there is too little. */
  function advance(): boolean {
    if (head) {
      if (size < head.bodyBytes) return false;
      const whole = joined();
      const { headers, contentType, bodyBytes } = head;
      head = undefined;
      keep(whole.subarray(bodyBytes));
      onFrame({ headers, contentType, body: whole.subarray(0, bodyBytes) });
      return true;
    }
    if (size === 0) return false;
    const whole = joined();
    const end = whole.indexOf("\n\n", searched);
    if (end > limits.headerBytes || (end === -1 && size > limits.headerBytes))
      throw new HostileStream("endless headers");
    searched = Math.max(0, size - 1);
    if (end === -1) return false;
    head = readHead(whole.toString("utf8", 0, end), limits);
    keep(whole.subarray(end + 2));
    return true;
  }

  return (chunk) => {
    if (chunk.length === 0) return;
    chunks.push(chunk);
    size += chunk.length;
    while (advance());
  };
}

function readHead(headers: string, limits: Limits): Head {
  let contentType = "";
  let bodyBytes = 0;
  for (const line of headers.split("\n")) {
    if (line.startsWith("Content-Type: ")) contentType = line.slice("Content-Type: ".length);
    if (!/^content-length/i.test(line)) continue;
    const digits = /^Content-Length: (\d{1,9})$/.exec(line)?.[1];
    if (digits === undefined || bodyBytes > 0) throw new HostileStream(`not a length: ${line.slice(0, 60)}`);
    bodyBytes = Number(digits);
  }
  const most = contentType === "api/response" ? limits.replyBytes : limits.bodyBytes;
  if (bodyBytes > most) throw new HostileStream(`a body of ${bodyBytes} bytes`);
  return { headers, contentType, bodyBytes };
}
