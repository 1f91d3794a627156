// Another release on its way to a host: what the agent fetches and leaves for root, and what it tells when it can't.
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, utimesSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import type { Cloud } from "../../edge-agent/cloud.ts";
import { silent } from "../../edge-agent/log.ts";
import { createUpgrade } from "../../edge-agent/upgrade.ts";
import { version as own } from "../../edge-agent/version.ts";
import { temporaryFolder } from "../support/folder.ts";

const content = Buffer.from("a package");
const sha256 = createHash("sha256").update(content).digest("hex");

/** `found`: what the cloud says of the package, where that is not the truth. */
async function host(found: { sha256?: string; bytes?: number } = {}) {
  const folder = temporaryFolder();
  const server = createServer((_, response) => response.end(content)).listen(0, "127.0.0.1");
  await new Promise((done) => server.once("listening", done));
  onTestFinished(() => void server.close());
  const asked: unknown[] = [];
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/x`;
  const cloud = {
    async post(_: string, body: unknown) {
      asked.push(body);
      return { url, sha256, bytes: content.length, ...found };
    },
  } as unknown as Cloud;
  const [dir, outcome] = [join(folder, "upgrade"), join(folder, "failed")];
  const left = () => (existsSync(dir) ? readdirSync(dir) : []);
  return { dir, outcome, asked, left, upgrade: createUpgrade({ cloud, log: silent, dir, outcome }) };
}

test("is fetched once, whole, and left for root", async () => {
  const { dir, asked, left, upgrade } = await host();
  await Promise.all([upgrade.want("9.9.9"), upgrade.want("9.9.9")]);
  expect(left()).toEqual(["dialplane-edge.deb"]);
  expect(readFileSync(join(dir, "dialplane-edge.deb"))).toEqual(content);
  expect(asked).toEqual([{ version: "9.9.9", arch: process.arch === "arm64" ? "arm64" : "amd64" }]);
  expect(upgrade.failed()).toBeNull();
});

test.each([
  ["other than the cloud says", { sha256: "0".repeat(64) }, "what came is not what the control plane said"],
  ["longer than the cloud says", { bytes: 3 }, "what comes is longer than the control plane said"],
  ["larger than any", { bytes: 1e12 }, "it is too large"],
])("that is %s is not left for root, and why is told", async (_, found, reason) => {
  const { left, upgrade } = await host(found);
  await upgrade.want("9.9.9");
  expect(left()).toEqual([]);
  expect(upgrade.failed()).toEqual({ version: "9.9.9", reason });
  // tried again when it is wanted anew
  await upgrade.want(undefined);
  await upgrade.want("9.9.9");
  expect(upgrade.failed()).toEqual({ version: "9.9.9", reason });
});

test("is not fetched where it runs already, or where nobody installs it", async () => {
  const { asked, left, upgrade } = await host();
  await upgrade.want(own);
  await upgrade.want(undefined);
  const alone = createUpgrade({ cloud: {} as Cloud, log: silent, dir: null, outcome: "/nowhere" });
  await alone.want("9.9.9");
  expect([asked, left(), alone.failed()]).toEqual([[], [], null]);
});

test("that root took back is told, until it is wanted again", async () => {
  const { outcome, upgrade } = await host();
  writeFileSync(outcome, "9.9.9 the agent was not in step within 120 s\n");
  expect(upgrade.failed()).toEqual({ version: "9.9.9", reason: "the agent was not in step within 120 s" });
  utimesSync(outcome, 1, 1);
  await upgrade.want("9.9.9");
  expect(upgrade.failed()).toBeNull();
});
