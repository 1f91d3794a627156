// A code dialled while the control plane is down: it works at once, outlives the agent, and is told once when the control plane is back.
import { afterAll, beforeAll, expect, test } from "vitest";
import { dialled } from "../edge-agent/drivers/freeswitch/requests.ts";
import { type Stack, startStack } from "../support/stack.ts";

let stack: Stack;
beforeAll(async () => {
  stack = await startStack({ freeswitch: false });
}, 60_000);
afterAll(() => stack?.stop());

test("a code works with the control plane down, outlives the agent, and is told once", {
  timeout: 60_000,
}, async () => {
  const { body: tenant } = await stack.call("POST", "/v1/tenants", { name: "Acme" });
  const path = `/v1/tenants/${tenant.id}`;
  for (const number of ["1001", "1002"])
    expect((await stack.call("POST", `${path}/extensions`, { number })).status).toBe(201);
  await stack.inStep(path);
  const dial = (to: string, from = "1001") =>
    stack.lookup(dialled({ id: String(tenant.id), domain: String(tenant.domain) }, from, to));
  const set = async () => (await stack.call("GET", `${path}/extensions/1001/runtime`)).body;

  await stack.stopControl();
  expect(await dial("*721002")).toContain("end.done");
  expect(await dial("*78")).toContain("end.done");
  await stack.endAgent("SIGKILL");
  await stack.startAgent();
  await stack.startControl();
  await expect.poll(set, { timeout: 30_000 }).toMatchObject({ doNotDisturb: true, forwardAlways: "1002" });
  const { body } = await stack.call("GET", `${path}/runtime`);
  const { edges } = (await stack.call("GET", `${path}/sync`)).body as unknown as { edges: { id: string }[] };
  const by = edges[0]?.id;
  expect(body.data).toEqual([
    expect.objectContaining({ field: "doNotDisturb", value: true, by }),
    expect.objectContaining({ field: "forwardAlways", value: "1002", by }),
  ]);
  // what the API says then is what the edge goes by
  const rung = (username: string) => `sofia/phones/${username}%`;
  expect(await dial("1001", "1002")).toContain(rung("1002"));
  await stack.call("PATCH", `${path}/extensions/1001/runtime`, { forwardAlways: null, doNotDisturb: false });
  await expect.poll(() => dial("1001", "1002"), { timeout: 20_000 }).toContain(rung("1001"));
});
