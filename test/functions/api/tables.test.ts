// CSV: a table of extensions or phone numbers read into a tenant, told row by row, and one of what it has, which reads back as it was.
import fc from "fast-check";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { readCsv, writeCsv } from "../../../core/csv.ts";
import { newTenant, type Reply, type TestControl, testControl } from "../../support/control.ts";

let control: TestControl;
let base: string;
let id: string;
beforeAll(async () => {
  control = await testControl();
});
afterAll(() => control.stop());

const fresh = async (): Promise<void> => {
  ({ path: base, id } = await newTenant(control));
};
type Row = { line: number; op: string; key: string; id: string | null; errors: { pointer: string }[] } & {
  secrets?: { pointer: string; value: string }[];
};
type Imported = { revision: number | null; created: number; updated: number; same: number; rows: Row[] };
const send = (raw: string | Uint8Array, kind = "extensions", query = ""): Promise<Reply> =>
  control.call("POST", `${base}/${kind}/import${query}`, undefined, {
    raw: raw as string,
    headers: { "content-type": "text/csv; charset=utf-8" },
  });
const imported = async (raw: string | Uint8Array, kind?: string, query?: string): Promise<Imported> => {
  const reply = await send(raw, kind, query);
  expect(reply.status, reply.text).toBe(200);
  return reply.body as never;
};
const get = async (path: string) => (await control.call("GET", `${base}/${path}`)).body;
const make = async (path: string, body: unknown) => {
  const reply = await control.call("POST", `${base}/${path}`, body);
  expect(reply.status, reply.text).toBe(201);
};
const revision = async () => (await control.call("GET", base)).body.revision;
const exported = async (kind: string, query = "", key = control.key) => {
  const reply = await control.call("GET", `${base}/${kind}/export${query}`, undefined, { key });
  expect([reply.status, reply.headers.get("content-type")]).toEqual([200, "text/csv; charset=utf-8"]);
  return reply.text;
};

test("rows make extensions and change those that are there, as one revision; an empty cell leaves things as they are", async () => {
  await fresh();
  await make("voicemail-boxes", { number: "9001" });
  const devices = [
    { username: "desk", password: "Password-1" },
    { username: "mobile", password: "Password-2" },
  ];
  await make("extensions", { number: "1001", displayName: "Ada", outbound: { permission: "national" }, devices });
  await make("extensions", { number: "1002", displayName: "Same" });
  const before = Number(await revision());
  const was = await get("extensions/1001");
  const file = [
    "number,displayName,voicemailBox,password,outbound.permission,ringSeconds,enabled,forward.busy",
    '1010,"Lovelace, Ada",9001,Secret-123,internal,40,FALSE,outside-number:+15550123',
    "1011,,,,,,,",
    "1001,,9001,,,30,,voicemail-box:9001",
    "1002,Same,,,,,,",
    "",
  ].join("\r\n");
  const result = await imported(file);
  expect(result).toMatchObject({ revision: before + 1, created: 2, updated: 1, same: 1 });
  expect(result.rows.map(({ line, op, key }) => [line, op, key])).toEqual([
    [2, "create", "1010"],
    [3, "create", "1011"],
    [4, "update", "1001"],
    [5, "same", "1002"],
  ]);
  // a password that came with the file is not repeated
  expect(result.rows.map(({ secrets }) => secrets)).toEqual([
    undefined,
    [{ pointer: "/devices/0/password", value: expect.stringMatching(/^\w{20}$/) }],
    undefined,
    undefined,
  ]);
  const box = (await get("voicemail-boxes/9001")).id;
  expect(await get(`extensions/${result.rows[0]?.id}`)).toMatchObject({
    ...{ number: "1010", displayName: "Lovelace, Ada", voicemailBox: box, ringSeconds: 40, enabled: false },
    outbound: { permission: "internal" },
    forward: { busy: { kind: "outside-number", number: "+15550123" } },
    devices: [{ username: "1010" }],
  });
  expect(await get("extensions/1001")).toMatchObject({
    ...{ displayName: "Ada", ringSeconds: 30, voicemailBox: box, outbound: { permission: "national" } },
    ...{ forward: { busy: { kind: "voicemail-box", ref: box } }, devices: was.devices as unknown as object[] },
  });
});

test("a new password is the first device's; its name and the other devices stay", async () => {
  await fresh();
  await make("extensions", { number: "1001", devices: [{ username: "desk" }, { username: "mobile" }] });
  const secretsOf = async () =>
    ((await get("extensions/1001")).devices as unknown as { username: string; password: { secret: string } }[]).map(
      ({ username, password }) => `${username} ${password.secret}`,
    );
  const [first = "", second] = await secretsOf();
  await imported("number;password;;\n1001;Another-1;;\n;;;\n");
  expect(await secretsOf()).toEqual([first.replace("#1", "#2"), second]);
});

