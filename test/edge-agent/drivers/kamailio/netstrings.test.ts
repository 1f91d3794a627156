import fc from "fast-check";
import { expect, test } from "vitest";
import { createNetstrings } from "../../../../edge-agent/drivers/kamailio/report/connection.ts";

test("messages come out as they went in, however they are cut", () => {
  const said = fc.array(fc.string({ unit: "grapheme", maxLength: 200 }), { maxLength: 8 });
  fc.assert(
    fc.property(said, fc.integer({ min: 1, max: 50 }), (messages, step) => {
      const bytes = Buffer.concat(messages.map((text) => Buffer.from(`${Buffer.byteLength(text)}:${text},`)));
      const read = createNetstrings();
      const found: string[] = [];
      for (let at = 0; at < bytes.length; at += step) found.push(...read(bytes.subarray(at, at + step)));
      expect(found).toEqual(messages);
    }),
    { numRuns: 100 },
  );
});

test.each(["hello", "9999999999:", "3:abcd,", "-1:,", "99999:x"])("%s is no netstring", (text) => {
  expect(() => createNetstrings()(Buffer.from(text.padEnd(12, "x")))).toThrow("netstring");
});
