import { createServer } from "node:net";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import {
  connectEsl,
  type Esl,
  type EslEvent,
  type EslOptions,
} from "../../../../../edge-agent/drivers/freeswitch/esl/esl.ts";
import { type EslServer, eventFrame, frames, recorded, startEslServer } from "../../../../support/esl-server.ts";

const log = { info: vi.fn(), warn: vi.fn(), error: vi.fn() };
let server: EslServer;
let esl: Esl | undefined;
let events: EslEvent[];
let ups: number;
let downs: number;

function connect(options: Partial<EslOptions> = {}): Esl {
  esl = connectEsl({
    host: "127.0.0.1",
    port: server.port,
    password: server.password,
    log,
    events: ["CHANNEL_CREATE", "sofia::register", "sofia::expire"],
    onEvent: (event) => events.push(event),
    onUp: () => {
      ups += 1;
    },
    onDown: () => {
      downs += 1;
    },
    ...options,
    waits: { first: 5, last: 50, ...options.waits },
  });
  return esl;
}

beforeEach(async () => {
  vi.clearAllMocks();
  events = [];
  ups = downs = 0;
  server = await startEslServer({ version: "1.11.2\n", status: "up\n", slow: "never", twelve: "x".repeat(12_000_000) });
});

afterEach(async () => {
  await esl?.close();
  await server.close();
});

/** Waits for a condition. */
const soon = (condition: () => unknown, timeout = 10_000) => vi.waitFor(condition, { interval: 3, timeout });
const isUp = () => soon(() => expect(esl?.up).toBe(true));
const heartbeat = eventFrame({ "Event-Name": "HEARTBEAT" });

describe("the connection", () => {
  it("authenticates and subscribes to what is wanted alone, with the heartbeat", async () => {
    connect();
    await isUp();
    expect(server.commands).toEqual([
      `auth ${server.password}`,
      "event json HEARTBEAT BACKGROUND_JOB CHANNEL_CREATE CUSTOM sofia::register sofia::expire",
    ]);
    expect([ups, downs]).toEqual([1, 0]);
  });

  it("fires an event with its headers, a line each, and nothing that a value would add", async () => {
    const up = connect();
    await isUp();
    await up.fire("PRESENCE_IN", { proto: "one", from: "1001@acme.test" });
    expect(server.commands.at(-1)).toBe("sendevent PRESENCE_IN\nproto: one\nfrom: 1001@acme.test");
    await up.fire("NOTIFY", { profile: "front" }, "é\r\n");
    expect(server.commands.slice(-2)).toEqual(["sendevent NOTIFY\nprofile: front\ncontent-length: 6", "é\r"]);
    for (const evil of ["1\n\napi version", "1\rx: y"])
      await expect(up.fire("PRESENCE_IN", { proto: evil })).rejects.toThrow("one line");
    expect(server.commands.some((command) => command.startsWith("api"))).toBe(false);
    await up.close();
    await expect(up.fire("PRESENCE_IN", {})).rejects.toThrow();
  });

  it("goes on trying with a wrong password, says so, and is not up", async () => {
    connect({ password: "wrong" });
    await soon(() => expect(server.commands.length).toBeGreaterThan(2));
    expect(esl?.up).toBe(false);
    expect(log.warn).toHaveBeenCalledWith(
      expect.objectContaining({ reason: "FreeSWITCH refused the ESL password" }),
      expect.anything(),
    );
    expect([ups, downs]).toEqual([0, 0]);
  });

  it("waits longer from try to try", async () => {
    await server.close();
    connect({ waits: { first: 4, last: 1000 } });
    await soon(() => expect(log.info.mock.calls.length).toBeGreaterThanOrEqual(5));
    // aloud once: what follows says nothing new
    expect(log.warn).toHaveBeenCalledTimes(1);
    const said = [...log.warn.mock.calls, ...log.info.mock.calls];
    const retries: number[] = said.map(([{ retryMs }]) => retryMs);
    for (const [turn, retry] of retries.entries()) {
      expect(retry).toBeGreaterThanOrEqual(2 * 2 ** turn - 1);
      expect(retry).toBeLessThanOrEqual(4 * 2 ** turn + 1);
    }
    server = await startEslServer();
  });

  it("refuses a password or command of two lines", async () => {
    expect(() => connectEsl({ password: "a\n\nexit" } as EslOptions)).toThrow("one line");
    connect();
    await isUp();
    await expect(esl?.api("version\n\nexit")).rejects.toThrow("one line");
  });

  it("connects again after a cut in the middle of an event, which counts for nothing", async () => {
    connect();
    await isUp();
    const bytes = recorded("call_answered");
    await server.play(bytes.subarray(0, bytes.length / 2));
    server.cut();
    await soon(() => expect([ups, downs]).toEqual([2, 1]));
    await server.play(bytes.subarray(frames(bytes)[0]?.length));
    await soon(() => expect(events.at(-1)?.headers["Channel-State"]).toBe("CS_DESTROY"));
    expect(events.every(({ name }) => name !== "")).toBe(true);
  });

  it("gives up a peer that is silent, and connects again", async () => {
    connect({ waits: { dead: 60 } });
    await soon(() => expect(downs).toBeGreaterThan(0));
    expect(log.warn).toHaveBeenCalledWith(
      expect.objectContaining({ reason: "FreeSWITCH is silent" }),
      expect.anything(),
    );
    await soon(() => expect(ups).toBeGreaterThan(1));
  });

  it("keeps a peer that says something now and then", async () => {
    connect({ waits: { dead: 150 } });
    await isUp();
    for (let beat = 0; beat < 20; beat += 1) {
      await server.play(heartbeat);
      await new Promise((resolve) => setTimeout(resolve, 15));
    }
    expect([ups, downs]).toEqual([1, 0]);
  });

  it("gives up a peer that greets but never answers", async () => {
    const silent = createServer((socket) => socket.write("Content-Type: auth/request\n\n"));
    await new Promise<void>((resolve) => silent.listen(0, "127.0.0.1", resolve));
    const address = silent.address();
    connect({ port: typeof address === "object" ? (address?.port ?? 0) : 0, waits: { reply: 20 } });
    await soon(() => expect(log.info.mock.calls.length).toBeGreaterThan(0));
    expect(esl?.up).toBe(false);
    await esl?.close();
    silent.close();
  });

  it("says nothing after close", async () => {
    connect();
    await isUp();
    await esl?.close();
    expect(downs).toBe(0);
    await expect(esl?.api("version")).rejects.toThrow();
  });
});

