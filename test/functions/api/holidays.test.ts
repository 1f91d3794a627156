// Holidays out of a calendar's file: one write, twice the same, and nothing from a file that is no calendar.
import { afterAll, beforeAll, expect, test } from "vitest";
import { newTenant, type Reply, type TestControl, testControl } from "../../support/control.ts";

let control: TestControl;
let base: string;
let path: string;

beforeAll(async () => {
  control = await testControl();
  base = (await newTenant(control)).path;
  path = `${base}/schedules/office`;
  const holidays = [{ name: "Our Christmas", date: "12-25", destination: { kind: "hangup", cause: "busy" } }];
  expect((await control.call("POST", `${base}/schedules`, { name: "office", holidays })).status).toBe(201);
});
afterAll(() => control.stop());

const send = (raw: string | Uint8Array, headers: Record<string, string> = {}): Promise<Reply> =>
  control.call("POST", `${path}/holidays/import`, undefined, {
    raw: raw as string,
    headers: { "content-type": "text/calendar", ...headers },
  });
const event = (...lines: string[]) => ["BEGIN:VEVENT", ...lines, "END:VEVENT"];
const calendar = (...lines: string[]) => ["BEGIN:VCALENDAR", ...lines, "END:VCALENDAR", ""].join("\r\n");
const file = calendar(
  ...event("SUMMARY:Christmas", "DTSTART;VALUE=DATE:20001225", "RRULE:FREQ=YEARLY"),
  ...event("SUMMARY:Bridge\\, long", "DTSTART;VALUE=DATE:20980501", "DTEND;VALUE=DATE:20980504"),
  ...event("SUMMARY:Lunch", "DTSTART:20980501T120000Z"),
);
const bridge = { name: "Bridge, long", date: "2098-05-01", lastDate: "2098-05-03", destination: null };

test("an import adds what is new in one revision, and leaves what was there as it was", async () => {
  const { body: before } = await control.call("GET", base);
  const reply = await send(file);
  expect(reply.status, reply.text).toBe(200);
  expect(reply.body).toMatchObject({
    imported: 1,
    known: 1,
    skipped: [{ name: "Lunch", why: "it is not of whole days" }],
  });
  const { body } = await control.call("GET", path);
  expect(body.holidays).toEqual([
    expect.objectContaining({ name: "Our Christmas", destination: { kind: "hangup", cause: "busy" } }),
    bridge,
  ]);
  expect(reply.body.schedule).toEqual(body);
  const { body: after } = await control.call("GET", base);
  expect(Number(after.revision)).toBe(Number(before.revision) + 1);
  const { body: changes } = await control.call("GET", `${base}/changes`);
  expect((changes.data as unknown as { summary: string }[])[0]?.summary).toBe("import holidays into schedule office");
});

test("the same file again changes nothing", async () => {
  const { body: before } = await control.call("GET", base);
  expect((await send(file)).body).toMatchObject({ imported: 0, known: 2 });
  expect((await control.call("GET", base)).body.revision).toBe(before.revision);
});

test.each<[string, string | Uint8Array, Record<string, string>, number]>([
  ["a page", "<html>", {}, 422],
  ["other bytes than UTF-8", new Uint8Array([0xff, 0xfe, 0x00]), {}, 422],
  ["nothing", "", {}, 422],
  [
    "more than a schedule holds",
    calendar(
      ...Array.from({ length: 501 }, (_, n) =>
        event(`DTSTART;VALUE=DATE:${2030 + Math.floor(n / 28)}01${String((n % 28) + 1).padStart(2, "0")}`),
      ).flat(),
    ),
    {},
    422,
  ],
  ["more than a megabyte", calendar(`SUMMARY:${"x".repeat(1024 * 1024)}`), {}, 413],
  ["JSON", "{}", { "content-type": "application/json" }, 415],
  ["another version's", file, { "if-match": '"99"' }, 412],
])("%s is refused, and changes nothing", async (_, raw, headers, status) => {
  const { body: before } = await control.call("GET", path);
  const reply = await send(raw, headers);
  expect(reply.status, reply.text).toBe(status);
  expect((await control.call("GET", path)).body).toEqual(before);
});
