// Kamailio's events over evapi: each comes with its number, is handled in order, and is said to be kept once it is on disk. What was not comes again to
// whoever connects next, so that none is lost with this process. The other side is the part Events of conf/kamailio.cfg.
import { connect, type Socket } from "node:net";
import { z } from "zod";
import { createBackoff, pause } from "../../../backoff.ts";
import type { Log } from "../../../log.ts";

/** `at`: seconds since 1970. */
const base = { at: z.coerce.number() };
const text = z.string().optional();
/** As a phone wrote it, whatever bytes these are. */
const hexadecimal = z.hex().transform((digits) => Buffer.from(digits, "hex").toString());
export const heard = z.discriminatedUnion("type", [
  z.object({ type: z.literal("hello"), began: z.string() }),
  z.object({
    type: z.literal("registration"),
    ...base,
    tenant: z.string(),
    username: z.string(),
    contact: hexadecimal,
    source: text,
    /** Empty: it said none. */
    userAgent: hexadecimal,
    expires: z.int(),
    /** 1: its user has no other contact any more. */
    only: z.int(),
  }),
  z.object({ type: z.literal("expired"), ...base, aor: z.string(), contact: z.string() }),
  z.object({
    type: z.literal("auth-failed"),
    ...base,
    tenant: text,
    domain: text,
    username: text,
    source: z.string(),
    userAgent: text,
    count: z.int(),
  }),
  z.object({ type: z.literal("ban"), ...base, source: z.string(), why: z.string(), userAgent: text, seconds: z.int() }),
  z.object({ type: z.literal("limit"), ...base, tenant: z.string(), scope: z.string() }),
  z.object({ type: z.literal("host"), ...base, uri: z.string(), state: z.enum(["up", "down"]) }),
]);
export type Heard = z.output<typeof heard>;

export type Events = { stop(): void };

/** Connects and keeps connecting. `handle` gets the events and their numbers in order; what it returns resolves when that one is on disk. */
export function listenToEvents(options: {
  port: number;
  secret: string;
  log: Log;
  handle: (event: Heard, number: number) => Promise<void>;
}): Events {
  const { port, secret, log, handle } = options;
  const stopping = new AbortController();
  let socket: Socket | undefined;

  function listen(): Promise<void> {
    return new Promise((done) => {
      const own = connect({ host: "127.0.0.1", port });
      const read = createNetstrings();
      const keep = createKeeper((number) => own.write(netstring(`kept ${number}`)));
      socket = own;
      own.on("connect", () => own.write(netstring(`hello ${secret}`)));
      own.on("data", (data) => {
        try {
          for (const said of read(data)) take(said, keep);
        } catch (error) {
          log.error({ error: String(error) }, "Kamailio's events can't be read");
          own.destroy();
        }
      });
      own.on("error", () => {});
      own.on("close", () => done());
    });
  }

  function take(said: string, keep: (number: number, kept: Promise<void>) => void): void {
    const space = said.indexOf(" ");
    const number = Number(said.slice(0, space));
    let event: Heard;
    try {
      event = heard.parse(JSON.parse(said.slice(space + 1)));
    } catch (error) {
      log.warn(
        { said: said.slice(0, 500), error: String(error).slice(0, 200) },
        "an event of Kamailio's can't be read",
      );
      keep(number, Promise.resolve());
      return;
    }
    keep(number, handle(event, number));
  }

  async function run(): Promise<void> {
    const backoff = createBackoff(100, 2000);
    while (!stopping.signal.aborted) {
      const began = Date.now();
      await listen();
      if (Date.now() - began > 5000) backoff.reset();
      await pause(backoff.next(), stopping.signal);
    }
  }
  void run();
  return {
    stop() {
      stopping.abort();
      socket?.destroy();
    },
  };
}

/** Says the highest number up to which all are on disk, once for many. One that can't be kept is asked for again by nobody: the connection stands still at it. */
function createKeeper(say: (number: number) => void): (number: number, kept: Promise<void>) => void {
  let last = Promise.resolve();
  let highest = 0;
  let saying = false;
  return (number, kept) => {
    kept.catch(() => {});
    last = last
      .then(() => kept)
      .then(() => {
        highest = Math.max(highest, number);
        if (saying || highest === 0) return;
        saying = true;
        setImmediate(() => {
          saying = false;
          say(highest);
        });
      });
    last.catch(() => {});
  };
}

const netstring = (said: string): string => `${Buffer.byteLength(said)}:${said},`;

/** A message may have so many bytes. */
const longest = 65_536;

/** Reads what came into whole messages. Throws on what is no netstring. */
export function createNetstrings(): (data: Buffer) => string[] {
  let rest: Buffer = Buffer.alloc(0);
  return (data) => {
    const all = rest.length > 0 ? Buffer.concat([rest, data]) : data;
    const found: string[] = [];
    let at = 0;
    for (;;) {
      const colon = all.indexOf(58, at);
      if (colon < 0 ? all.length - at > 6 : colon - at > 6) throw new Error("what came is no netstring");
      if (colon < 0) break;
      const length = Number(all.toString("latin1", at, colon));
      if (!Number.isInteger(length) || length < 0 || length > longest) throw new Error("a netstring's length is none");
      if (all.length < colon + 1 + length + 1) break;
      if (all[colon + 1 + length] !== 44) throw new Error("a netstring does not end where it says");
      found.push(all.toString("utf8", colon + 1, colon + 1 + length));
      at = colon + length + 2;
    }
    rest = all.subarray(at);
    return found;
  };
}
