import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createDecoder } from "../../../../../edge-agent/drivers/freeswitch/esl/event.ts";
import { createFramer, type Frame, HostileStream } from "../../../../../edge-agent/drivers/freeswitch/esl/framer.ts";
import { eventFrame, frames, recorded } from "../../../../support/esl-server.ts";

function cut(bytes: Buffer, sizes: number[]): Frame[] {
  const found: Frame[] = [];
  const push = createFramer((frame) => found.push(frame));
  for (let at = 0, turn = 0; at < bytes.length; turn += 1) {
    const size = sizes[turn % sizes.length] ?? bytes.length;
    push(bytes.subarray(at, at + size));
    at += size;
  }
  return found;
}

const message = (body: string, type = "text/event-json") =>
  Buffer.from(`Content-Length: ${Buffer.byteLength(body)}\nContent-Type: ${type}\n\n${body}`);

describe("the framer", () => {
  const bytes = recorded("call_busy");
  const bodies = frames(bytes).map((frame) => frame.subarray(frame.indexOf("\n\n") + 2).toString());

  it("gives the same frames whatever the chunks", () => {
    expect(bodies.length).toBeGreaterThan(40);
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 70_000 }), { minLength: 1, maxLength: 20 }), (sizes) => {
        expect(cut(bytes, sizes).map(({ body }) => body.toString())).toEqual(bodies);
      }),
      { numRuns: 50 },
    );
    expect(cut(bytes.subarray(0, 20_000), [1]).map(({ body }) => body.toString())).toEqual(
      bodies.slice(0, cut(bytes.subarray(0, 20_000), [20_000]).length),
    );
  });

  it("keeps half a frame until the rest comes", () => {
    expect(cut(bytes.subarray(0, bytes.length - 1), [1000])).toHaveLength(bodies.length - 1);
  });

  it.each([
    ["a length beyond 8 MB", "Content-Length: 99999999\nContent-Type: text/event-json\n\n"],
    ["a length of 20 digits", "Content-Length: 99999999999999999999\n\n"],
    ["a negative length", "Content-Length: -5\n\n"],
    ["no number", "Content-Length: NaN\n\n"],
    ["hexadecimal", "Content-Length: 0x10\n\n"],
    ["an encoded number", "Content-Length: %31\n\n"],
    ["an empty length", "Content-Length: \n\n"],
    ["two lengths", "Content-Length: 5\nContent-Length: 6\n\n"],
    ["a length that modesl would not see", "content-length: 5\n\nabcde"],
    ["a length without a space", "Content-Length:5\n\nabcde"],
    ["endless headers", `X: ${"y".repeat(70_000)}`],
    ["too long headers that end", `X: ${"y".repeat(70_000)}\n\n`],
  ])("refuses %s", (_, text) => {
    expect(() => cut(Buffer.from(text), [text.length])).toThrow(HostileStream);
    expect(() => cut(Buffer.from(text), [4096])).toThrow(HostileStream);
  });

  it("neither recurses nor copies over and over: 200,000 frames in one chunk", () => {
    const many = Buffer.concat(Array.from({ length: 200_000 }, () => message("{}")));
    const started = performance.now();
    expect(cut(many, [many.length])).toHaveLength(200_000);
    expect(performance.now() - started).toBeLessThan(5000);
  });

  it("takes 8 MB byte by byte in linear time", () => {
    const big = message("x".repeat(1_000_000));
    const started = performance.now();
    expect(cut(big, [1])).toHaveLength(1);
    expect(performance.now() - started).toBeLessThan(5000);
  });
});

describe("the decoder", () => {
  const decode = createDecoder();
  const one = (bytes: Buffer) => cut(bytes, [bytes.length]).map(decode)[0];

  it("reads each recorded event as JSON says it", () => {
    for (const frame of frames(recorded("gateway_out"))) {
      const wanted: Record<string, unknown> = JSON.parse(frame.toString("utf8", frame.indexOf("\n\n") + 2));
      const event = one(frame);
      expect(event?.name).toBe(wanted["Event-Name"]);
      for (const [name, value] of Object.entries(wanted))
        if (typeof value === "string" && name !== "_body" && name !== "Content-Length")
          expect(event?.headers[name]).toBe(value);
    }
  });

  it("writes arrays as FreeSWITCH does elsewhere, and nothing deeper", () => {
    const event = one(
      eventFrame({
        "Event-Name": "X",
        "Event-Subclass": "a::b",
        list: ["1;A", "2;B"],
        deep: { a: 1 },
        _body: "text",
        "Content-Length": "4",
      }),
    );
    expect(event).toMatchObject({ name: "X", subclass: "a::b", body: "text" });
    expect(event?.headers.list).toBe("ARRAY::1;A|:2;B");
    expect(event?.headers).not.toHaveProperty("deep");
  });

  it("keeps an undecodable header raw", () => {
    const reply = one(Buffer.from("Content-Type: command/reply\nReply-Text: +OK 100% sure%21 %ff\nOther: a%20b\n\n"));
    expect(reply?.headers["Reply-Text"]).toBe("+OK 100% sure%21 %ff");
    expect(reply?.headers.Other).toBe("a b");
  });

  it("does not let a header become a prototype", () => {
    const event = one(message('{"Event-Name":"X","__proto__":"y","constructor":"z"}'));
    expect(event?.headers.constructor).toBe("z");
    const plain = one(eventFrame({ "Event-Name": "X" }));
    for (const name of ["constructor", "toString", "__proto__"]) expect(plain?.headers[name]).toBeUndefined();
  });

  it.each([
    ["broken JSON", message("{")],
    ["null", message("null")],
    ["a number", message("5")],
    ["an array", message("[]")],
    ["a Reply-Text that is a number", message('{"Reply-Text":5}')],
    ["a million nested arrays", message(`{"a":${"[".repeat(1_000_000)}${"]".repeat(1_000_000)}}`)],
    [
      "100,000 headers",
      message(JSON.stringify(Object.fromEntries(Array.from({ length: 100_000 }, (_, i) => [`h${i}`, ""])))),
    ],
  ])("survives %s and reads the next event", (_, bytes) => {
    // of the processor, as others may want it too
    const before = process.threadCpuUsage();
    try {
      expect(one(bytes)?.name).toBe("");
    } catch (error) {
      expect(error).toBeInstanceOf(HostileStream);
    }
    const { user, system } = process.threadCpuUsage(before);
    expect((user + system) / 1000).toBeLessThan(2000);
    expect(one(eventFrame({ "Event-Name": "HEARTBEAT" }))?.name).toBe("HEARTBEAT");
  });
});
