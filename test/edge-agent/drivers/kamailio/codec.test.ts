import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decode, encode, type Value, within } from "../../../../edge-agent/drivers/kamailio/binrpc/codec.ts";

const hex = (text: string): Buffer => Buffer.from(text.replaceAll(" ", ""), "hex");
/** A request's records as a reply would carry them. */
const asReply = (request: Buffer): Buffer =>
  Buffer.concat([request.subarray(0, 1), Buffer.from([0x10 | request.readUInt8(1)]), request.subarray(2)]);

describe("binrpc", () => {
  it("writes a call as Kamailio's kamcmd does", () => {
    expect(encode(0x1234, "core.version", []).toString("hex")).toBe("a1010f1234910d636f72652e76657273696f6e00");
    expect(encode(1, "x", [0, 300, "a"]).toString("hex")).toBe("a1000a0121780000" + "20012c" + "216100");
  });

  it("reads structs whose names repeat, lists, and numbers of eight bytes", () => {
    const body = "03 25 6100 10 05 25 6100 03 25 6200 21 7a00 83 83 04 10 01 10 02 84 82 fffffffffffffc18".replaceAll(
      " ",
      "",
    );
    const found = decode(hex(`a1 10 ${(body.length / 2).toString(16)} 07 ${body}`));
    if (!found || !("values" in found.reply)) throw new Error("no reply");
    const [struct, list, double] = found.reply.values;
    expect(within(struct, "a")).toHaveLength(2);
    expect(within(struct, "a", "b")).toEqual(["z"]);
    expect([list, double]).toEqual([[1, 2], -1]);
  });

  it("reads back what it wrote, however the bytes are cut", () => {
    const value = fc.oneof(
      fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }),
      fc.string({ unit: "grapheme", maxLength: 300 }).filter((text) => !text.includes("\0")),
    );
    const call = fc.tuple(fc.integer({ min: 1, max: 2 ** 31 - 1 }), fc.array(value, { maxLength: 5 }));
    fc.assert(
      fc.property(fc.array(call, { minLength: 1, maxLength: 5 }), fc.nat(), (calls, seed) => {
        const bytes = Buffer.concat(calls.map(([cookie, values]) => asReply(encode(cookie, "m", values))));
        const found: [number, Value[]][] = [];
        let rest = Buffer.alloc(0) as Buffer;
        for (let at = 0, step = 1; at < bytes.length; at += step) {
          step = 1 + ((seed + at) % 97);
          rest = Buffer.concat([rest, bytes.subarray(at, at + step)]);
          for (let next = decode(rest); next; next = decode(rest)) {
            if ("values" in next.reply) found.push([next.reply.cookie, next.reply.values.slice(1)]);
            rest = next.rest;
          }
        }
        expect(found).toEqual(calls);
      }),
      { numRuns: 60 },
    );
  });

  it("refuses what is no reply, and what C can't carry", () => {
    expect(() => decode(Buffer.from("HTTP/1.1 200 OK"))).toThrow("no binrpc");
    expect(() => encode(1, "m", ["a\0b"])).toThrow("NUL");
    expect(() => encode(1, "m", [2 ** 31])).toThrow("32 bit");
  });
});
