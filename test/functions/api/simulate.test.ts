// Simulations that type: menus, PINs, directories, as the phone would meet them.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { newTenant, type Reply, type TestControl, testControl } from "../../support/control.ts";

let control: TestControl;
let base: string;
const post = (path: string, body: unknown, key?: string): Promise<Reply> =>
  control.call("POST", base + path, body, key === undefined ? {} : { key });
const simulate = (to: string, digits: string[], more: Record<string, unknown> = {}) =>
  post("/simulate", { from: "1001", to, digits, ...more });
const why = ({ body }: Reply) => (body.steps as unknown as { why: string }[]).map((step) => step.why);

beforeAll(async () => {
  control = await testControl();
  base = (await newTenant(control)).path;
  const put = async (plural: string, body: unknown) => expect((await post(`/${plural}`, body)).status).toBe(201);
  await put("extensions", { number: "1001", displayName: "Ada Lovelace" });
  await put("extensions", { number: "1002", displayName: "Grace Hopper" });
  await put("conferences", { name: "board", extensionNumber: "800", pin: "4711", moderatorPin: "9999", maxMembers: 5 });
  await put("directories", { name: "all" });
  await put("menus", {
    name: "main",
    extensionNumber: "700",
    dialByExtension: true,
    directory: "all",
    options: [{ digits: "1", label: "Board", destination: { kind: "conference", ref: "board" } }],
    timeout: { kind: "extension", ref: "1001" },
  });
});
afterAll(() => control.stop());

describe("a simulation that types", () => {
  test("goes through menus as the phone would, and says what was pressed", async () => {
    const said = await simulate("700", ["7", "1002"]);
    expect(said.body).toMatchObject({ outcome: { do: "ring", extension: "1002" } });
    expect(why(said)).toEqual([
      "dialled 700",
      "pressed 7, which leads nowhere in try 1 of 3",
      "dialled extension 1002",
    ]);
    expect((await simulate("700", ["99", "472"])).body.outcome).toMatchObject({ do: "ring", extension: "1002" });
  });

  test("that types nothing goes where a menu sends those who do", async () => {
    for (const more of [{ digits: [] }, {}]) {
      const said = await post("/simulate", { from: "1002", to: "700", ...more });
      expect(said.body.outcome).toMatchObject({ do: "ring", extension: "1001" });
      expect(why(said).at(-1)).toBe("pressed nothing in the last of 3 tries");
    }
  });

  test("takes a star for all who are not named", async () => {
    const nobody = await simulate("700", [], { assume: { "*": "no-answer" } });
    expect(nobody.body.outcome).toMatchObject({ do: "hangup", cause: "unavailable" });
    const but = await simulate("700", [], { assume: { "*": "no-answer", 1001: "answered" } });
    expect(but.body.outcome).toMatchObject({ do: "ring", extension: "1001" });
  });

  test("knows a right PIN from a wrong one", async () => {
    const right = await simulate("800", ["1234#", "9999#"]);
    expect(right.body.outcome).toMatchObject({ do: "conference", moderator: true });
    expect(why(right)).toContain("a wrong PIN was typed in try 1 of 3");
    expect((await simulate("700", ["1", "4711"])).body.outcome).toMatchObject({ do: "conference", moderator: false });
    const wrong = await simulate("800", ["1", "2", "3"]);
    expect(wrong.body.outcome).toMatchObject({ do: "hangup", cause: "rejected" });
    const full = await simulate("800", ["4711"], { assume: { board: "busy" } });
    expect(full.body.outcome).toMatchObject({ do: "hangup", cause: "busy" });
    expect(why(full)).toContain("is full: 5 are in it");
  });

  test("may try PINs only with a key that may read secrets", async () => {
    const tenantId = base.split("/").at(-1);
    const mint = async (scopes: string[]) =>
      String((await control.call("POST", "/v1/api-keys", { name: "k", scopes, tenantId })).body.key);
    const body = { from: "1001", to: "800", digits: ["4711"] };
    const few = await mint(["simulate:read"]);
    expect(await post("/simulate", body, few)).toMatchObject({ status: 403, body: { code: "forbidden" } });
    expect((await post("/simulate", { from: "1001", to: "700", digits: ["1002"] }, few)).status).toBe(200);
    expect((await post("/simulate", body, await mint(["simulate:read", "secrets:read"]))).status).toBe(200);
  });

  test("picks up, and takes out of a slot, what it is told goes on", async () => {
    expect((await simulate("**1002", [])).body.outcome).toMatchObject({ do: "hangup", cause: "not-found" });
    expect((await simulate("**1002", [], { ringing: ["1002"] })).body.outcome).toMatchObject({ do: "pickup" });
    await post("/parking-lots", { name: "lot", extensionNumber: "870", firstSlot: "871", slots: 2 });
    expect((await simulate("870", [], { parked: ["871"] })).body.outcome).toMatchObject({ do: "park", slot: "872" });
    expect((await simulate("871", [], { parked: ["871"] })).body.outcome).toMatchObject({ do: "unpark", slot: "871" });
    const back = await simulate("870", [], { assume: { lot: "no-answer" } });
    expect(why(back).at(-1)).toBe("nobody took the call within 120 s");
  });

  test("refuses what nobody can type", async () => {
    for (const digits of [["a"], ["1".repeat(33)], Array(51).fill("1"), "1"])
      expect((await post("/simulate", { from: "1001", to: "700", digits })).status).toBe(422);
  });
});
