// Whatever is killed when: every event reaches every endpoint that wants it at least once, under one id, and nobody else.
import fc from "fast-check";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { Context } from "../../../functions/context.ts";
import { dispatchAll } from "../../../functions/events/dispatch.ts";
import { type Event, fits } from "../../../functions/events/event.ts";
import { of } from "../../../functions/events/waiting.ts";
import { newId } from "../../../functions/id.ts";
import * as keys from "../../../functions/keys.ts";
import { due } from "../../../functions/outbox.ts";
import { Conflict, type Item, type Store } from "../../../functions/store/store.ts";
import { tryDelivery } from "../../../functions/webhooks/attempt.ts";
import type { Post } from "../../../functions/webhooks/post.ts";
import { newTenant, type TestControl, testControl } from "../../support/control.ts";

let control: TestControl;
const owners: Record<string, string> = {};
beforeAll(async () => {
  control = await testControl();
  const { body: a } = await control.call("POST", "/v1/accounts", { name: "A" });
  const { body: b } = await control.call("POST", "/v1/accounts", { name: "B" });
  owners.a = `A#${a.id}`;
  owners.b = `A#${b.id}`;
  for (const [name, accountId] of [
    ["a1", a.id],
    ["a2", a.id],
    ["b1", b.id],
  ] as const)
    owners[name] = `T#${(await newTenant(control, { name, accountId })).id}`;
});
afterAll(() => control.stop());

class Killed extends Error {}
/** A store whose process dies at some transactions, before or after they are committed. */
function mortal(store: Store, dies: () => "before" | "after" | "conflict" | undefined): Store {
  return {
    ...store,
    async transact(operations) {
      const how = dies();
      if (how === "conflict") throw new Conflict("injected");
      if (how === "before") throw new Killed();
      await store.transact(operations);
      if (how === "after") throw new Killed();
    },
  };
}

const types = ["command.done", "extension.registered", "trunk.status"];
const filters = ["*", "command.*", "extension.registered", "trunk.status"];
const scenario = fc.record({
  endpoints: fc.array(fc.tuple(fc.constantFrom("a", "b", "a1", "a2", "b1"), fc.subarray(filters, { minLength: 1 })), {
    minLength: 1,
    maxLength: 4,
  }),
  batches: fc.array(
    fc.array(fc.tuple(fc.constantFrom("a1", "a2", "b1"), fc.constantFrom(...types)), { minLength: 1, maxLength: 4 }),
    {
      minLength: 1,
      maxLength: 3,
    },
  ),
  deaths: fc.array(fc.option(fc.constantFrom("before", "after", "conflict"), { freq: 2, nil: undefined }), {
    maxLength: 30,
  }),
  answers: fc.array(fc.constantFrom(204, 500, null), { maxLength: 20 }),
});

it("every matching event comes at least once to every endpoint that wants it, and to no other", async () => {
  await fc.assert(
    fc.asyncProperty(scenario, async ({ endpoints, batches, deaths, answers }) => {
      const run = newId("run");
      // times of its own: what the control plane itself sweeps is never due before
      let time = Date.now() + 3_600_000;
      const now = () => new Date(time);
      const made: { id: string; owner: string; events: string[]; path: string }[] = [];
      for (const [name, events] of endpoints) {
        const owner = owners[name] ?? "";
        const path = `/v1/${owner[0] === "T" ? "tenants" : "accounts"}/${owner.slice(2)}/webhook-endpoints`;
        const { body, text } = await control.call("POST", path, { url: `https://${run}.example/`, events });
        expect(body.id, text).toBeDefined();
        made.push({ id: String(body.id), owner, events, path: `${path}/${body.id}` });
      }
      const told: { owner: string; type: string; number: number }[] = [];
      for (const batch of batches) {
        const events = batch.map(([name, type]) => {
          const owner = owners[name] as `T#${string}`;
          told.push({ owner, type, number: told.length });
          return { type, owner, data: { run, number: told.length - 1 } };
        });
        await control.ctx.store.transact(of(`EDGE#${run}`, String(told.length), events, now().toISOString()));
      }
      const came: { endpoint: string; event: Event }[] = [];
      const steps = [...deaths];
      const ctx: Context = { ...control.ctx, now, store: mortal(control.ctx.store, () => steps.shift()) };
      const survive = (work: Promise<unknown>) => work.catch(() => undefined);
      // nothing may be due for as long as the longest pause between two tries, a fifth more than a day
      for (let round = 0, quiet = 0; round < 120 && quiet < 16; round++) {
        await survive(Promise.all([survive(dispatchAll(ctx, 0)), survive(dispatchAll(ctx, 0))]));
        const items: Item[] = [];
        for await (const item of due(ctx, keys.index.deliveries))
          if (made.some(({ id }) => id === item.endpoint)) items.push(item);
        const post =
          (item: Item): Post =>
          async (_, __, body) => {
            came.push({ endpoint: String(item.endpoint), event: JSON.parse(body) as Event });
            const status = answers.shift() ?? 204;
            return { status, error: status === 204 ? null : "x" };
          };
        // two senders that found the same things
        await Promise.all([...items, ...items].map((item) => survive(tryDelivery(ctx, post(item), item))));
        time += 7_200_000;
        quiet = items.length === 0 ? quiet + 1 : 0;
      }
      const ids = new Map<number, string>();
      const here = came.filter(({ event }) => event.data.run === run);
      for (const { event } of here) {
        const number = Number(event.data.number);
        expect(ids.get(number) ?? event.id).toBe(event.id);
        ids.set(number, event.id);
      }
      for (const { id, owner, events } of made)
        for (const one of told) {
          const within =
            owner === one.owner ||
            (owner === owners.a ? ["a1", "a2"] : owner === owners.b ? ["b1"] : []).some(
              (name) => owners[name] === one.owner,
            );
          const times = here.filter(
            ({ endpoint, event }) => endpoint === id && event.data.number === one.number,
          ).length;
          if (within && fits(events, one.type)) expect(times).toBeGreaterThan(0);
          else expect(times).toBe(0);
        }
      for (const { path } of made) await control.call("DELETE", path);
    }),
    { numRuns: 25 },
  );
}, 120_000);