test("one flaw and nothing is imported: each refused row has its line and every flaw its column", async () => {
  await fresh();
  await make("extensions", { number: "1001" });
  const before = await revision();
  const file = [
    "number\tdisplayName\tringSeconds\tvoicemailBox\tforward.always\tpassword",
    '1010\t"two\nlines"\t\t\t\t',
    "x\t\tsoon\t\t\t",
    "1011\tFine\t\t\t\t",
    "1012\t\t\t\textension\t",
    "\tNobody\t\t\t\t",
    "1001\t\t4\t\t\tshort",
  ].join("\n");
  for (const query of ["", "?dryRun=true"]) {
    const reply = await send(file, "extensions", query);
    expect([reply.status, reply.body.code], reply.text).toEqual([422, "invalid"]);
    const rows = reply.body.rows as unknown as Row[];
    expect(rows.map(({ line, op, key }) => [line, op, key])).toEqual([
      [2, "refused", "1010"],
      [4, "refused", "x"],
      [6, "refused", "1012"],
      [7, "refused", ""],
      [8, "refused", "1001"],
    ]);
    expect(rows.flatMap(({ errors }) => errors.map(({ pointer }) => pointer))).toEqual([
      ...["/2/displayName", "/4/number", "/4/ringSeconds", "/6/forward.always", "/7/number"],
      ...["/7/username", "/8/password", "/8/ringSeconds"],
    ]);
    expect(reply.body.detail).toMatch(/^Line 2, displayName: .*Nothing was imported\.$/);
  }
  const refused = async (text: string, code: string, pointer: string) => {
    const { body } = await send(text);
    expect([body.code, (body.errors as unknown as { pointer: string }[])[0]?.pointer], JSON.stringify(body)).toEqual([
      ...[code, pointer],
    ]);
  };
  await refused("number,voicemailBox\n1010,\n1011,4711\n", "reference_not_found", "/3/voicemailBox");
  await refused("number\n1010\n1010\n", "taken", "/3/number");
  await refused("number\n1001\n1001\n", "invalid", "/3");
  await refused("number,colour\n1010,red\n", "invalid", "/1");
  await refused("number,number\n1010,1011\n", "invalid", "/1");
  await refused("displayName\nAda\n", "invalid", "/1");
  await refused("number,,displayName\n1010,,Ada\n", "invalid", "/1");
  await refused("", "invalid", "/1");
  await refused("number,displayName\n1010,Ada,more\n", "invalid", "/2");
  await refused('number,displayName\n1010,"Ada\n', "invalid", "/2");
  expect((await send(new Uint8Array([0x6e, 0xe9, 0x0a]))).body.code).toBe("malformed");
  expect((await send(`number\n${"x".repeat(2 * 1024 * 1024)}`)).status).toBe(413);
  expect(await revision()).toBe(before);
});

test("rows that others' numbers or a limit refuse are told each by its line, and nothing is imported", async () => {
  await fresh();
  await imported("number\n+15557771001\n+15557771002\n", "phone-numbers");
  await fresh();
  const refusedRows = async (text: string, kind: string, query = "") => {
    const { status, body } = await send(text, kind, query);
    const rows = body.rows as unknown as { line: number; op: string; key: string; errors: { pointer: string }[] }[];
    return [status, body.code, ...(rows ?? []).map((row) => [row.line, row.key, row.op, row.errors[0]?.pointer])];
  };
  const numbers = "number\n+15557771001\n+15557771009\n+15557771002\n";
  for (const query of ["", "?dryRun=true"])
    expect(await refusedRows(numbers, "phone-numbers", query)).toEqual([
      ...[409, "taken"],
      ...[
        [2, "+15557771001"],
        [4, "+15557771002"],
      ].map(([line, key]) => [line, key, "refused", `/${line}/number`]),
    ]);
  await make("extensions", { number: "1001" });
  expect((await control.call("PUT", `${base}/limits`, { extensions: 2 })).status).toBe(200);
  const before = await revision();
  for (const query of ["", "?dryRun=true"])
    expect(await refusedRows("number\n1010\n1001\n1011\n1012\n", "extensions", query)).toEqual([
      ...[422, "limit_reached"],
      ...[
        [4, "1011"],
        [5, "1012"],
      ].map(([line, key]) => [line, key, "refused", `/${line}/number`]),
    ]);
  const { body } = await send("number\n1010\n1011\n", "extensions");
  expect(body.detail).toMatch(
    /^Line 3, number: There may be 2 extensions and there are 1: .*\. Nothing was imported\.$/,
  );
  expect(body.limit).toMatchObject({ name: "extensions", value: 2, used: 1 });
  expect(await revision()).toBe(before);
  expect((await imported("number\n1010\n", "extensions")).created).toBe(1);
});

test("a dry run tells what would come of each row, without what it makes", async () => {
  await fresh();
  const before = await revision();
  const result = await imported("\ufeffnumber\n1001\n", "extensions", "?dryRun=true");
  expect(result).toEqual({
    ...{ revision: null, created: 1, updated: 0, same: 0 },
    rows: [{ line: 2, op: "create", key: "1001", id: null, errors: [] }],
  });
  expect(await revision()).toBe(before);
});

