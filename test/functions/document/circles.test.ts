// Calls must not go round by themselves: a write that would make them is refused, and says which way they would go.
import { afterAll, beforeAll, expect, test } from "vitest";
import { newTenant, type TestControl, testControl } from "../../support/control.ts";

let control: TestControl;
beforeAll(async () => {
  control = await testControl();
});
afterAll(() => control.stop());

const put = async (path: string, body: Record<string, unknown>, status = 201) => {
  const reply = await control.call("POST", path, body);
  expect(reply.status, reply.text).toBe(status);
  return reply;
};

test("a circle is refused when it is closed, with the path named, and not before", async () => {
  const { path } = await newTenant(control);
  await put(`${path}/ring-groups`, { name: "sales" });
  await put(`${path}/directories`, { name: "names", afterwards: { kind: "ring-group", ref: "sales" } });
  await put(`${path}/schedules`, { name: "office", closed: { kind: "directory", ref: "names" } });
  const reply = await control.call("POST", `${path}/apply`, {
    "ring-groups": [{ name: "sales", afterwards: { kind: "schedule", ref: "office" } }],
  });
  expect([reply.status, reply.body.code]).toEqual([422, "invalid"]);
  expect(reply.body.errors).toEqual([
    {
      pointer: "/ring-groups/0/afterwards",
      detail:
        "calls would go round: ring-group/sales → schedule/office → directory/names → ring-group/sales; send one of them elsewhere",
    },
  ]);
});

test("two people who forward to one another, or a group to itself, are refused, whether they come one by one or at once", async () => {
  const { path } = await newTenant(control);
  const forward = (number: string) => ({
    noAnswer: { kind: "extension", ref: number },
    always: null,
    busy: null,
    notRegistered: null,
  });
  const reply = await control.call("POST", `${path}/apply`, {
    extensions: [
      { number: "1001", forward: forward("1002") },
      { number: "1002", forward: forward("1001") },
      { number: "1003", forward: forward("1003") },
      { number: "1004", forward: forward("1001") },
    ],
  });
  expect(reply.status).toBe(422);
  expect(reply.body.errors).toEqual(
    [0, 1, 2].map((index) => ({
      pointer: `/extensions/${index}/forward/noAnswer`,
      detail: expect.stringContaining("calls would go round: extension/"),
    })),
  );
});

test("a way over one of the tenant's own numbers counts, a menu's options do not", async () => {
  const { path } = await newTenant(control);
  await put(`${path}/menus`, { name: "main" });
  const menu = await control.call("POST", `${path}/apply`, {
    menus: [{ name: "main", options: [{ digits: "1", destination: { kind: "menu", ref: "main" } }] }],
  });
  expect(menu.status, menu.text).toBe(200);
  const number = `+1555${String(Date.now()).slice(-7)}`;
  await put(`${path}/phone-numbers`, { number, destination: { kind: "menu", ref: "main" } });
  const reply = await control.call("POST", `${path}/apply`, {
    menus: [{ name: "main", timeout: { kind: "outside-number", number } }],
  });
  expect(reply.status).toBe(422);
  expect(reply.text).toContain(`menu/main → phone-number/${number} → menu/main`);
});
