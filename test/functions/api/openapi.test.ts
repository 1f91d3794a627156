// The API reference: valid OpenAPI 3.1, every route in it, and the answers of a walk are as it says, to the last member.
import { hash } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { accountOwner, tenantOwner } from "../../../core/owner.ts";
import { byPlural } from "../../../core/registry.ts";
import { eachTouched } from "../../../functions/access/scopes.ts";
import type { Route } from "../../../functions/api/route.ts";
import { routesOf } from "../../../functions/api/routes.ts";
import { readHead } from "../../../functions/document/head.ts";
import { asking, recordOf } from "../../../functions/edges/own-domain.ts";
import { newId } from "../../../functions/id.ts";
import { identityRoutes } from "../../../functions/identity/routes.ts";
import { beginTrial } from "../../../functions/identity/trial.ts";
import { hashOf } from "../../../functions/identity/trial-phone.ts";
import { createJob } from "../../../functions/jobs/job.ts";
import * as keys from "../../../functions/keys.ts";
import { problems } from "../../../functions/problem.ts";
import { newTenant, type Reply, type TestControl, testControl } from "../../support/control.ts";
import { createZone } from "../../support/dns.ts";
import {
  type Content,
  type Document,
  type Operation,
  type Reference,
  readReference,
  type Schema,
} from "../../support/reference.ts";
import { bringReleases } from "../../support/releases.ts";
import { sampleOf } from "../../support/samples.ts";
import { enrolEdge } from "../../support/signed-edge.ts";
import { uploadFor } from "../../support/upload.ts";

const routes = await routesOf(async () => []);
let control: TestControl;
let reference: Reference;
let document: Document;

/** CNAME records of tenants' domains. */
const proofs = new Map<string, string[]>();
beforeAll(async () => {
  // with a limit, so that answers tell of it
  const { zone } = createZone();
  control = await testControl({
    rateLimit: { quota: 100_000, windowSeconds: 60 },
    // whose DNS has what the walk puts there
    zone: { ...zone, alias: async (name) => proofs.get(name) ?? [] },
  });
  reference = await readReference(control);
  document = reference.document;
});
afterAll(() => control.stop());

const operations = () => reference.operations;
const compiled = (schema: Schema) => reference.compiled(schema);
const expectAsDocumented = (name: string, reply: Reply) => reference.expectAsDocumented(name, reply);
const contents = (operation: Operation): Content[] => [
  ...Object.values(operation.requestBody?.content ?? {}),
  ...Object.values(operation.responses).flatMap(({ content }) => Object.values(content ?? {})),
];

