// `npm run synth:edge-host` begins here: the template by which a reseller launches hosts in an account of his own, as one file. Told where in S3 it is going
// to lie, it tells the link that launches it: `-- --at https://BUCKET.s3.amazonaws.com/edge-host.template.json --region eu-central-1 [--control URL] [--pool ID]`.
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { launchUrl } from "./launch.ts";
import { render } from "./render.ts";

const file = fileURLToPath(new URL("../../dist/edge-host.template.json", import.meta.url));
/** Of a template that is sent as it is; larger ones are fetched from S3. */
const bodyBytes = 51_200;

const text = { type: "string" } as const;
const { values } = parseArgs({ options: { at: text, region: text, control: text, pool: text } });
const { at, region, control, pool } = values;
if ((at === undefined) !== (region === undefined)) throw new Error("--at and --region go together: give both, or none");

const template = render();
mkdirSync(dirname(file), { recursive: true });
writeFileSync(file, template);
const bytes = Buffer.byteLength(template);
const where = bytes <= bodyBytes ? "CloudFormation takes it as it is" : "CloudFormation takes it from S3 alone";
console.log(`${file}: ${bytes} bytes; ${where}`);
if (at !== undefined && region !== undefined) {
  const parameters = { ...(control && { ControlUrl: control }), ...(pool && { PoolId: pool }) };
  console.log(launchUrl({ templateUrl: at, region, parameters }));
}
