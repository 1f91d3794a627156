// `npm run deploy -- --stage dev`: the back end by the CDK, the operator's account on the first time, then the console by SST. Each step can be repeated.
// It works with the AWS credentials and the region of whoever runs it.
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { z } from "zod";
import { bootstrap } from "../functions/accounts/bootstrap.ts";
import { cloudSettings, openCloud, readEnvironment } from "../functions/cloud.ts";
import { indexFile } from "../functions/edges/packages.ts";
import * as keys from "../functions/keys.ts";
import { noMedia } from "../functions/media/media.ts";
import { s3Media } from "../functions/media/s3.ts";
import { kms } from "../functions/vault/kms.ts";
import { stageNames } from "../infra/stage.ts";
import { uploadReleases } from "./build-edge/upload.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
const outputsFile = "cdk.out/outputs.json";

const stackOutputs = z.object({
  ApiUrl: z.url(),
  TableName: z.string(),
  MediaBucket: z.string(),
  VaultKeyArn: z.string().startsWith("arn:"),
});
type Outputs = z.output<typeof stackOutputs>;

const wanted = z.strictObject({
  stage: z.enum(stageNames),
  /** Tenants without a domain of their own get a name under it; needed once, when the operator is made. */
  zone: z
    .string()
    .regex(/^[a-z0-9.-]+\.[a-z0-9-]+$/)
    .optional(),
  /** Who is told of alarms. */
  alarms: z.email().optional(),
  /** Dollars a month before whose end who is told of alarms is told of that. */
  monthly: z.coerce.number().positive().optional(),
  /** The sender of mail, of a domain whose DNS is yours; without one nothing is mailed. */
  mail: z.email().optional(),
  /** Where people reach the console: `https://pbx.example.com`. */
  console: z.url({ protocol: /^https$/ }).optional(),
});
export type Wanted = z.output<typeof wanted>;

/** Throws a sentence with what is missing. */
export function parseWanted(args: string[]): Wanted {
  const options = {
    stage: { type: "string" },
    zone: { type: "string" },
    alarms: { type: "string" },
    monthly: { type: "string" },
    mail: { type: "string" },
    console: { type: "string" },
  } as const;
  const result = wanted.safeParse({ ...parseArgs({ args, options }).values });
  if (result.success) return result.data;
  const flaws = result.error.issues.map(({ path, message }) => `--${path.join(".")}: ${message}`);
  throw new Error(`npm run deploy -- --stage dev --zone sip.example.com: ${flaws.join("; ")}`);
}

/** The command lines before and after the operator's account. */
export const commands = ({
  stage,
  alarms,
  monthly,
  mail,
  console,
}: Wanted): { backEnd: string[]; console: string[] } => ({
  backEnd: [
    "cdk",
    "deploy",
    "--context",
    `stage=${stage}`,
    ...(alarms ? ["--context", `alarmEmail=${alarms}`] : []),
    ...(monthly ? ["--context", `monthlyDollars=${monthly}`] : []),
    ...(mail ? ["--context", `mailFrom=${mail}`] : []),
    ...(console ? ["--context", `consoleUrl=${console}`] : []),
    "--outputs-file",
    outputsFile,
  ],
  console: ["sst", "deploy", "--stage", stage],
});

/** What the stack of that stage says in the file that `cdk deploy` wrote. */
export function readOutputs(text: string, stage: string): Outputs {
  return readEnvironment(z.object({ [`dialplane-${stage}`]: stackOutputs }), JSON.parse(text))[
    `dialplane-${stage}`
  ] as Outputs;
}

/** `arn:aws:kms:<region>:…` */
export const regionOf = ({ VaultKeyArn }: Outputs): string => VaultKeyArn.split(":")[3] ?? "";

/** Makes the operator on the first time; its key goes to a file before anything is written. Returns the file, if this machine has it. */
async function makeOperator({ stage, zone }: Wanted, outputs: Outputs): Promise<string | undefined> {
  const region = regionOf(outputs);
  const settings = { TABLE: outputs.TableName, STAGE: stage, PUBLIC_URL: outputs.ApiUrl, AWS_REGION: region };
  const { ctx } = openCloud(readEnvironment(cloudSettings, settings), {
    wrapper: kms(outputs.VaultKeyArn, { region }),
    media: noMedia("the deployment"),
    lend: () => Promise.reject(new Error("no queue is lent here")),
  });
  const file = join(root, `.data/operator-${stage}.key`);
  mkdirSync(join(root, ".data"), { recursive: true, mode: 0o700 });
  if (!(await ctx.store.get(keys.operator))) {
    if (!zone) throw new Error("the back end is deployed and has no operator yet: again, with --zone sip.example.com");
    await bootstrap(ctx, zone, (key) => writeFileSync(file, `${key}\n`, { mode: 0o600, flush: true }));
  }
  await ctx.store.close();
  return existsSync(file) ? file : undefined;
}

/** Brings the edge's packages to the bucket, the list of them last. Resolves with how many there are. */
async function bringReleases(outputs: Outputs): Promise<number> {
  const folder = join(root, "dist/edge");
  if (!existsSync(join(folder, indexFile))) return 0;
  const media = s3Media(outputs.MediaBucket, { region: regionOf(outputs) });
  return uploadReleases(media, folder);
}

function run([program = "", ...args]: string[]): void {
  const env = { ...process.env, SST_NO_BUN: "1", SST_TELEMETRY_DISABLED: "1" };
  execFileSync(join(root, "node_modules/.bin", program), args, { cwd: root, env, stdio: "inherit" });
}

if (import.meta.main) {
  try {
    const what = parseWanted(process.argv.slice(2));
    const lines = commands(what);
    run(lines.backEnd);
    const outputs = readOutputs(readFileSync(join(root, outputsFile), "utf8"), what.stage);
    const file = await makeOperator(what, outputs);
    const packages = await bringReleases(outputs);
    run(lines.console);
    const edges =
      packages > 0 ? `${packages} packages` : "no package; npm run build:edge makes some, for hosts to install";
    console.log(
      `API           ${outputs.ApiUrl}\nOperator key  ${file ?? "made on another machine, and only there"}\nEdge agent    ${edges}`,
    );
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exit(1);
  }
}
