// What all files share that run through the booted template: the bundles, the synthesized template and DynamoDB Local, for vitest's `globalSetup`.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestProject } from "vitest/node";
import { buildFunctions } from "../../../scripts/build-functions.ts";
import { hasDynamoLocal, startDynamoLocal } from "../../support/dynamodb-local.ts";
import { type Ground, synthesizeInto } from "./cloud.ts";

declare module "vitest" {
  export interface ProvidedContext {
    ground: Ground;
  }
}

export default async function setup(project: TestProject): Promise<(() => Promise<void>) | undefined> {
  if (!hasDynamoLocal()) return;
  const folder = mkdtempSync(join(tmpdir(), "dialplane-"));
  const bundles = join(folder, "bundles");
  const [local] = await Promise.all([startDynamoLocal(), buildFunctions(bundles)]);
  project.provide("ground", { out: synthesizeInto(folder, bundles), dynamo: local.url });
  return async () => {
    await local.stop();
    rmSync(folder, { recursive: true, force: true });
  };
}