describe("the document", () => {
  test("is OpenAPI 3.1 in structure", () => {
    expect(document.openapi).toMatch(/^3\.1\.\d+$/);
    expect(document.info).toMatchObject({ title: expect.any(String), version: expect.any(String) });
    expect(document.servers).toMatchObject([{ url: control.url }]);
    for (const route of identityRoutes())
      expect(document.paths[route.path]?.[route.method]?.security).toEqual(
        route.by === "anybody" ? [] : [{ session: [] }],
      );
    for (const route of routes) {
      const operation = document.paths[route.path]?.[route.method];
      expect(operation?.security).toEqual([{ apiKey: route.scope === null ? [] : [route.scope] }, { session: [] }]);
      if (route.scope !== null && route.scope !== eachTouched)
        expect(operation?.description).toContain(`\`${route.scope}\``);
    }
    for (const name of document.security.flatMap(Object.keys))
      expect(document.components.securitySchemes).toHaveProperty(name);
    const ids = operations().map(([, { operationId }]) => operationId);
    expect(new Set(ids).size).toBe(ids.length);
    for (const [name, operation] of operations()) {
      expect(operation.operationId, name).toMatch(/^(list|get|create|update|upload|delete|[a-z]+)[A-Z][A-Za-z]+$/);
      const inPath = [...name.matchAll(/\{(\w+)\}/g)].map(([, parameter]) => parameter);
      expect(
        operation.parameters.filter((one) => one.in === "path").map((one) => one.name),
        name,
      ).toEqual(inPath);
      for (const one of operation.parameters)
        expect(one, name).toMatchObject({
          in: expect.stringMatching(/^(path|query|header)$/),
          required: one.in === "path",
          description: expect.stringMatching(/./),
          schema: { type: expect.stringMatching(/^(string|integer|boolean)$/) },
        });
      expect(new Set(operation.parameters.map((one) => `${one.in} ${one.name}`)).size).toBe(
        operation.parameters.length,
      );
      expect(Object.keys(operation.responses).length).toBeGreaterThan(1);
      for (const [status, response] of Object.entries(operation.responses)) {
        expect(status, name).toMatch(/^[245]\d\d$/);
        expect(response.description, name).not.toBe("");
        for (const header of Object.values(response.headers))
          expect(document.components.headers, name).toHaveProperty(String(header.$ref).split("/").at(-1) ?? "");
      }
      expect(operation.summary, name).not.toBe("");
    }
    for (const { name, description } of document.tags) expect(description, name).not.toBe("");
    const tags = document.tags.map(({ name }) => name);
    for (const [name, operation] of operations()) expect(tags, name).toEqual(expect.arrayContaining(operation.tags));
  });

  test("holds every route, and nothing else", () => {
    const wanted = [...routes, ...identityRoutes()].map(({ method, path }) => `${method} ${path}`);
    expect(
      operations()
        .map(([name]) => name)
        .sort(),
    ).toEqual(wanted.sort());
  });

  test("has schemas of JSON Schema 2020-12 alone, which compile, and references that lead somewhere", () => {
    for (const [name, operation] of operations())
      for (const { schema } of contents(operation)) {
        expect(JSON.stringify(schema), name).not.toContain('"$schema"');
        for (const [, target = ""] of JSON.stringify(schema).matchAll(/"\$ref":"([^"]+)"/g))
          expect(
            target
              .split("/")
              .slice(1)
              .reduce<unknown>((at, key) => (at as Schema | undefined)?.[key], document),
            `${name} ${target}`,
          ).toBeDefined();
        expect(() => compiled(schema), name).not.toThrow();
      }
  });

  test("says of a body what the route takes", async () => {
    const body = (name: string) =>
      compiled(
        operations().find(([known]) => known === name)?.[1].requestBody?.content["application/json"]?.schema ?? {},
      );
    const { path } = await newTenant(control);
    for (const [name, at, sent] of [
      [
        "post /v1/tenants/{tenant}/extensions",
        "/extensions",
        { number: "1001", devices: [{ username: "desk", password: "Password-1" }] },
      ],
      ["post /v1/tenants/{tenant}/extensions", "/extensions", { number: "1", colour: "red" }],
      [
        "post /v1/tenants/{tenant}/phone-numbers",
        "/phone-numbers",
        { number: "+15559990", destination: { kind: "hangup", cause: "busy" } },
      ],
      ["post /v1/tenants/{tenant}/phone-numbers", "/phone-numbers", { number: "5559990" }],
      ["post /v1/tenants/{tenant}/trunks", "/trunks", { name: "x", host: "c.example", password: null, port: 5070 }],
      [
        "post /v1/tenants/{tenant}/apply",
        "/apply?dryRun=true",
        { settings: { name: "x" }, extensions: [{ number: "1009" }] },
      ],
      ["post /v1/tenants/{tenant}/apply", "/apply?dryRun=true", { queues: [] }],
      ["post /v1/tenants/{tenant}/rollback", "/rollback", { revision: 0 }],
      [
        "post /v1/tenants/{tenant}/simulate",
        "/simulate",
        { from: "+15550100", to: "+15550101", assume: { 1002: "busy" } },
      ],
    ] as const) {
      const reply = await control.call("POST", path + at, sent);
      expect(body(name).safeParse(sent).success, `${name} ${JSON.stringify(sent)}: ${reply.text}`).toBe(
        reply.status < 400,
      );
    }
    const extension = await control.call("GET", `${path}/extensions/1001`);
    expect(
      body("post /v1/tenants/{tenant}/apply").safeParse({ extensions: [{ id: extension.body.id, number: "1002" }] })
        .success,
    ).toBe(true);
  });
});

/** Those that only tell, though a body asks. */
const readers = ["post /v1/tenants/{tenant}/simulate"];

