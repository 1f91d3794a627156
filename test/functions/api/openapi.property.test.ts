// Random requests, made of the OpenAPI document's own schemas and of hostile text, to every route: never a 500, always an answer as the document says,
// and after each the documents are whole: references lead somewhere, digests are what the resources sum up to, a change is one revision.
// FUZZ_RUNS says how many requests (npm run test:long: 20,000).
import fc from "fast-check";
import { afterEach, beforeEach, expect, test } from "vitest";
import { canonical } from "../../../core/canonical.ts";
import { accountOwner, idOf, type Owner, tenantOwner } from "../../../core/owner.ts";
import { byPlural, isForEdges, type KindName, kindOf } from "../../../core/registry.ts";
import { places } from "../../../core/resources/marks.ts";
import { readHead } from "../../../functions/document/head.ts";
import { openView } from "../../../functions/document/view.ts";
import { newTenant, type Reply, type TestControl, testControl } from "../../support/control.ts";
import { fitting, hostile, spoilt } from "../../support/from-schema.ts";
import { digestOf, reckon } from "../../support/reckoning.ts";
import { type Operation, type Reference, readReference } from "../../support/reference.ts";
import { enrolEdge } from "../../support/signed-edge.ts";
import { uploadFor } from "../../support/upload.ts";

const runs = Number(process.env.FUZZ_RUNS ?? 200);
/** So many a control plane: each request looks at whole documents, which grow with what was made. */
const roundRuns = 1000;
const rounds = Array.from({ length: Math.ceil(runs / roundRuns) }, (_, index) =>
  Math.min(roundRuns, runs - index * roundRuns),
);

let control: TestControl;
let reference: Reference;
let tenant: string;
let account: string;
let ownKey: string;
/** The account of the key that asks: bounded, it would ask no more. */
let ownAccount: string;
/** Every id that an answer told of, the newest last. */
const seen = new Set<string>();

beforeEach(async () => {
  seen.clear();
  control = await testControl({ rateLimit: { quota: 1_000_000, windowSeconds: 60 } });
  reference = await readReference(control);
  const me = (await control.call("GET", "/v1/me")).body;
  [ownKey, ownAccount] = [String(me.id), String(me.accountId)];
  account = String((await control.call("POST", "/v1/accounts", { name: "Fuzz" })).body.id);
  // before there are tenants, which it would place while requests are sent
  seen.add((await enrolEdge(control)).id);
  tenant = (await newTenant(control, { accountId: account })).id;
  for (const number of ["1001", "1002"]) await control.call("POST", `/v1/tenants/${tenant}/extensions`, { number });
  for (const owner of [`tenants/${tenant}`, `accounts/${account}`])
    for (const [kind, body] of [
      ["prompts", { name: "a" }],
      ["music-on-hold", { name: "b", prompts: ["a"] }],
      ["trunks", { name: "c", host: "c.example" }],
      ["webhook-endpoints", { url: "https://hooks.example/" }],
    ] as const)
      await control.call("POST", `/v1/${owner}/${kind}`, body);
  await control.call("POST", `/v1/tenants/${tenant}/apply`, {
    ...{ "voicemail-boxes": [{ number: "1003" }], conferences: [{ name: "a" }], schedules: [{ name: "a" }] },
    ...{ "ring-groups": [{ name: "a", extensionNumber: "600", members: [{ extension: "1001" }] }] },
  });
});
afterEach(() => control.stop());

type Sent = {
  name: string;
  operation: Operation;
  /** Numbers that choose a value for each parameter in the path. */
  path: Record<string, { pick: number; bad: string | undefined }>;
  query: Record<string, unknown>;
  headers: Record<string, string | undefined>;
  body: unknown;
};

