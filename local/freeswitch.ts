// FreeSWITCH as a child of `npm start` or `npm run edge`: an installed one, on the shipped configuration, with everything it writes under the data folder.
import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseConfig } from "../edge-agent/config.ts";
import { install } from "../edge-agent/drivers/freeswitch/install.ts";
import { findFreeswitch, runFreeswitch } from "../edge-agent/drivers/freeswitch/run.ts";
import { type Child, superviseEngine } from "./child.ts";

/** The program that was asked for. Throws with a sentence that says what to do. */
export function wantedFreeswitch({ path }: { path: string | undefined }): string {
  const program = findFreeswitch(path);
  if (program) return program;
  throw new Error(
    `--with freeswitch: ${path ?? "FreeSWITCH"} is not there; install it from its vendor's packages (README) or name it: --with freeswitch=/path/to/freeswitch`,
  );
}

/** What the agent must know of a FreeSWITCH that runs under `dataDir`. */
export const freeswitchEnvironment = (dataDir: string): Record<string, string> => ({
  ESL_PASSWORD_FILE: eslPasswordFile(dataDir),
  CDR_DIR: join(dataDir, "freeswitch/cdr"),
  VOICEMAIL_DIR: join(dataDir, "freeswitch/voicemail"),
  RECORDINGS_DIR: join(dataDir, "freeswitch/recordings"),
});

/** The event socket's password of this installation, made at the first start. */
function eslPasswordFile(dataDir: string): string {
  const folder = join(dataDir, "freeswitch");
  const file = join(folder, "esl.password");
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  if (!existsSync(file)) writeFileSync(file, `${randomBytes(24).toString("hex")}\n`, { mode: 0o600 });
  return file;
}

/** Installs the configuration and keeps FreeSWITCH running until stopped. `environment` is the agent's. */
export async function superviseFreeswitch(
  program: string,
  dataDir: string,
  environment: Record<string, string>,
): Promise<Child> {
  const { freeswitch: config, port } = parseConfig(environment, []);
  const dir = join(dataDir, "freeswitch/conf");
  install({ dir, config, edgePort: port, switchname: "dialplane", rtp: { start: 16384, end: 17384 } });
  const options = { program, confDir: dir, dataDir: join(dataDir, "freeswitch"), esl: config.esl };
  return superviseEngine("FreeSWITCH", () => runFreeswitch(options));
}
