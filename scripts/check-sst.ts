// Checks the types of sst.config.ts. SST's own are no package: `sst install` writes its platform to .sst/platform and gets what that needs from npm
// (about 320 MB, half a minute), which is why `npm run check` makes do with
// infra/sst.d.ts. The platform comes as sources that do not keep our strict flags, so
// tsconfig.sst.json is without those.
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const platform = join(root, ".sst/platform");

function run(program: string, ...parameters: string[]): void {
  const env = {
    ...process.env,
    SST_STAGE: "dev",
    SST_SKIP_DEPENDENCY_CHECK: "1",
    SST_NO_BUN: "1",
    SST_TELEMETRY_DISABLED: "1",
  };
  execFileSync(join(root, "node_modules/.bin", program), parameters, { cwd: root, env, stdio: "inherit" });
}

/** Whether the platform is there, whole, and was written by the installed version of SST. */
export function hasPlatform(): boolean {
  const file = join(platform, "version");
  if (!existsSync(file) || !existsSync(join(platform, "node_modules/@pulumi/aws"))) return false;
  const { version } = JSON.parse(readFileSync(join(root, "node_modules/sst/package.json"), "utf8"));
  return readFileSync(file, "utf8").trim() === version;
}

/** Throws what tsc says. */
export function checkTypes(): void {
  run("tsc", "--project", "tsconfig.sst.json");
}

if (import.meta.main) {
  try {
    if (!hasPlatform()) run("sst", "install");
    checkTypes();
  } catch {
    // the program has said what is wrong
    process.exit(1);
  }
}