const perhaps = <T>(percent: number, value: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> =>
  fc.oneof({ weight: 100 - percent, arbitrary: fc.constant(undefined) }, { weight: percent, arbitrary: value });
/** An empty part of a path, or dots, would be another path. */
const hostileParts = [...hostile, "%", "a/b"].filter((part) => part !== "");

function requests(): fc.Arbitrary<Sent> {
  const make = fitting(reference.document.components.schemas);
  const of = ([name, operation]: [string, Operation]): fc.Arbitrary<Sent> => {
    const named = (place: string) => operation.parameters.filter((one) => one.in === place);
    const schema = operation.requestBody?.content["application/json"]?.schema;
    const valid = schema ? make(schema) : fc.constant(undefined);
    return fc.record({
      name: fc.constant(name),
      operation: fc.constant(operation),
      path: fc.record(
        Object.fromEntries(
          named("path").map((one) => [
            one.name,
            // hostile ones seldom, else little is reached
            fc.record({ pick: fc.nat(), bad: perhaps(4, fc.constantFrom(...hostileParts)) }),
          ]),
        ),
      ),
      query: fc.record(
        Object.fromEntries(
          named("query").map((one) => [
            one.name,
            perhaps(8, fc.oneof({ weight: 4, arbitrary: make(one.schema) }, fc.constantFrom(...hostile))),
          ]),
        ),
      ),
      headers: fc.record({
        "idempotency-key": perhaps(10, fc.constantFrom("k1", "k2", "k3", "k4", "a b")),
        "if-match": perhaps(10, fc.constantFrom('"1"', '"2"', "*", '"x"')),
      }),
      body: fc.oneof(
        { weight: 7, arbitrary: valid },
        { weight: 2, arbitrary: spoilt(valid) },
        { weight: 1, arbitrary: fc.jsonValue() },
      ),
    });
  };
  // more is made than deleted, or there would soon be nothing to speak of
  const weights: Record<string, number> = { get: 2, post: 6, patch: 4, put: 2, delete: 1 };
  return fc.oneof(
    ...reference.operations.map((each) => ({ weight: weights[each[0].split(" ")[0] ?? ""] ?? 1, arbitrary: of(each) })),
  );
}

/** What a parameter in a path stands for: something that is there, mostly of the right sort. */
function chosenFor(name: string, before: string, { pick, bad }: { pick: number; bad: string | undefined }): string {
  if (bad !== undefined) return bad;
  const one = (values: string[]): string => values[pick % values.length] ?? "";
  const known = (prefix: string) => [...seen].filter((id) => id.startsWith(`${prefix}_`) && id !== ownAccount);
  if (name === "tenant") return one([tenant, tenant, tenant, ...known("ten")]);
  if (name === "account") return one([account, account, account, ...known("acc")]);
  if (name === "revision") return String(pick % 50);
  if (name === "device") return one(["1001", "1002", "desk"]);
  const prefix = byPlural(before)?.prefix ?? prefixes[before];
  const own = (prefix === undefined ? [...seen] : known(prefix)).filter((id) => id !== ownKey);
  return one([...own.slice(-4), "a", "1001"]);
}
const prefixes: Record<string, string> = {
  ...{ "api-keys": "key", edges: "edg", events: "evt", calls: "cal", live: "cal" },
  ...{ "webhook-endpoints": "whe", commands: "cmd", recordings: "rec" },
};

async function send({ name, path, query, headers, body, operation }: Sent): Promise<Reply> {
  const [method = "", template = ""] = name.split(" ");
  const parts = template.split("/").map((part, index, all) => {
    const parameter = /^\{(\w+)\}$/.exec(part)?.[1];
    const choice = parameter === undefined ? undefined : path[parameter];
    return parameter !== undefined && choice
      ? encodeURIComponent(chosenFor(parameter, all[index - 1] ?? "", choice))
      : part;
  });
  const asked = Object.entries(query).filter(([, value]) => value !== undefined);
  const search = new URLSearchParams(asked.map(([key, value]) => [key, String(value)])).toString();
  const types = Object.keys(operation.requestBody?.content ?? {}).filter((type) => type !== "application/json");
  const sent = Object.fromEntries(
    Object.entries(headers).flatMap(([key, value]) => (value === undefined ? [] : [[key, value]])),
  );
  const file = types.length > 0 ? uploadFor({ types }, template) : undefined;
  const url = parts.join("/") + (search && `?${search}`);
  return control.call(method.toUpperCase(), url, operation.requestBody ? body : undefined, {
    ...file,
    headers: { ...sent, ...file?.headers },
  });
}

const ownersOf = (): Owner[] => [tenantOwner(tenant), accountOwner(account)];
type State = { revision: number; digest: string };

async function stateOf(owner: Owner): Promise<State> {
  const head = await readHead(control.ctx.store, owner);
  if (!head) expect.fail(`${owner} is gone`);
  const all = await openView(control.ctx.store, owner).all();
  const ids = new Set(all.map(({ id }) => id));
  const above = await Promise.all(head.path.map((one) => openView(control.ctx.store, accountOwner(one)).all()));
  const lent = new Set([...ids, ...above.flat().map(({ id }) => id)]);
  for (const { kind, id, body } of all)
    for (const { mark, value, pointer } of places(kindOf(kind as KindName).schema, body))
      if (mark.mark === "reference" && typeof value === "string")
        expect((mark.scope === "own" ? ids : lent).has(value), `${kind} ${id} ${pointer} leads nowhere`).toBe(true);
  const sum = (resources: typeof all) =>
    digestOf(resources.map(({ kind, id, body }) => ({ kind, id, text: canonical(body) })));
  expect(head.digest).toBe(sum(all.filter(({ kind }) => isForEdges(kind))));
  return { revision: head.revision, digest: sum(all) };
}

/** What would end the test itself. */
async function endsAll(sent: Sent): Promise<boolean> {
  const chosen = (name: string) => sent.path[name] && chosenFor(name, "", sent.path[name]);
  if (sent.name === "delete /v1/tenants/{tenant}") return chosen("tenant") === tenant;
  if (sent.name !== "delete /v1/accounts/{account}") return false;
  // with all that is in it, wherever the tenant was moved meanwhile
  const heads = await Promise.all(ownersOf().map((owner) => readHead(control.ctx.store, owner)));
  return heads.some((head) => head && [idOf(head.owner), ...head.path].includes(chosen("account") ?? ""));
}

test.each(rounds)(
  "%i random requests are never a 500, are answered as documented, and leave every document whole",
  async (runs) => {
    const statuses = new Map<number, number>();
    let states = await Promise.all(ownersOf().map(stateOf));
    await fc.assert(
      fc.asyncProperty(requests(), async (sent) => {
        if (await endsAll(sent)) return;
        const reply = await send(sent);
        statuses.set(reply.status, (statuses.get(reply.status) ?? 0) + 1);
        expect(reply.status, `${sent.name} ${JSON.stringify(sent.body)} ${reply.text}`).toBeLessThan(500);
        reference.expectAsDocumented(sent.name, reply);
        for (const [id] of reply.text.matchAll(/[a-z]{3}_[0-9A-HJKMNP-TV-Z]{26}/g))
          if (!id.startsWith("req_")) seen.add(id);
        const after = await Promise.all(ownersOf().map(stateOf));
        for (const [index, { revision, digest }] of after.entries()) {
          const before = states[index];
          const grown = revision - (before?.revision ?? 0);
          expect([0, 1], sent.name).toContain(grown);
          if (grown === 0) expect(digest, `${sent.name} changed something without a revision`).toBe(before?.digest);
          if (sent.name.startsWith("get ") || reply.status >= 400)
            expect(grown, `${sent.name} ${reply.status}`).toBe(0);
        }
        states = after;
      }),
      { numRuns: runs, endOnFailure: true },
    );
    for (const owner of ownersOf()) {
      const { changes, head } = await reckon(control.ctx.store, owner);
      const wanted = Array.from({ length: head.revision + 1 }, (_, index) => index);
      expect(changes.map(({ revision }) => revision)).toEqual(wanted);
    }
    // much of what is made of a schema is taken
    const good = [...statuses].filter(([status]) => status < 300).reduce((sum, [, count]) => sum + count, 0);
    expect(good / runs, JSON.stringify([...statuses])).toBeGreaterThan(0.15);
  },
  1_200_000,
);
