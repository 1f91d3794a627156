// Control plane and agent together, over a queue that loses, doubles, delays and reorders, with an agent that is killed: every edge ends where the cloud is.
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Stack, startStack } from "../support/stack.ts";

type Fate = "ok" | "lost" | "twice" | "late";
type Step =
  | { do: "name"; tenant: number; text: string }
  | { do: "create"; tenant: number; number: number }
  | { do: "delete"; tenant: number; number: number }
  | { do: "rotate"; tenant: number }
  | { do: "rollback"; tenant: number }
  | { do: "domain"; tenant: number; label: string }
  | { do: "kill" };

const tenant = fc.nat(2);
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant("name" as const),
      tenant,
      text: fc.string({ maxLength: 20, unit: "grapheme" }),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constant("create" as const), tenant, number: fc.integer({ min: 2000, max: 2005 }) }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant("delete" as const), tenant, number: fc.integer({ min: 2000, max: 2005 }) }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("rotate" as const), tenant }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("rollback" as const), tenant }) },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant("domain" as const), tenant, label: fc.stringMatching(/^[a-z]{6,10}$/) }),
  },
  { weight: 1, arbitrary: fc.constant({ do: "kill" as const }) },
);
const fate = fc.oneof(
  { weight: 4, arbitrary: fc.constant<Fate>("ok") },
  { weight: 2, arbitrary: fc.constant<Fate>("lost") },
  { weight: 1, arbitrary: fc.constant<Fate>("twice") },
  { weight: 2, arbitrary: fc.constant<Fate>("late") },
);

describe("an edge", { timeout: 120_000 }, () => {
  let stack: Stack;
  beforeAll(async () => {
    stack = await startStack({ freeswitch: false });
  }, 60_000);
  afterAll(() => stack?.stop());

  /** From now on messages have these fates, one after another; returns what undoes it. */
  function disturb(fates: Fate[]): () => void {
    const { ctx } = stack.control;
    const { queues } = ctx;
    let next = 0;
    ctx.queues = {
      ...queues,
      async send(url, body) {
        const now = fates[next++ % fates.length];
        if (now === "lost") return;
        if (now === "late") return void setTimeout(() => queues.send(url, body).catch(() => undefined), 150);
        await queues.send(url, body);
        if (now === "twice") await queues.send(url, body);
      },
    };
    return () => {
      ctx.queues = queues;
    };
  }

  async function carryOut(paths: string[], { ...act }: Step): Promise<void> {
    if (act.do === "kill") {
      await stack.endAgent("SIGKILL");
      return stack.startAgent();
    }
    const path = paths[act.tenant] ?? "";
    if (act.do === "name") await stack.call("PATCH", `${path}/extensions/1001`, { displayName: act.text });
    if (act.do === "create") await stack.call("POST", `${path}/extensions`, { number: String(act.number) });
    if (act.do === "delete") await stack.call("DELETE", `${path}/extensions/${act.number}`);
    if (act.do === "rotate")
      await stack.call("PATCH", `${path}/extensions/1001`, {
        devices: [{ username: "1001", password: `rotated-${Math.random()}` }],
      });
    if (act.do === "domain")
      await stack.call("PATCH", path, { domain: `${act.label}${Math.random().toString(36).slice(2, 8)}.example` });
    if (act.do === "rollback") {
      const { body } = await stack.call("GET", path);
      await stack.call("POST", `${path}/rollback`, { revision: Math.max(0, Number(body.revision) - 2) });
    }
  }

  it("ends at the control plane's digest, whatever was written and whatever happened to messages and to itself", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { minLength: 5, maxLength: 25 }),
        fc.array(fate, { minLength: 3, maxLength: 12 }),
        async (steps, fates) => {
          const calm = disturb(fates);
          const paths: string[] = [];
          for (let n = 0; n < 3; n++) {
            const { body } = await stack.call("POST", "/v1/tenants", { name: `Tenant ${n}` });
            paths.push(`/v1/tenants/${body.id}`);
            await stack.call("POST", `/v1/tenants/${body.id}/extensions`, { number: "1001" });
          }
          for (const one of steps) await carryOut(paths, one);
          calm();
          for (const path of paths) await stack.inStep(path);
          for (const path of paths) {
            const { body: settings } = await stack.call("GET", path);
            const domain = String(settings.domain);
            const { body } = await stack.call("GET", `${path}/extensions?limit=100`);
            for (const number of (body.data as unknown as { number: string }[]).map((extension) => extension.number))
              expect(await stack.lookup(registering(number, domain))).toContain("a1-hash");
            expect(await stack.lookup(registering("2099", domain))).toContain("not found");
          }
        },
      ),
      { numRuns: 6, endOnFailure: true },
    );
  });

  it("knows the password again of an extension that a rollback brought back", async () => {
    const { body } = await stack.call("POST", "/v1/tenants", { name: "Back", domain: "back.example" });
    const path = `/v1/tenants/${body.id}`;
    await stack.call("POST", `${path}/extensions`, { number: "1001" });
    await stack.inStep(path);
    const before = await stack.lookup(registering("1001", "back.example"));
    expect(before).toContain("a1-hash");
    expect((await stack.call("DELETE", `${path}/extensions/1001`)).status).toBe(204);
    await stack.inStep(path);
    expect(await stack.lookup(registering("1001", "back.example"))).toContain("not found");
    expect((await stack.call("POST", `${path}/rollback`, { revision: 1 })).status).toBe(200);
    await stack.inStep(path);
    expect(await stack.lookup(registering("1001", "back.example"))).toBe(before);
  });

  it("has a tenant's lookups gone when the tenant is deleted, also if the message is lost", async () => {
    const { body } = await stack.call("POST", "/v1/tenants", { name: "Gone", domain: "gone.example" });
    await stack.call("POST", `/v1/tenants/${body.id}/extensions`, { number: "1001" });
    await stack.inStep(`/v1/tenants/${body.id}`);
    expect(await stack.lookup(registering("1001", "gone.example"))).toContain("a1-hash");
    const calm = disturb(["lost"]);
    expect((await stack.call("DELETE", `/v1/tenants/${body.id}`)).status).toBe(204);
    await expect
      .poll(() => stack.lookup(registering("1001", "gone.example")), { timeout: 15_000 })
      .toContain("not found");
    calm();
  });
});

/** The directory lookup of a REGISTER. */
function registering(user: string, domain: string): Record<string, string> {
  const who = { user, domain, key_value: domain, sip_auth_username: user, sip_auth_realm: domain };
  const hosts = { sip_from_user: user, sip_from_host: domain, sip_to_user: user, sip_to_host: domain };
  return {
    section: "directory",
    tag_name: "domain",
    key_name: "name",
    action: "sip_auth",
    sip_profile: "phones",
    sip_auth_method: "REGISTER",
    ...who,
    ...hosts,
  };
}