test("phone numbers with destinations, in UTF-16 with tabs as Excel saves Unicode text", async () => {
  await fresh();
  await make("extensions", { number: "1001" });
  const file = "number\tlabel\tdestination\trecording\r\n+15557770001\tHörer\textension:1001\tyes\r\n";
  const { rows } = await imported(Buffer.from(`\ufeff${file}`, "utf16le"), "phone-numbers");
  const ref = (await get("extensions/1001")).id;
  expect(await get(`phone-numbers/${rows[0]?.id}`)).toMatchObject({
    ...{ number: "+15557770001", label: "Hörer", destination: { kind: "extension", ref }, recording: true },
  });
  expect(await exported("phone-numbers")).toBe(
    "number,label,destination,callerNamePrefix,recording,language\r\n+15557770001,Hörer,extension:1001,,true,\r\n",
  );
});

test("an export has every column but secrets, those that pass its filter, and no name that the key may not read", async () => {
  await fresh();
  await make("voicemail-boxes", { number: "9001" });
  await make("extensions", { number: "1001", displayName: "=cmd|' /C calc'!A0", externalCallerId: "+15550100" });
  await make("extensions", { number: "1002", voicemailBox: "9001", hotDeskPin: "4711" });
  const [header, ...rows] = readCsv(await exported("extensions")).map(({ cells }) => cells);
  expect(header).toEqual([
    ...["number", "displayName", "enabled", "ringSeconds", "voicemailBox", "externalCallerId", "externalCallerName"],
    ...["emergencyCallerId", "emergencyLocation", "forward.always", "forward.busy", "forward.noAnswer"],
    ...["forward.notRegistered", "doNotDisturb", "callWaiting", "followMe.enabled", "followMe.confirm", "recording"],
    ...["recordOnDemand", "outbound.permission", "supervisor", "pickupGroup", "language", "username"],
  ]);
  expect(rows.map((cells) => [cells[0], cells[1], cells[4], cells[5]])).toEqual([
    ["1001", "'=cmd|' /C calc'!A0", "", "+15550100"],
    ["1002", "", "9001", ""],
  ]);
  expect(readCsv(await exported("extensions", "?number=1002"))).toHaveLength(2);
  const marked = await fetch(`${control.url}${base}/extensions/export?bom=true`, {
    headers: { authorization: `Bearer ${control.key}` },
  });
  expect([...new Uint8Array(await marked.arrayBuffer()).slice(0, 4)]).toEqual([0xef, 0xbb, 0xbf, 0x6e]);
  const minted = await control.call("POST", "/v1/api-keys", { name: "k", scopes: ["extensions:read"], tenantId: id });
  const told = readCsv(await exported("extensions", "", String(minted.body.key)));
  expect(told[2]?.cells[4]).toBe((await get("voicemail-boxes/9001")).id);
});

test("what is exported reads back as it was, whatever people typed, and makes another tenant's the same", async () => {
  await fresh();
  const from = base;
  const typed = fc
    .array(
      fc.oneof(fc.constantFrom(..."=+-@'\",; 1é＝", "+15550100", "''"), fc.string({ unit: "grapheme", maxLength: 2 })),
      {
        minLength: 1,
        maxLength: 5,
      },
    )
    .map((parts) => parts.join(""));
  const text = fc.oneof(fc.constant(null), typed);
  let next = 1000;
  await fc.assert(
    fc.asyncProperty(text, text, typed, async (displayName, emergencyLocation, name) => {
      base = from;
      const menu = await control.call("POST", `${base}/menus`, { name: name.slice(0, 30) });
      const always = menu.status === 201 ? { kind: "menu", ref: String(menu.body.id) } : null;
      const body = { number: String(next++), displayName, emergencyLocation, forward: { always } };
      fc.pre((await control.call("POST", `${base}/extensions`, body)).status === 201);
      expect(await imported(await exported("extensions"))).toMatchObject({ revision: null, created: 0, updated: 0 });
    }),
    { numRuns: 12 },
  );
  const table = await exported("extensions");
  const { data: menus } = (await control.call("GET", `${from}/menus?limit=100`)).body as unknown as {
    data: { name: string }[];
  };
  await fresh();
  await control.call("POST", `${base}/menus/batch`, { create: menus.map(({ name }) => ({ name })) });
  expect((await imported(table)).created).toBe(readCsv(table).length - 1);
  expect(await exported("extensions")).toBe(table);
}, 20_000);

test("more than 500 changes are a job's, with the same report", async () => {
  await fresh();
  const rows = Array.from({ length: 501 }, (_, n) => [String(2000 + n), `Nr ${n}`]);
  const queued = await send(writeCsv([["number", "displayName"], ...rows]));
  expect([queued.status, queued.body.kind], queued.text).toEqual([202, "import"]);
  const result = await vi.waitFor(
    async () => {
      const { body, text } = await control.call("GET", String(queued.headers.get("location")));
      expect(body.state, text).toBe("succeeded");
      return body.result as unknown as Imported;
    },
    { timeout: 20_000 },
  );
  expect([result.created, result.rows[500]]).toEqual([
    501,
    expect.objectContaining({ line: 502, op: "create", key: "2500", secrets: [expect.any(Object)] }),
  ]);
  expect((await get(`extensions/${result.rows[500]?.id}`)).displayName).toBe("Nr 500");
}, 40_000);
