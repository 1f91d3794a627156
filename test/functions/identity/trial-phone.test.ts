// A trial's own phone: a code that only the phone hears, good once and for few tries, opens that one number.
import { afterAll, beforeAll, expect, test } from "vitest";
import { newTenant, type TestControl, testControl } from "../../support/control.ts";
import { type EdgeQueue, enrolQueue } from "../../support/queue.ts";
import { goodPassword, mailbox, type Visitor, visitor } from "../../support/visitor.ts";

let control: TestControl;
let queue: EdgeQueue;
let owner: Visitor;
let path: string;
let account: string;
const mails = mailbox();
const mobile = "+33612345678";

beforeAll(async () => {
  control = await testControl({ mailer: mails.mailer });
  const pool = String((await control.call("POST", "/v1/pools", { name: "one" })).body.id);
  queue = await enrolQueue(control, pool);
  account = String((await control.call("POST", "/v1/accounts", { name: "Voice", country: "FR" })).body.id);
  const operator = (await control.call("GET", "/v1/me")).body.accountId;
  const signUp = { accountId: account, poolId: pool };
  await control.call("PUT", `/v1/accounts/${operator}/brand`, { name: "Voice", signUp });
  const email = "ada@trial.example";
  const wanted = { email, name: "Ada", company: "Ada", password: goodPassword };
  owner = visitor(control);
  expect((await owner.call("POST", "/v1/identity/sign-up", wanted)).status).toBe(204);
  const token = await mails.tokenFor(email);
  const { body } = await owner.call("POST", "/v1/identity/sign-up/verify", { token });
  path = `/v1/tenants/${(body.member as unknown as { tenantId: string }).tenantId}`;
  await queue.take();
}, 60_000);
afterAll(async () => {
  queue.close();
  await control.stop();
});

const phone = (number: string) => owner.call("POST", `${path}/trial/phone`, { number });
const verify = (code: string) => owner.call("POST", `${path}/trial/phone/verify`, { code });
/** The code that the host is told to speak. */
async function spoken(): Promise<string> {
  const sent = (await queue.take()) as { type: string; arguments?: { code?: string; number?: string } }[];
  const command = sent.find(({ type }) => type === "command");
  expect(command?.arguments?.number).toBe(mobile);
  return command?.arguments?.code ?? "";
}
const open = async () =>
  ((await owner.call("GET", `${path}/limits`)).body.limits as unknown as Record<string, { value: unknown }>).onlyNumbers
    ?.value;

test("without a trunk it says what to do, and abroad no phone is called", async () => {
  expect((await phone(mobile)).body.detail).toContain("no trunk");
  const trunk = { name: "out", host: "192.0.2.1" };
  expect((await control.call("POST", `/v1/accounts/${account}/trunks`, trunk)).status).toBe(201);
  for (const number of ["+12025550123", "112", "x"])
    expect((await phone(number)).body.errors, number).toMatchObject([{ pointer: "/number" }]);
  await queue.take();
});

test("the code is the host's alone to know, is good once, and opens that number", async () => {
  const asked = await phone("06 12 34 56 78");
  expect([asked.status, asked.body.name], asked.text).toEqual([202, "say-code"]);
  const code = await spoken();
  expect(code).toMatch(/^\d{6}$/);
  const shown = await owner.call("GET", `${path}/commands/${asked.body.id}`);
  expect(shown.text + asked.text).not.toContain(code);
  expect((await verify(code === "000000" ? "000001" : "000000")).body.errors).toMatchObject([{ pointer: "/code" }]);
  expect(await open()).toEqual([]);
  expect((await verify(code)).body).toEqual({ number: mobile });
  expect(await open()).toEqual([mobile]);
  expect((await verify(code)).status).toBe(422);
});

test("five tries spend a code, the right one too, and so many are spoken a day", async () => {
  await phone(mobile);
  const code = await spoken();
  for (let n = 0; n < 5; n++) await verify(String((Number(code) + 1 + n) % 1_000_000).padStart(6, "0"));
  expect((await verify(code)).status).toBe(422);
  const statuses = [];
  for (let n = 0; n < 4; n++) statuses.push((await phone(mobile)).status);
  expect(statuses.at(-1)).toBe(429);
});

test("a tenant that is not on trial has none, nor has one whose trial is over", async () => {
  const other = await newTenant(control);
  expect((await control.call("POST", `${other.path}/trial/phone`, { number: mobile })).status).toBe(409);
  expect((await control.call("DELETE", `${path}/trial`)).status).toBe(204);
  expect(await open()).toBeUndefined();
  expect((await owner.call("POST", `${path}/trial/phone`, { number: mobile })).body.code).toBe("conflict");
});