/** What changes something leaves one record of who did it, by which route; what only tells leaves none. */
async function expectAudited(route: Route, { status, headers }: Reply): Promise<void> {
  const name = `${route.method} ${route.path}`;
  const requestId = headers.get("x-request-id");
  const { body } = await control.call("GET", `/v1/audit?requestId=${requestId}`);
  const tells = readers.includes(name);
  const record = { method: route.method.toUpperCase(), route: route.path, status };
  const actor = { type: "api-key", ip: "127.0.0.1", requestId };
  expect(body.data, `the audit record of ${name}`).toMatchObject(tells ? [] : [{ ...record, actor }]);
}

test("every answer of a walk over all routes is as its schema says, without a member more, and every change is audited once", async () => {
  const account = await control.call("POST", "/v1/accounts", { name: "Walk", sipZone: "walk.example" });
  const tenant = await control.call("POST", "/v1/tenants", { name: "Walk", accountId: account.body.id });
  expectAsDocumented("post /v1/accounts", account);
  expectAsDocumented("post /v1/tenants", tenant);
  const played = await control.call("POST", "/v1/accounts", { name: "Played", sandbox: true });
  const sandbox = await newTenant(control, {
    accountId: played.body.id,
    document: { extensions: [{ number: "1001" }] },
  });
  const edge = await enrolEdge(control);
  const owner = String(tenant.body.id);
  const at = new Date().toISOString();
  const party = { number: "1001", name: null, extension: "1001" };
  const call = {
    id: "cal_01ARZ3NDEKTSV4RRFFQ69G5FAV",
    tenant: owner,
    direction: "internal",
    from: party,
    to: party,
    startedAt: at,
    answeredAt: null,
  };
  const leg = {
    uuid: "u",
    direction: "inbound",
    startedAt: at,
    answeredAt: null,
    endedAt: at,
    cause: "X",
    q850: null,
    sipCallId: null,
    extension: null,
    trunk: null,
  };
  const events = [
    { type: "call.updated", data: { ...call, state: "ringing" } },
    {
      type: "call.completed",
      data: {
        ...call,
        id: "cal_done",
        seq: 1,
        trunk: null,
        endedAt: at,
        durationSeconds: 1,
        billableSeconds: 0,
        outcome: "busy",
        hangupCause: "X",
        hangupBy: "callee",
        legs: [leg],
      },
    },
    {
      type: "registration.updated",
      data: {
        tenant: owner,
        extension: null,
        username: "1001",
        contact: "sip:x",
        source: null,
        userAgent: null,
        expiresAt: new Date(Date.now() + 60_000).toISOString(),
      },
    },
  ].map((event, index) => ({ id: `evt_${index}`, at, ...event }));
  expect((await edge.request("POST", "events", { generation: "g", batch: 1, events })).status).toBe(200);
  const health = { version: "1", engine: { connected: true, version: "1.11" }, liveCalls: 0 };
  expect((await edge.request("POST", "heartbeat", health)).status).toBe(200);

  const message = "msg_01ARZ3NDEKTSV4RRFFQ69G5FAV";
  const member = {
    ...{ id: "leg-1", call: null, number: "1001", name: null, extension: null },
    ...{ moderator: false, muted: false, joinedAt: at },
  };
  const front = await enrolEdge(control, undefined, { engine: "kamailio" });
  const told = { ...health, webSocket: "wss://sip.acme.example:7443" };
  expect((await front.request("POST", "heartbeat", told)).status).toBe(200);
  await bringReleases(control, ["0.2.0"]);
  const walked = new Set(["post /v1/accounts", "post /v1/tenants"]);
  const ids: Record<string, string> = {
    ...{ "/v1/tenants/{tenant}/calls/live": call.id, "/v1/edges": edge.id, "/v1/pools": edge.pool },
  };
  const take = async (route: Route, body?: unknown, query = ""): Promise<Reply> => {
    const path = route.path
      .replace("/pools/{id}/release", `/pools/${edge.pool}/release`)
      .replace("{tenant}", route.path.includes("/sandbox/") ? sandbox.id : owner)
      .replace("{account}", String(account.body.id))
      .replace("{revision}", "1")
      .replace("{device}", "1001")
      .replace("{message}", message)
      .replace("{member}", member.id)
      .replace("{source}", "192.0.2.1")
      .replace("{id}", route.path.includes("/bans") ? front.id : (ids[route.path.replace(/\/\{id\}.*/, "")] ?? "none"));
    if (route.path.includes("/pools/{id}/release")) {
      const release = path.replace(/release\/.*$/, "release");
      await control.call("POST", `${release}/stop`);
      if (route.method === "post") await control.call("PUT", release, { version: "0.2.0" });
    }
    const reply = await control.call(route.method.toUpperCase(), path + query, body, {
      ...(route.upload && uploadFor(route.upload, route.path)),
      ...(route.path.startsWith("/v1/me/") && { key: await myKey() }),
    });
    expect(reply.status, `${route.method} ${path}: ${reply.text}`).toBeLessThan(300);
    expectAsDocumented(`${route.method} ${route.path}`, reply);
    walked.add(`${route.method} ${route.path}`);
    if (route.method !== "get") await expectAudited(route, reply);
    if (reply.status === 201 && reply.body.id) ids[route.path] = String(reply.body.id);
    if (reply.status === 202 && reply.body.id) ids["/v1/tenants/{tenant}/commands"] = String(reply.body.id);
    return reply;
  };
  let mine: string | undefined;
  /** The key of a member with an extension and a box. */
  async function myKey(): Promise<string> {
    if (mine) return mine;
    const at = `/v1/tenants/${owner}/extensions/${ids["/v1/tenants/{tenant}/extensions"]}`;
    const voicemailBox = ids["/v1/tenants/{tenant}/voicemail-boxes"];
    expect((await control.call("PATCH", at, { voicemailBox })).status).toBe(200);
    const someone = { email: "me@walk.example", name: "Me", role: "user", tenantId: owner };
    const { id: extension } = (await control.call("GET", at)).body;
    const { id: memberId } = (await control.call("POST", "/v1/members", { ...someone, extension })).body;
    const { key } = (await control.call("POST", "/v1/api-keys", { name: "me", tenantId: owner, memberId })).body;
    mine = String(key);
    return mine;
  }
  /** One who waits for approval. */
  async function signedUp(email: string): Promise<string> {
    const id = newId("sup");
    const of = accountOwner(String(account.body.id));
    const wanted = { email, name: "Ada", company: "Walkers", template: null, language: "en", password: "-" };
    const one = { ...{ id, account: of, state: "review", createdAt: at }, ...wanted };
    await control.ctx.store.transact([
      { put: { ...keys.signUp(id), ...one, ttl: Math.ceil(Date.now() / 1000) + 600 } },
      { put: { ...keys.child(of, "SIGNUP", id), id } },
    ]);
    return id;
  }
  const exampleOf = (route: Route): unknown =>
    operations().find(([name]) => name === `${route.method} ${route.path}`)?.[1].requestBody?.content[
      "application/json"
    ]?.example;
  const lower = await control.call("POST", "/v1/accounts", { name: "Lower", accountId: account.body.id });
  const of = (method: string): Route[] =>
    routes.filter((route) => route.method === method && !walked.has(`${method} ${route.path}`));
  // what acts on what others make comes after them
  const first = ["/prompts", "/trunks", "/extensions"];
  const last = [
    ...["/calls", "/import", "/rotate", "/lock", "/unlock", "/mute", "/unmute", "/kick"],
    ...["/rotate-secret", "/test", "/replay", "/assign", "/release", "/claim", "/rollback"],
  ];
  const place = ({ path }: Route): number =>
    first.some((end) => path.endsWith(end)) ? -1 : 1 + last.findIndex((end) => path.endsWith(end));
  for (const route of of("post").sort((a, b) => place(a) - place(b))) {
    const last = route.path.split("/").at(-1) ?? "";
    const of = route.path.includes("{tenant}") ? `/v1/tenants/${owner}` : `/v1/accounts/${account.body.id}`;
    let body = exampleOf(route);
    // what is not there yet
    if (last === "batch") {
      const kind = route.path.split("/").at(-2) ?? "";
      body = { create: [sampleOf(kind, { prompt: "greeting", trunk: "carrier" })] };
    }
    // an id of what is really there
    if (last === "assign") body = { tenantId: owner };
    if (last === "claim") {
      body = { number: "+15550188" };
      await control.call("POST", `/v1/accounts/${account.body.id}/phone-numbers`, body);
    }
    if (last === "move") body = { accountId: lower.body.id };
    if (last === "rollback" && route.body) {
      const { body: changed } = await control.call("PATCH", of, { language: "de" });
      body = { revision: Number(changed.revision) - 1 };
    }
    if (last === "lock") {
      const conference = ids["/v1/tenants/{tenant}/conferences"];
      const data = { tenant: owner, conference, locked: false, members: [member] };
      const events = [{ id: "evt_c", at, type: "conference.updated", data }];
      await edge.request("POST", "events", { generation: "c", batch: 1, events });
    }
    if (route.path.endsWith("/trial/phone"))
      await control.ctx.store.transact([beginTrial(tenantOwner(String(owner)), accountOwner(String(account.body.id)))]);
    if (route.path.endsWith("/phone/verify")) {
      const hash = hashOf(tenantOwner(String(owner)), "123456");
      const asked = { number: "+12025550123", hash, tries: 0, until: Date.now() + 600_000 };
      await control.ctx.store.transact([{ put: { ...keys.trialPhone(tenantOwner(String(owner))), ...asked } }]);
    }
    if (last === "certificate") {
      // the functions ask the world's DNS, which has no such record; what is then left out by DELETE was asked for another way
      if (process.env.THROUGH === "template") {
        const { pools } = (await readHead(control.ctx.store, tenantOwner(String(owner)))) ?? expect.fail();
        await control.ctx.store.transact([asking(tenantOwner(String(owner)), String(pools[0]))]);
        walked.add(`${route.method} ${route.path}`);
        continue;
      }
      const { body: settings } = await control.call("GET", of);
      proofs.set(`_acme-challenge.${settings.domain}`, [recordOf(tenantOwner(String(owner)), { name: "sip.example" })]);
    }
    if (last === "approve") ids["/v1/accounts/{account}/sign-ups"] = await signedUp("ada@walk.example");
    if (last === "restore") await control.call("DELETE", `${of}${of.includes("/accounts/") ? "?cascade=true" : ""}`);
    const reply = await take(route, body);
    if (last === "batch") {
      const made = reply.body.create as unknown as { key: string }[];
      const gone = await control.call("POST", `${of}/${route.path.split("/").slice(-2).join("/")}`, {
        delete: made.map(({ key }) => key),
      });
      expect(gone.status, gone.text).toBe(200);
    }
    // what is below an account comes back after it
    if (last === "restore")
      await vi.waitFor(async () => expect((await control.call("GET", `/v1/tenants/${owner}`)).status).toBe(200));
  }
  await vi.waitFor(async () => {
    const { data } = (await control.call("GET", "/v1/events")).body as unknown as { data: { id: string }[] };
    ids["/v1/events"] = data[0]?.id ?? expect.fail("nothing is in the log yet");
  });
  ids["/v1/tenants/{tenant}/calls"] = "cal_done";
  const box = ids["/v1/tenants/{tenant}/voicemail-boxes"];
  const left = { id: message, tenant: owner, box, from: party, receivedAt: at, seconds: 3, bytes: 9, read: false };
  const recorded = {
    id: "rec_01ARZ3NDEKTSV4RRFFQ69G5FAV",
    tenant: owner,
    call: "cal_done",
    startedAt: at,
    seconds: 3,
    bytes: 9,
  };
  ids["/v1/tenants/{tenant}/recordings"] = recorded.id;
  const me = { ...party, extension: ids["/v1/tenants/{tenant}/extensions"] };
  const called = {
    ...call,
    id: "cal_mine",
    from: me,
    seq: 1,
    trunk: null,
    endedAt: at,
    durationSeconds: 1,
    legs: [leg],
  };
  ids["/v1/me/calls"] = called.id;
  const busy = { billableSeconds: 0, outcome: "busy", hangupCause: "X", hangupBy: "callee" };
  const heard = [
    { id: "evt_o", at, type: "call.completed", data: { ...called, ...busy } },
    { id: "evt_m", at, type: "voicemail.received", data: left },
    { id: "evt_r", at, type: "recording.completed", data: recorded },
  ];
  await edge.request("POST", "events", { generation: "g", batch: 2, events: heard });
  ids["/v1/accounts/{account}/sign-ups"] = await signedUp("eve@walk.example");
  for (const route of of("put")) await take(route, exampleOf(route));
  for (const route of of("patch")) {
    const kind = byPlural(/([^/]+)\/\{id\}$/.exec(route.path)?.[1] ?? "");
    // a name that it does not have yet
    await take(route, kind ? { [kind.key]: sampleOf(kind.plural)[kind.key] } : exampleOf(route));
  }
  const { id: keyId } = (await control.call("GET", "/v1/me")).body;
  const principal = { id: String(keyId), name: "k", owner: accountOwner(String(account.body.id)), scopes: ["*"] };
  const asked = {
    work: { kind: "apply" as const, document: {}, prune: [], baseRevision: null },
    principal: { ...principal, expiresAt: null, allowedIps: [], member: null },
    actor: { type: "api-key" as const, id: principal.id, name: "k", ip: null, requestId: newId("req") },
    via: { method: "post", route: "/v1/tenants/{tenant}/apply", path: `/v1/tenants/${owner}/apply`, status: 202 },
  };
  ids["/v1/jobs"] = (await createJob(control.ctx, tenantOwner(owner), asked, async () => [])).id;
  for (const route of of("get")) await take(route);
  // what is in something goes before it, what others refer to after them
  const depth = ({ path }: Route): number => (path.startsWith("/v1/me/") ? 100 : path.split("/").length);
  const used = ({ path }: Route): number =>
    [...first, "/voicemail-boxes"].some((end) => path.endsWith(`${end}/{id}`)) ? 1 : 0;
  // the default is not deleted
  ids["/v1/pools"] = String((await control.call("POST", "/v1/pools", { name: "spare" })).body.id);
  for (const route of of("delete").sort((a, b) => depth(b) - depth(a) || used(a) - used(b)))
    await take(route, undefined, route.path === "/v1/accounts/{account}" ? "?cascade=true" : "");
  expect([...walked].sort()).toEqual(routes.map(({ method, path }) => `${method} ${path}`).sort());
  for (const key of [null, control.key])
    expectAsDocumented(
      "post /v1/tenants/{tenant}/extensions",
      await control.call("POST", `/v1/tenants/${owner}/extensions`, {}, { key }),
    );
}, 240_000);

