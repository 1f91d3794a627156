// Jobs: a large apply is checked while the caller waits and done after the answer; once, whoever dies over it; and only its own key sees what came out.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { tenantOwner } from "../../../core/owner.ts";
import { sweepWork } from "../../../functions/jobs/handler.ts";
import { createJob, presentJob, readJob, type Work } from "../../../functions/jobs/job.ts";
import { runJob } from "../../../functions/jobs/run.ts";
import { openSqlite } from "../../../functions/store/sqlite.ts";
import { accessTo, actor, contextOn, operatorOn } from "../../support/context.ts";
import { newTenant, type Reply, type TestControl, testControl } from "../../support/control.ts";
import { mortal } from "../../support/mortal-store.ts";
import { reckon } from "../../support/reckoning.ts";

const extensions = (count: number, displayName = "Person") =>
  Array.from({ length: count }, (_, index) => ({ number: String(2000 + index), displayName }));
const listOf = (value: unknown): Record<string, unknown>[] => value as Record<string, unknown>[];

describe("a large apply", () => {
  let control: TestControl;
  let tenant: { id: string; path: string };
  let key: string;
  beforeAll(async () => {
    control = await testControl();
    tenant = await newTenant(control);
    const made = await control.call("POST", "/v1/api-keys", {
      name: "k",
      scopes: ["extensions:write"],
      tenantId: tenant.id,
    });
    key = String(made.body.key);
  });
  afterAll(() => control.stop());

  const post = (body: unknown, query = "", headers = {}): Promise<Reply> =>
    control.call("POST", `${tenant.path}/apply${query}`, body, { key, headers });
  const finished = async ({ body }: Reply): Promise<Reply> => {
    const get = () => control.call("GET", `/v1/jobs/${body.id}`, undefined, { key });
    await expect.poll(async () => (await get()).body.state).toMatch(/^(succeeded|failed)$/);
    return get();
  };
  const revision = async () => (await reckon(control.ctx.store, tenantOwner(tenant.id))).head.revision;

  test("is refused at once for what is wrong with it, and a dry run answers at once", async () => {
    const wrong = await post({ extensions: [...extensions(600), { number: "2000" }] });
    expect([wrong.status, wrong.body.code]).toEqual([409, "taken"]);
    const dry = await post({ extensions: extensions(501) }, "?dryRun=true");
    expect([dry.status, listOf(dry.body.diff).length, dry.body.revision]).toEqual([200, 501, null]);
    expect(listOf(dry.body.diff)[0]).not.toHaveProperty("after");
    expect(await revision()).toBe(0);
  });

  test("answers with a job, with one for all requests of an idempotency key; its result has the secrets, for its key alone, and lies sealed", async () => {
    const headers = { "idempotency-key": "import-1" };
    const first = await post({ extensions: extensions(501, "Confidential") }, "", headers);
    expect([first.status, first.headers.get("location")]).toEqual([202, `/v1/jobs/${first.body.id}`]);
    expect(first.body).toMatchObject({
      kind: "apply",
      tenantId: tenant.id,
      accountId: null,
      result: null,
      problem: null,
    });
    const again = await post({ extensions: extensions(501, "Confidential") }, "", headers);
    expect([again.status, again.body.id]).toEqual([202, first.body.id]);

    const { body } = await finished(first);
    expect(body).toMatchObject({ state: "succeeded", progress: null, finishedAt: expect.any(String) });
    const { diff, secrets, revision: made } = body.result as unknown as Record<string, unknown>;
    expect([made, listOf(diff).length, listOf(secrets).length]).toEqual([1, 501, 501]);
    expect(new Set(listOf(secrets).map(({ value }) => value)).size).toBe(501);
    expect((await control.call("GET", `/v1/jobs/${first.body.id}`)).status).toBe(404);

    const { items } = await control.ctx.store.query({ pk: `JOB#${first.body.id}` });
    expect(items.map(({ sk }) => sk)).toEqual(["ASKED#000", "JOB", "RESULT#000"]);
    for (const { sealed } of items) expect(Buffer.from((sealed ?? []) as Uint8Array).toString()).not.toContain("ident");

    const { head, digest } = await reckon(control.ctx.store, tenantOwner(tenant.id));
    expect([head.revision, head.digest]).toEqual([1, digest]);
    const audit = await control.call("GET", `/v1/audit?tenantId=${tenant.id}`);
    const ours = listOf(audit.body.data).filter(({ path }) => path === `${tenant.path}/apply`);
    expect(ours).toMatchObject([{ status: 202, revision: 1, actor: { name: "k" } }]);
    const history = await control.call("GET", `${tenant.path}/changes?limit=1`);
    expect(listOf(history.body.data)).toMatchObject([{ revision: 1, summary: "501 created" }]);
    const whole = await control.call("GET", `${tenant.path}/changes/1`);
    expect(listOf(whole.body.diff)[500]).toMatchObject({ before: null, after: { number: "2500" } });
  });
});

describe("a job", () => {
  const raw = openSqlite(":memory:");
  const ctx = contextOn(raw);
  let operator: Awaited<ReturnType<typeof operatorOn>>;
  beforeAll(async () => {
    operator = await operatorOn(ctx);
  });
  afterAll(() => raw.close());

  async function asked(work: Work) {
    const owner = await operator.newTenant();
    const { principal } = await accessTo(ctx, owner);
    const via = { method: "post", route: "/r", path: "/p", status: 202 };
    const { id } = await createJob(ctx, owner, { work, principal, actor, via }, async () => []);
    return { owner, id, shown: async () => presentJob(ctx, (await readJob(ctx, id)) as never) };
  }
  const apply = (baseRevision: number | null = null): Work => ({
    kind: "apply",
    document: { extensions: extensions(40) },
    prune: [],
    baseRevision,
  });
  const at = (minutes: number) => ({ ...ctx, now: () => new Date(Date.now() + minutes * 60_000) });

  test("is done once, wherever its worker died", async () => {
    for (const applied of [false, true])
      for (let step = applied ? 1 : 2; ; step += 2) {
        const { owner, id, shown } = await asked(apply());
        const store = mortal(raw, { at: step, applied });
        await runJob({ ...contextOn(store), vault: ctx.vault }, id).catch(() => undefined);
        for (let minutes = 2; minutes < 6; minutes += 2) await sweepWork(at(minutes));
        const { state, result } = await shown();
        const { head, digest } = await reckon(ctx.store, owner);
        expect([state, head.revision, head.digest, head.changing]).toEqual(["succeeded", 1, digest, null]);
        expect(result).toMatchObject({ revision: 1, secrets: { length: 40 } });
        if (store.died()) continue;
        expect(step).toBeGreaterThan(5);
        break;
      }
  });

  test("is done once by two workers at once", async () => {
    const { owner, id, shown } = await asked(apply());
    await Promise.all([runJob(ctx, id), runJob(ctx, id)]);
    expect((await shown()).state).toBe("succeeded");
    expect((await reckon(ctx.store, owner)).head.revision).toBe(1);
  });

  test("that the document has moved away from fails with the problem, and changes nothing", async () => {
    const { owner, id, shown } = await asked(apply(7));
    await runJob(ctx, id);
    expect(await shown()).toMatchObject({
      state: "failed",
      result: null,
      problem: { code: "version_mismatch", status: 412 },
    });
    expect((await reckon(ctx.store, owner)).head.revision).toBe(0);
  });

  test("is gone after a day", async () => {
    const { id } = await asked(apply());
    expect(await readJob(at(23 * 60), id)).toBeDefined();
    expect(await readJob(at(25 * 60), id)).toBeUndefined();
  });
});
