// The event socket of FreeSWITCH: one connection that is kept up. It reads first and works later: replies are matched at once, events wait in a backlog,
// so that a burst stalls neither FreeSWITCH (which grows and then cuts a slow reader off) nor the lookups of this process.
import type { Logger } from "pino";
import { type Bounds, createBacklog } from "./backlog.ts";
import { openConnection } from "./connection.ts";
import { createDecoder, type EslEvent } from "./event.ts";
import type { Frame } from "./framer.ts";
import { createJobs } from "./jobs.ts";

export type { EslEvent } from "./event.ts";

export interface Esl {
  /**
   * Runs an API command and resolves with its answer as it is (`-ERR …` too). Rejects when the connection is down or lost, or without an answer within 10 s.
   * FreeSWITCH runs a connection's commands one after another and sends it no events meanwhile: a slow command belongs in `bgapi`.
   */
  api(command: string): Promise<string>;
  /**
   * Runs an API command beside others and resolves with its answer, however long it takes, but for `seconds` at the most. Rejects when the connection is
   * lost: then nobody knows how it ended.
   */
  bgapi(command: string, seconds: number): Promise<string>;
  /**
   * Fires an event on FreeSWITCH: its name and headers, one line each. Rejects when the connection is down or lost. An event whose `unique-id` is a
   * live leg goes to that leg alone (mod_event_socket.c, sendevent).
   */
  fire(name: string, headers: Record<string, string>, body?: string): Promise<void>;
  readonly up: boolean;
  close(): Promise<void>;
}

export type EslOptions = {
  host: string;
  port: number;
  password: string;
  log: Pick<Logger, "info" | "warn" | "error">;
  /** Event names, and subclasses of CUSTOM such as `sofia::register`. HEARTBEAT, which tells a live peer from a dead one, and BACKGROUND_JOB are always among them. */
  events: string[];
  onEvent(event: EslEvent): void;
  /** Connected and subscribed. Events from before are gone: re-read what they would have told. */
  onUp(esl: Esl): void | Promise<void>;
  /** The connection that was up is lost; events that it brought may still come. */
  onDown(): void;
  /** For tests. */
  waits?: Partial<Waits>;
  bounds?: Bounds;
};

/** Milliseconds. `dead`: without a byte (FreeSWITCH beats every 20 s) the peer is given up. `stable`: after so long up, the next try is quick again. */
export type Waits = { reply: number; dead: number; first: number; last: number; stable: number };
const waits: Waits = { reply: 10_000, dead: 45_000, first: 100, last: 2_000, stable: 10_000 };