describe("API commands", () => {
  it("are answered in order, however many wait", async () => {
    connect();
    await isUp();
    const asked = Array.from({ length: 500 }, (_, i) =>
      i % 3 === 0 ? "version" : i % 3 === 1 ? "status" : "nonsense",
    );
    const answers = await Promise.all(asked.map((command) => esl?.api(command)));
    const wanted = { version: "1.11.2\n", status: "up\n", nonsense: "-ERR command not found\n" };
    expect(answers).toEqual(asked.map((command) => wanted[command as keyof typeof wanted]));
  });

  it("may have an answer larger than an event may be", async () => {
    connect();
    await isUp();
    expect(await esl?.api("twelve")).toHaveLength(12_000_000);
  });

  it("fail at once when the connection is down, and when it is lost", async () => {
    connect();
    await expect(esl?.api("version")).rejects.toThrow("not connected");
    await isUp();
    const answer = esl?.api("slow");
    await soon(() => expect(server.commands).toContain("api slow"));
    server.cut();
    await expect(answer).rejects.toThrow("lost");
  });

  it("fail without an answer in time; a late answer is nobody else's", async () => {
    connect({ waits: { reply: 50 } });
    await isUp();
    await expect(esl?.api("slow")).rejects.toThrow("no answer");
    await server.play(Buffer.from("Content-Type: api/response\nContent-Length: 4\n\nlate"));
    expect(await esl?.api("version")).toBe("1.11.2\n");
  });

  it("are answered while thousands of events wait", async () => {
    let handled = 0;
    connect({
      onEvent: () => {
        handled += 1;
        const until = performance.now() + 0.2;
        while (performance.now() < until);
      },
    });
    await isUp();
    await server.play(Buffer.concat(Array.from({ length: 1000 }, () => heartbeat)));
    expect(await esl?.api("version")).toBe("1.11.2\n");
    expect(handled).toBeLessThan(1000);
    await soon(() => expect(handled).toBe(1000));
  });
});

