// What was made of a dump, applied: phones register with the passwords they have, calls go where they went before.
import { createHash } from "node:crypto";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { auth, read } from "../../edge-agent/drivers/freeswitch/requests.ts";
import { type Stack, startStack } from "../../support/stack.ts";
import { damaged, importOf, importOfRows, sample, wounds } from "./sample.ts";

const imported = importOf(sample);

let stack: Stack;
beforeAll(async () => {
  stack = await startStack({ freeswitch: false });
  const { body: me } = await stack.call("GET", "/v1/me");
  const account = await stack.call("POST", `/v1/accounts/${me.accountId}/apply`, imported.account);
  expect(account.status, account.text).toBe(200);
}, 60_000);
afterAll(() => stack?.stop());

it("whatever a dump holds, the control plane takes what was made of it", { timeout: 60_000 }, async () => {
  const { body: empty } = await stack.call("POST", "/v1/tenants", { name: "Empty" });
  await fc.assert(
    fc.asyncProperty(wounds, async (hurt) => {
      const { account, tenants } = importOfRows(damaged(hurt));
      // its routes may name the account's trunks, which are there as they were
      if (JSON.stringify(account) !== JSON.stringify(imported.account)) return;
      for (const { document } of tenants) {
        const { domain: _, ...settings } = document.settings as Record<string, unknown>;
        const answer = await stack.call("POST", `/v1/tenants/${empty.id}/apply?dryRun=true`, { ...document, settings });
        expect(answer.status, answer.text).toBe(200);
      }
    }),
    { numRuns: 8 },
  );
});

describe("the documents of the sample", { timeout: 60_000 }, () => {
  const paths = new Map<string, string>();
  beforeAll(async () => {
    for (const { domain, document } of imported.tenants) {
      const made = await stack.call("POST", "/v1/tenants", document.settings);
      expect(made.status, made.text).toBe(201);
      const path = `/v1/tenants/${made.body.id}`;
      paths.set(domain, path);
      const applied = await stack.call("POST", `${path}/apply`, document);
      expect(applied.status, applied.text).toBe(200);
      await stack.inStep(path);
    }
  }, 60_000);

  it.each([
    ["1001", "acme.example", `k7;Q'x"\${a}&<\\z9`],
    ["1002", "acme.example", "pass-1002-word"],
    ["alice", "acme.example", "alice-secret-9"],
    ["1001", "beta.example", "beta-1001-pass"],
  ])("%s@%s registers with the password it had", async (user, domain, password) => {
    const answer = read(await stack.lookup(auth("REGISTER", user, domain)));
    expect(answer.params["a1-hash"]).toBe(createHash("md5").update(`${user}:${domain}:${password}`).digest("hex"));
  });

  it.each([
    ["a weekday at ten in Chicago", "2026-06-02T15:00:00Z", "ring-group/Sales"],
    ["a weekday at five in Chicago", "2026-06-02T22:00:00Z", "voicemail-box/1001"],
    ["a Saturday at eleven", "2026-06-06T16:00:00Z", "extension/1001"],
    ["Christmas at ten", "2026-12-25T16:00:00Z", "announcement/Welcome (2)"],
    ["New Year's Eve at eight in the evening", "2027-01-01T02:00:00Z", "extension/1002"],
  ])("on %s the main line leads where its time condition led", async (_, at, goesTo) => {
    expect(await way("acme.example", "+12125550100", at)).toContain(goesTo);
  });

  it.each([
    ["acme.example", "+12125550101", "menu/Main"],
    ["acme.example", "+12125550102", "queue/Support"],
    ["acme.example", "+12125550104", "voicemail-box/1001"],
    ["beta.example", "+4930901820", "extension/1001"],
  ])("in %s %s leads to %s", async (domain, number, goesTo) => {
    expect(await way(domain, number, "2026-06-02T15:00:00Z")).toContain(goesTo);
  });

  /** What a call from outside passes through. */
  async function way(domain: string, to: string, at: string): Promise<string[]> {
    const path = paths.get(domain);
    const { body, text } = await stack.call("POST", `${path}/simulate`, { from: "+13125550199", to, at });
    const steps = body.steps as unknown as { at: string; goesTo: string | null }[] | undefined;
    expect(steps, text).toBeDefined();
    return (steps ?? []).flatMap((step) => [step.at, step.goesTo ?? ""]);
  }

  it("a second apply changes nothing but the secrets", async () => {
    const [one] = imported.tenants;
    const again = await stack.call("POST", `${paths.get("acme.example")}/apply?dryRun=true`, one?.document);
    const diff = again.body.diff as unknown as { op: string; kind: string }[];
    expect(diff.filter(({ op }) => op !== "update")).toEqual([]);
  });
});