/** Starts connecting and goes on until `close`. */
export function connectEsl(options: EslOptions): Esl {
  if (/[\r\n]/.test(options.password)) throw new Error("the ESL password must be one line");
  const { log } = options;
  const wait = { ...waits, ...options.waits };
  const decode = createDecoder();
  const backlog = createBacklog(handle, options.bounds);
  const jobs = createJobs();
  const subscription = subscribe(options.events);
  let said = "";
  let tries = 0;
  let closed = false;
  let timer: NodeJS.Timeout | undefined;
  let current: ReturnType<typeof openConnection> | undefined;
  let upSince: number | undefined;

  const esl: Esl = {
    get up() {
      return upSince !== undefined;
    },
    api: async (command) => {
      if (/[\r\n]/.test(command) || command === "") throw new Error("an API command is one line");
      if (!current || upSince === undefined) throw new Error("FreeSWITCH is not connected");
      return current.send("api/response", `api ${command}`, wait.reply);
    },
    bgapi: async (command, seconds) => {
      if (/[\r\n]/.test(command) || command === "") throw new Error("an API command is one line");
      if (!current || upSince === undefined) throw new Error("FreeSWITCH is not connected");
      const connection = current;
      return jobs.run(seconds, (id) =>
        connection.send("command/reply", `bgapi ${command}\nJob-UUID: ${id}`, wait.reply),
      );
    },
    fire: async (name, headers, body = "") => {
      const lines = [`sendevent ${name}`, ...Object.entries(headers).map(([key, value]) => `${key}: ${value}`)];
      if (lines.some((line) => /[\r\n]/.test(line))) throw new Error("a header is one line");
      if (!current || upSince === undefined) throw new Error("FreeSWITCH is not connected");
      // the two line feeds that end a command are the body's last
      const rest = body === "" ? "" : `\ncontent-length: ${Buffer.byteLength(body) + 2}\n\n${body}`;
      const reply = await current.send("command/reply", `${lines.join("\n")}${rest}`, wait.reply);
      if (!reply.startsWith("+OK")) throw new Error(`FreeSWITCH says ${reply.slice(0, 100)}`);
    },
    close: async () => {
      closed = true;
      clearTimeout(timer);
      current?.close("closed here");
      await new Promise<void>((resolve) => backlog.whenEmpty(resolve));
    },
  };

  function connect(): void {
    if (closed) return;
    current = openConnection({
      host: options.host,
      port: options.port,
      deadMs: wait.dead,
      decode,
      onGreeting: () => void greet(),
      onEvent,
      onLost: lost,
    });
  }

  async function greet(): Promise<void> {
    const connection = current;
    if (!connection) return;
    try {
      const welcome = await connection.send("command/reply", `auth ${options.password}`, wait.reply);
      if (!welcome.startsWith("+OK")) throw new Error("FreeSWITCH refused the ESL password");
      const subscribed = await connection.send("command/reply", subscription, wait.reply);
      if (!subscribed.startsWith("+OK"))
        throw new Error(`FreeSWITCH refused the subscription: ${subscribed.slice(0, 100)}`);
    } catch (error) {
      connection.close(error instanceof Error ? error.message : String(error));
      return;
    }
    upSince = Date.now();
    log.info("connected to FreeSWITCH");
    try {
      await options.onUp(esl);
    } catch (error) {
      log.error({ error }, "re-reading FreeSWITCH's state failed");
    }
  }

  function onEvent(frame: Frame): void {
    if (backlog.add(frame, frame.body.length + frame.headers.length)) return;
    log.error(
      { waiting: backlog.length },
      "more events from FreeSWITCH than this host can handle: reconnecting, the rest of them is lost",
    );
    current?.close("the backlog of events is full");
  }

  function handle(frame: Frame): void {
    try {
      const event = decode(frame);
      if (event.name === "BACKGROUND_JOB") jobs.onEvent(event);
      else if (event.name !== "") options.onEvent(event);
    } catch (error) {
      log.error({ error, start: frame.body.toString("utf8", 0, 200) }, "an event from FreeSWITCH could not be handled");
    }
  }

  function lost(reason: string): void {
    const since = upSince;
    upSince = undefined;
    current = undefined;
    jobs.fail(new Error(`connection to FreeSWITCH lost: ${reason}`));
    if (since !== undefined && Date.now() - since >= wait.stable) tries = 0;
    const backoff = Math.min(wait.last, wait.first * 2 ** Math.min(tries, 20)) * (0.5 + Math.random() / 2);
    tries += 1;
    if (!closed) {
      // aloud once for each reason: the tries that follow say nothing new
      const level = since === undefined && reason === said ? "info" : "warn";
      said = reason;
      log[level]({ reason, retryMs: Math.round(backoff) }, "no connection to FreeSWITCH; trying again");
      timer = setTimeout(() => backlog.whenEmpty(connect), backoff);
    }
    if (since !== undefined && !closed) options.onDown();
  }

  connect();
  return esl;
}

function subscribe(events: string[]): string {
  const custom = events.filter((event) => event.includes("::"));
  const names = new Set(["HEARTBEAT", "BACKGROUND_JOB", ...events.filter((event) => !event.includes("::"))]);
  const text = ["event json", ...names, ...(custom.length > 0 ? ["CUSTOM", ...custom] : [])].join(" ");
  if (!/^[\w:. -]+$/.test(text)) throw new Error(`not events: ${text}`);
  return text;
}