describe("hostile streams", () => {
  const attacks: [string, Buffer][] = [
    ["a huge length", Buffer.from("Content-Length: 999999999\nContent-Type: text/event-json\n\n{}")],
    ["a negative length", Buffer.from("Content-Length: -1\n\n")],
    ["NaN", Buffer.from("Content-Length: NaN\n\n")],
    ["endless headers", Buffer.alloc(200_000, "a")],
    ["a reply to nothing", Buffer.from("Content-Type: command/reply\nReply-Text: +OK\n\n")],
  ];
  it.each(attacks)("%s ends the connection, and the next works", async (_, bytes) => {
    connect();
    await isUp();
    await server.play(bytes);
    await soon(() => expect([ups, downs]).toEqual([2, 1]));
    await server.play(heartbeat);
    await soon(() => expect(events.map(({ name }) => name)).toEqual(["HEARTBEAT"]));
  });

  it.each([
    ["broken JSON", Buffer.from("Content-Length: 1\nContent-Type: text/event-json\n\n{")],
    ["deep JSON", Buffer.from(`Content-Length: 2000000\nContent-Type: text/event-json\n\n${"[".repeat(2_000_000)}`)],
    ["a bare %", Buffer.from("Content-Length: 2\nContent-Type: text/event-json\nX: 100%\n\n{}")],
    ["an unknown type", Buffer.from("Content-Length: 2\nContent-Type: log/data\n\n{}")],
    ["a second greeting", Buffer.from("Content-Type: auth/request\n\n")],
    ["a handler's fault", eventFrame({ "Event-Name": "FAULT" })],
  ])("%s costs that message alone", async (_, bytes) => {
    connect({
      onEvent: (event) => {
        if (event.name === "FAULT") throw new Error("a fault");
        events.push(event);
      },
    });
    await isUp();
    await server.play(Buffer.concat([bytes, heartbeat]));
    await soon(() => expect(events.map(({ name }) => name)).toEqual(["HEARTBEAT"]));
    expect([ups, downs]).toEqual([1, 0]);
    expect(await esl?.api("version")).toBe("1.11.2\n");
    expect(server.commands.filter((command) => command.startsWith("auth "))).toHaveLength(1);
  });

  it("a reply of the wrong kind ends the connection, and the command with it", async () => {
    connect();
    await isUp();
    const answer = esl?.api("slow");
    await soon(() => expect(server.commands).toContain("api slow"));
    const failed = expect(answer).rejects.toThrow("hostile");
    await server.play(Buffer.from("Content-Type: command/reply\nReply-Text: +OK\n\n"));
    await failed;
    await soon(() => expect(ups).toBe(2));
  });

  it("any bytes at all neither stop it nor reach the handler as an event", async () => {
    connect({ waits: { last: 5 } });
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ minLength: 1, maxLength: 300 }), async (bytes) => {
        await isUp();
        const before = ups;
        await server.play(Buffer.concat([Buffer.from(bytes), Buffer.from("\n\nContent-Length: -1\n\n")]));
        await soon(() => expect(ups).toBe(before + 1));
      }),
      { numRuns: 30 },
    );
    expect(events).toEqual([]);
    await soon(async () => expect(await esl?.api("version")).toBe("1.11.2\n"));
  });
});

describe("recorded streams", () => {
  it.each([["whole"], ["in random chunks"], ["byte by byte"]])("give the same events %s", async (how) => {
    connect();
    await isUp();
    const bytes = recorded("call_busy");
    const wanted = frames(bytes).map(
      (frame) => JSON.parse(frame.toString("utf8", frame.indexOf("\n\n") + 2))["Event-Sequence"],
    );
    const part = how === "byte by byte" ? Buffer.concat(frames(bytes).slice(0, 5)) : bytes;
    await server.play(part, how === "whole" ? undefined : how === "byte by byte" ? [1] : [17, 1, 4000, 333, 65_536]);
    const expected = wanted.slice(0, frames(part).length);
    await soon(() => expect(events.map(({ headers }) => headers["Event-Sequence"])).toEqual(expected));
  });
});

describe("a burst", () => {
  it("of 100,000 events is read while the work waits, and leaves the process free for others", async () => {
    let handled = 0;
    connect({ onEvent: () => void handled++ });
    await isUp();
    const event = frames(recorded("register_digest"))[2] ?? heartbeat;
    const chunk = Buffer.concat(Array.from({ length: 1000 }, () => event));
    let longest = 0;
    let last = performance.now();
    const pulse = setInterval(() => {
      longest = Math.max(longest, performance.now() - last);
      last = performance.now();
    }, 1);
    const started = performance.now();
    for (let i = 0; i < 100; i += 1) await server.play(chunk);
    const readMs = performance.now() - started;
    const behind = 100_000 - handled;
    await soon(() => expect(handled).toBe(100_000), 60_000);
    const allMs = performance.now() - started;
    clearInterval(pulse);
    console.info(
      `burst: ${event.length} bytes × 100,000 read in ${Math.round(readMs)} ms (${behind} still to do), handled in ${Math.round(allMs)} ms: ` +
        `${Math.round(100_000 / (allMs / 1000))} events/s; longest stall ${Math.round(longest)} ms`,
    );
    expect(behind).toBeGreaterThan(0);
    // all of it at once would be several seconds; other tests take the processor too
    expect(longest).toBeLessThan(2500);
    expect(downs).toBe(0);
  }, 90_000);

  it("beyond the bounds is refused loudly, and the connection is made anew after the work is done", async () => {
    let handled = 0;
    const handledWhenUp: number[] = [];
    connect({
      onEvent: () => {
        handled += 1;
        const until = performance.now() + 0.5;
        while (performance.now() < until);
      },
      onUp: () => {
        ups += 1;
        handledWhenUp.push(handled);
      },
      bounds: { items: 100, bytes: 1_000_000, sliceMs: 1 },
    });
    await isUp();
    await server.play(Buffer.concat(Array.from({ length: 5000 }, () => heartbeat)));
    await soon(() => expect(ups).toBe(2));
    expect(log.error).toHaveBeenCalledWith(
      expect.objectContaining({ waiting: 100 }),
      expect.stringContaining("more events"),
    );
    expect(handledWhenUp[1]).toBe(handled);
    expect(handled).toBeGreaterThanOrEqual(100);
    expect(handled).toBeLessThan(5000);
  });
});
