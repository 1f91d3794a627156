// What FreeSWITCH tells, as the rest of the driver reads it, decoded by modesl's parser. One frame at a time, so that the parser can neither recurse nor
// wait for more; what it throws ends here.
import { EventEmitter } from "node:events";
import modesl, { type Event, type Parser } from "modesl";
import { type Frame, HostileStream } from "./framer.ts";

export type EslEvent = {
  /** `CHANNEL_CREATE`, `CUSTOM`, … */
  name: string;
  /** `sofia::register`, … */
  subclass: string | undefined;
  /** Values as strings; an array is written as FreeSWITCH itself writes it elsewhere: `ARRAY::one|:two`. */
  headers: Record<string, string>;
  body: string | undefined;
};

/** modesl looks up each header in all earlier ones, so their number is bounded. FreeSWITCH sends about 300. A small body can't hold more. */
const mostHeaders = 5000;
const smallBytes = 32 * 1024;

/** Returns a function from a frame to its event or reply. It throws HostileStream for what can't be read at all. */
export function createDecoder(): (frame: Frame) => EslEvent {
  let reader = createReader();
  return (frame) => {
    if (frame.contentType === "text/event-json" && holdsMore(frame.body, mostHeaders))
      throw new HostileStream(`more than ${mostHeaders} headers`);
    try {
      return simplify(reader(frame.headers, frame.body));
    } catch (error) {
      // nobody promises what a parser holds that threw
      reader = createReader();
      if (error instanceof URIError) return simplify(reader(undecoded(frame.headers), frame.body));
      throw new HostileStream(error instanceof Error ? error.message : String(error));
    }
  };
}

function createReader(): (headers: string, body: Buffer) => Event {
  const socket = new EventEmitter();
  const parser: Parser = new modesl.Parser(socket);
  let event: Event | undefined;
  let flaw: unknown;
  parser.on("esl::event", (parsed) => {
    event = parsed;
  });
  parser.on("error", (error) => {
    flaw = error;
  });
  return (headers, body) => {
    event = flaw = undefined;
    socket.emit("data", Buffer.from(`${headers}\n\n`));
    if (body.length > 0) socket.emit("data", body);
    if (flaw) throw flaw;
    if (!event) throw new Error("a message without an end");
    return event;
  };
}

/** The headers so that decodeURIComponent gives a line that it can't decode back as it is. */
function undecoded(headers: string): string {
  const lines = headers.split("\n").map((line) => {
    try {
      decodeURIComponent(line);
      return line;
    } catch {
      return line.replaceAll("%", "%25");
    }
  });
  return lines.join("\n");
}

function simplify(event: Event): EslEvent {
  const headers: Record<string, string> = Object.create(null);
  for (const { name, value } of event.headers) {
    if (typeof value === "string") headers[name] = value;
    else if (typeof value === "number") headers[name] = String(value);
    else if (Array.isArray(value))
      headers[name] = `ARRAY::${value.filter((item) => typeof item === "string").join("|:")}`;
  }
  const body = typeof event.body === "string" && event.body !== "" ? event.body : undefined;
  return { name: headers["Event-Name"] ?? "", subclass: headers["Event-Subclass"], headers, body };
}

function holdsMore(json: Buffer, most: number): boolean {
  if (json.length < smallBytes) return false;
  let count = 0;
  for (let at = json.indexOf('":'); at !== -1; at = json.indexOf('":', at + 2)) if (++count > most) return true;
  return false;
}
