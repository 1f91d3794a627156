// `npm run synth:edge-host`: the template by which a reseller launches hosts in an account of his own, as one file, and the link that launches it.
// `-- --stage prod [--pool ID]` puts it into that stage's bucket, as `npm run deploy` did, for another link; `-- --at https://BUCKET.s3.amazonaws.com/FILE
// --region eu-central-1 [--control URL] [--pool ID]` tells the link of where you put it.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { releasesPrefix } from "../functions/edges/packages.ts";
import type { Media } from "../functions/media/media.ts";
import { s3Media } from "../functions/media/s3.ts";
import { launchUrl } from "../infra/edge-host/launch.ts";
import { type Outputs, outputsFile, readOutputs, regionOf } from "./outputs.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
/** Beside the packages that hosts install: no function of the stack may change it. */
export const templateKey = `${releasesPrefix}edge-host.template.json`;
/** As long as S3 lets a signed URL be good; it ends earlier with the credentials that sign it. */
const linkSeconds = 7 * 86_400;

export type Bringing = { region: string; control: string; pool?: string | undefined };

/** Puts the template there. Resolves with the link that launches it, for whoever has it: the bucket itself is nobody's. */
export async function bringTemplate(media: Media, template: string, about: Bringing): Promise<string> {
  await media.put(templateKey, new TextEncoder().encode(template), "application/json");
  const { region, control: ControlUrl, pool } = about;
  const templateUrl = await media.downloadUrl(templateKey, linkSeconds);
  return launchUrl({ templateUrl, region, parameters: { ControlUrl, ...(pool && { PoolId: pool }) } });
}

/** The same with the stage's bucket. */
export async function bringToStage(outputs: Outputs, pool?: string): Promise<string> {
  // the CDK is slow to load
  const { render } = await import("../infra/edge-host/render.ts");
  const region = regionOf(outputs);
  return bringTemplate(s3Media(outputs.MediaBucket, { region }), render(), { region, control: outputs.ApiUrl, pool });
}

/** Of a template that is sent as it is; larger ones are fetched from S3. */
const bodyBytes = 51_200;

async function write(): Promise<void> {
  const { render } = await import("../infra/edge-host/render.ts");
  const file = join(root, "dist/edge-host.template.json");
  const template = render();
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, template);
  const bytes = Buffer.byteLength(template);
  const where = bytes <= bodyBytes ? "CloudFormation takes it as it is" : "CloudFormation takes it from S3 alone";
  console.log(`${file}: ${bytes} bytes; ${where}`);
}

if (import.meta.main) {
  try {
    const text = { type: "string" } as const;
    const options = { stage: text, at: text, region: text, control: text, pool: text };
    const { stage, at, region, control, pool } = parseArgs({ options }).values;
    if ((at === undefined) !== (region === undefined)) throw new Error("--at and --region go together: give both");
    await write();
    if (stage !== undefined)
      console.log(await bringToStage(readOutputs(readFileSync(join(root, outputsFile), "utf8"), stage), pool));
    if (at !== undefined && region !== undefined) {
      const parameters = { ...(control && { ControlUrl: control }), ...(pool && { PoolId: pool }) };
      console.log(launchUrl({ templateUrl: at, region, parameters }));
    }
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exit(1);
  }
}
