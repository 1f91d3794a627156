// What the control plane tells a browser along with the console's files.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { type TestControl, testControl } from "../support/control.ts";
import { temporaryFolder } from "../support/folder.ts";
import { enrolEdge } from "../support/signed-edge.ts";

async function consoleOf(): Promise<TestControl> {
  const webDir = temporaryFolder();
  mkdirSync(join(webDir, "assets"));
  writeFileSync(join(webDir, "index.html"), "<title>The console</title>");
  writeFileSync(join(webDir, "assets/index-hash.js"), "1");
  const control = await testControl({ webDir });
  onTestFinished(() => control.stop());
  return control;
}

test("every page of the console has a policy that admits nothing inline and nothing from elsewhere", async () => {
  const control = await consoleOf();
  for (const path of ["/", "/tenants/ten_1/extensions", "/index.html"]) {
    const { status, text, headers } = await control.call("GET", path, undefined, { key: null });
    expect([status, text]).toEqual([200, "<title>The console</title>"]);
    const policy = headers.get("content-security-policy") ?? "";
    expect(policy).toContain("default-src 'self'");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toContain("unsafe");
    expect(headers.get("cache-control")).toBe("no-cache");
    expect(headers.get("referrer-policy")).toBe("no-referrer");
    expect(headers.get("x-content-type-options")).toBe("nosniff");
  }
});

test("browser phones may connect to the edges' hosts, and the page to nowhere else", async () => {
  const control = await consoleOf();
  const connects = async () => {
    const { headers } = await control.call("GET", "/", undefined, { key: null });
    return /connect-src ([^;]*)/.exec(headers.get("content-security-policy") ?? "")?.[1];
  };
  expect(await connects()).toBe("'self'");
  const edge = await enrolEdge(control);
  const beat = (webSocket: string | null) =>
    edge.request("POST", "heartbeat", {
      ...{ version: "1", engine: { connected: true, version: null }, liveCalls: 0, webSocket },
    });
  await beat("wss://sip.acme.example:7443");
  expect(await connects()).toBe("'self' wss://sip.acme.example:7443");
  expect((await beat("wss://x; script-src *")).status).toBe(422);
  await beat(null);
  expect(await connects()).toBe("'self'");
});

test("files are kept by browsers for good, and one that is gone is no page", async () => {
  const control = await consoleOf();
  const there = await control.call("GET", "/assets/index-hash.js", undefined, { key: null });
  expect([there.status, there.headers.get("cache-control")]).toEqual([200, "public, max-age=31536000, immutable"]);
  const gone = await control.call("GET", "/assets/index-old.js", undefined, { key: null });
  expect([gone.status, gone.body.code]).toEqual([404, "not_found"]);
});

test("an unknown path of the API stays a problem, and nothing outside the folder is served", async () => {
  const control = await consoleOf();
  const unknown = await control.call("GET", "/v1/nothing");
  expect([unknown.status, unknown.body.code]).toEqual([404, "not_found"]);
  const beyond = await control.call("GET", "/assets/..%2f..%2fcontrol.db", undefined, { key: null });
  expect(beyond.status).toBe(404);
});
