// `npm run deploy -- --stage dev`: the back end by the CDK, the operator's account on the first time, then the console by SST. Each step can be repeated.
// It works with the AWS credentials and the region of whoever runs it.
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { z } from "zod";
import { isNetwork } from "../core/network.ts";
import { bootstrap } from "../functions/accounts/bootstrap.ts";
import { openCloud } from "../functions/cloud.ts";
import { indexFile } from "../functions/edges/packages.ts";
import { readEnvironment } from "../functions/environment.ts";
import * as keys from "../functions/keys.ts";
import { levels } from "../functions/log.ts";
import { noMedia } from "../functions/media/media.ts";
import { s3Media } from "../functions/media/s3.ts";
import { cloudSettings } from "../functions/settings.ts";
import { kms } from "../functions/vault/kms.ts";
import { stageNames } from "../infra/stage-names.ts";
import { uploadReleases } from "./build-edge/upload.ts";
import { bringToStage } from "./edge-host.ts";
import { type Outputs, outputsFile, readOutputs, regionOf } from "./outputs.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
const wanted = z.strictObject({
  stage: z.enum(stageNames),
  /** Tenants without a domain of their own get a name under it, which is settled when the operator is made; browser phones may connect to hosts below it. */
  zone: z
    .string()
    .regex(/^[a-z0-9.-]+\.[a-z0-9-]+$/)
    .optional(),
  /** Route 53's id of the zone `zone`, in which hosts get names and prove them for their certificates. With it `zone` is needed each time. */
  "dns-zone-id": z
    .string()
    .regex(/^Z[A-Z0-9]{1,31}$/, "must be Route 53's id of a hosted zone, as in Z0123456789ABCDEFGHIJ")
    .optional(),
  /** Who is told of alarms. */
  alarms: z.email().optional(),
  /** Dollars a month before whose end who is told of alarms is told of that. */
  monthly: z.coerce.number().positive().optional(),
  /** The sender of mail, of a domain whose DNS is yours; without one nothing is mailed. */
  mail: z.email().optional(),
  /** Where people reach the console: `https://pbx.example.com`, a name of a zone in the account's Route 53. */
  console: z
    .url({ protocol: /^https$/ })
    .refine((url) => new URL(url).pathname === "/" && new URL(url).port === "", "an address without port and path")
    .optional(),
  /** How many may watch live views by a stream at once; 0: none may, and consoles ask every two seconds. Otherwise the stage's (infra/stage.ts). */
  watchers: z.coerce.number().int().min(0).max(5000).optional(),
  /** Networks of proxies of your own before the API, whose X-Forwarded-For is believed; CloudFront needs none. */
  "trusted-proxies": z
    .string()
    .refine((text) => text.split(/[\s,]+/).every(isNetwork), "networks with commas between: 198.51.100.0/24")
    .optional(),
  /** Requests a minute of each key, in each of Lambda's instances; 0: as many as it likes. */
  "rate-limit": z.coerce.number().int().min(0).max(1_000_000).optional(),
  /** A range service that knows breached passwords: https://api.pwnedpasswords.com/range/. */
  "breached-passwords": z.url({ protocol: /^https$/ }).optional(),
  "log-level": z.enum(levels).optional(),
});
export type Wanted = z.output<typeof wanted>;

/** The CDK's context for each: what infra/app.ts reads. */
const contextNames = {
  ...{ stage: "stage", alarms: "alarmEmail", monthly: "monthlyDollars", mail: "mailFrom", console: "consoleUrl" },
  ...{
    zone: "zone",
    "dns-zone-id": "zoneId",
    watchers: "watchers",
    "trusted-proxies": "TRUSTED_PROXIES",
    "rate-limit": "RATE_LIMIT",
  },
  ...{ "breached-passwords": "BREACHED_PASSWORDS", "log-level": "LOG_LEVEL" },
} satisfies Record<keyof Wanted, string>;

/** Throws a sentence with what is missing. */
export function parseWanted(args: string[]): Wanted {
  const options = Object.fromEntries(Object.keys(contextNames).map((name) => [name, { type: "string" }] as const));
  const result = wanted.safeParse({ ...parseArgs({ args, options }).values });
  if (result.success && result.data["dns-zone-id"] !== undefined && result.data.zone === undefined)
    throw new Error("npm run deploy: --dns-zone-id needs the name of that zone too: --zone sip.example.com");
  if (result.success) return result.data;
  const flaws = result.error.issues.map(({ path, message }) => `--${path.join(".")}: ${message}`);
  throw new Error(`npm run deploy -- --stage dev --zone sip.example.com: ${flaws.join("; ")}`);
}

/** The command lines before and after the operator's account. */
export const commands = (what: Wanted): { backEnd: string[]; console: string[] } => ({
  backEnd: [
    ...["cdk", "deploy", "--all"],
    ...Object.entries(contextNames).flatMap(([name, context]) => {
      const value = what[name as keyof Wanted];
      return value === undefined ? [] : ["--context", `${context}=${value}`];
    }),
    ...["--outputs-file", outputsFile],
  ],
  console: ["sst", "deploy", "--stage", what.stage],
});

/** What sst.config.ts is told of it by the environment. */
export const consoleEnvironment = ({ console }: Wanted): Record<string, string> =>
  console === undefined ? {} : { CONSOLE_DOMAIN: new URL(console).hostname };

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

function run([program = "", ...args]: string[], more: Record<string, string> = {}): void {
  const env = { ...process.env, SST_NO_BUN: "1", SST_TELEMETRY_DISABLED: "1", ...more };
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
    const hosts = await bringToStage(outputs);
    run(lines.console, consoleEnvironment(what));
    const edges =
      packages > 0 ? `${packages} packages` : "no package; npm run build:edge makes some, for hosts to install";
    console.log(
      `API           ${outputs.ApiUrl}\nOperator key  ${file ?? "made on another machine, and only there"}\nEdge agent    ${edges}\nHosts in AWS  ${hosts}`,
    );
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exit(1);
  }
}
