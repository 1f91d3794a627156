// Which paths are the edges': infra and this machine's server route by them.
import { expect, test } from "vitest";
import { createEdgeApp } from "../../../functions/edges/app.ts";
import { edgePaths, isEdgePath } from "../../../functions/edges/path.ts";
import { openSqlite } from "../../../functions/store/sqlite.ts";
import { contextOn } from "../../support/context.ts";

test("what is routed to the edges' function is what it answers, all of it and nothing else", async () => {
  const store = openSqlite(":memory:");
  const answered = createEdgeApp(contextOn(store)).routes.filter(({ method }) => method !== "ALL");
  const written = edgePaths.map(([method, path]) => `${method} ${path.replace("{edge}", ":edge")}`);
  expect(answered.map(({ method, path }) => `${method} ${path}`).sort()).toEqual(written.sort());
  expect(isEdgePath("POST", "/v1/edges/edg_1/heartbeat")).toBe(true);
  for (const [method, path] of [
    ["GET", "/v1/edges/edg_1/heartbeat"],
    ["POST", "/v1/edges/edg_1/heartbeat/more"],
    ["POST", "/v1/edges"],
    ["DELETE", "/v1/edges/enroll"],
    ["GET", "/v1/edges/edg_1/bans"],
  ] as const)
    expect(isEdgePath(method, path), `${method} ${path}`).toBe(false);
  await store.close();
});