test("/docs and the pages of problems need nothing from another host", async () => {
  const page = await control.call("GET", "/docs", undefined, { key: null });
  expect([page.status, page.headers.get("content-type")]).toEqual([200, expect.stringContaining("text/html")]);
  const hosts = [...page.text.matchAll(/(?:https?:)?\/\/([a-z0-9-]+\.[a-z0-9.-]+)/gi)].map(([, host]) => host);
  expect(hosts).toEqual([]);
  const scripts = [...page.text.matchAll(/src="([^"]+)"/g)].map(([, source]) => source);
  expect(scripts).toEqual(["/docs/scalar.js"]);
  const script = await fetch(`${control.url}/docs/scalar.js`);
  expect([script.status, (await script.text()).length > 100_000]).toEqual([200, true]);
  expect(page.text).toContain('"/openapi.json"');
  const policy = page.headers.get("content-security-policy") ?? "";
  const [, inline = ""] = /<script(?![^>]*src=)[^>]*>([\s\S]*?)<\/script>/.exec(page.text) ?? [];
  expect(policy).toContain(`'sha256-${hash("sha256", inline, "base64")}'`);
  expect(policy).not.toMatch(/script-src[^;]*unsafe/);
  for (const [code, [status, title]] of Object.entries(problems)) {
    const about = await control.call("GET", `/problems/${code.replaceAll("_", "-")}`, undefined, { key: null });
    expect(about.text).toContain(title);
    expect(about.text).toContain(`status: ${status}`);
  }
  expect((await control.call("GET", "/problems/constructor", undefined, { key: null })).status).toBe(404);
});
