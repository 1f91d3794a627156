// Releases beside one another: what an agent of each earlier release says is understood by today's cloud, on what that release kept in its table; and what
// a cloud of that release says is understood by today's agent. `npm run wire` writes a release's folder.
import { createPrivateKey } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { z } from "zod";
import { isTenant, type Owner, tenantOwner } from "../../core/owner.ts";
import * as wire from "../../core/wire.ts";
import * as host from "../../core/wire-host.ts";
import { type Cloud, CloudError } from "../../edge-agent/cloud.ts";
import { silent } from "../../edge-agent/log.ts";
import { read } from "../../edge-agent/queue.ts";
import { openState } from "../../edge-agent/state.ts";
import { createSync } from "../../edge-agent/sync.ts";
import { createTraces } from "../../edge-agent/traces.ts";
import { fromAttributes } from "../../functions/store/attributes.ts";
import { openSqlite } from "../../functions/store/sqlite.ts";
import type { Item } from "../../functions/store/store.ts";
import manifest from "../../package.json" with { type: "json" };
import { openInstallation } from "../../scripts/wire/installation.ts";
import type { Release } from "../../scripts/wire/record.ts";

const folder = fileURLToPath(new URL("../fixtures/wire/", import.meta.url));
const versions = readdirSync(folder);

/** What of `was` is not in `is`: a field that an old reader looks for and does not find. */
function missing(was: unknown, is: unknown, at = ""): string[] {
  if (was === null || typeof was !== "object") return typeof was === typeof is || was === null ? [] : [at];
  if (is === null || typeof is !== "object") return [at];
  if (Array.isArray(was)) return was.length === 0 ? [] : missing(was[0], (is as unknown[])[0], `${at}/0`);
  return Object.entries(was).flatMap(([name, value]) =>
    name in is ? missing(value, (is as Record<string, unknown>)[name], `${at}/${name}`) : [`${at}/${name}`],
  );
}

/** What an agent expects to each of its requests; undefined: nothing. */
const answers: Record<string, z.core.$ZodType | undefined> = {
  heartbeat: host.heartbeatAnswer,
  queue: host.queueAccess,
  changes: wire.changes,
  snapshot: wire.snapshot,
  differences: wire.differences,
  runtime: wire.runtimePage,
  uploads: host.uploadUrl,
  events: z.object({ batch: z.int() }),
  acks: z.null(),
};
const nameOf = (path: string): string => path.replace(/\?.*/, "");

test("this release is among those that are kept", () => {
  expect(versions, "run `npm run wire` once for a new version").toContain(manifest.version);
});

describe.each(versions)("release %s", (version) => {
  const release: Release = JSON.parse(readFileSync(`${folder}${version}/release.json`, "utf8"));
  const items: Item[] = release.items.map((item) => fromAttributes(item as never));

  test("its agent is understood by today's cloud, on its own table", async () => {
    const store = openSqlite(":memory:");
    onTestFinished(() => store.close());
    for (let start = 0; start < items.length; start += 25)
      await store.transact(items.slice(start, start + 25).map((put) => ({ put })));
    const cloud = await openInstallation(store, Buffer.from(release.wrapping, "base64"));
    const key = createPrivateKey(release.edge.privateKey);
    const again = await cloud.ask("POST", "/v1/edges/enroll", JSON.stringify(release.enrolled.body));
    expect(again).toMatchObject({ status: 201, body: { edge: release.edge.id } });
    expect(missing(release.enrolled.answer, again.body)).toEqual([]);
    for (const { method, path, body, answer } of release.exchanges) {
      // from another spool, so that it is no batch that was taken before
      const sent = nameOf(path) === "events" ? { ...(body as object), generation: "spool-2" } : body;
      const text = sent === null ? "" : JSON.stringify(sent);
      const now = await cloud.signed(release.edge.id, key, method, `/v1/edges/${release.edge.id}/${path}`, text);
      expect(now.status, `${path}: ${JSON.stringify(now.body)}`).toBeLessThan(300);
      expect(missing(answer, now.body), path).toEqual([]);
      // the document did not change: neither may what is said of it
      if (["changes", "snapshot"].includes(nameOf(path))) expect(now.body, path).toEqual(answer);
    }
    const records = items.filter(({ pk, sk }) => pk.startsWith(`D#${release.tenant}`) && sk.startsWith("USAGE#"));
    expect(records).toHaveLength(1);
    for (const before of records) expect(await store.get(before)).toMatchObject({ calls: before.calls });
  });

  test("its cloud is understood by today's agent, which ends where that stands", async () => {
    for (const { path, answer } of release.exchanges) {
      const schema = answers[nameOf(path)];
      expect(schema && z.safeParse(schema, answer).error, path).toBeUndefined();
    }
    expect(host.enrolled.safeParse(release.enrolled.answer).error).toBeUndefined();
    const state = openState(":memory:");
    onTestFinished(() => state.close());
    const answerTo = (path: string): unknown => {
      const found = release.exchanges.find((one) => nameOf(one.path) === nameOf(path) && path.includes(release.tenant));
      if (!found) throw new CloudError(404, "it is of no such document");
      return found.answer;
    };
    const get: Cloud["get"] = async (path, schema) => z.parse(schema, answerTo(path));
    const cloud: Cloud = { get, post: () => Promise.reject(new Error("unused")), send: async () => "" };
    const heard = vi.fn();
    const sync = createSync({
      ...{ state, cloud, log: silent, hearRoster: heard, changed: () => {}, retryMilliseconds: 1 },
      commands: { receive: heard },
      runtime: { hear: heard },
      traces: createTraces(),
    });
    onTestFinished(() => sync.stop());
    for (const body of release.messages)
      sync.receive(read(body) ?? expect.fail("a message that the agent does not know"));
    const owner: Owner = tenantOwner(release.tenant);
    const head = items.find(({ pk, sk }) => pk === owner && sk === "HEAD");
    await vi.waitFor(() =>
      expect(state.standing(owner)).toMatchObject({ digest: head?.digest, revision: head?.revision }),
    );
    expect(isTenant(owner) && state.documents.config(owner)?.list("extension")).toMatchObject([
      { body: { number: "1001", displayName: "Ada L." } },
    ]);
    // the runtime state that was set, and the pool's hosts
    expect(heard).toHaveBeenCalled();
  });
});
