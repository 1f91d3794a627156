// Kamailio as a child of `npm start` or `npm run edge`: an installed one, on the shipped configuration, with everything it writes under the data folder.
import { parseConfig } from "../edge-agent/config.ts";
import { install } from "../edge-agent/drivers/kamailio/install.ts";
import { findKamailio, runKamailio } from "../edge-agent/drivers/kamailio/run.ts";
import { type Child, superviseEngine } from "./child.ts";

/** The program that was asked for. Throws with a sentence that says what to do. */
export function wantedKamailio({ path }: { path: string | undefined }): string {
  const program = findKamailio(path);
  if (program) return program;
  throw new Error(
    `--with kamailio: ${path ?? "Kamailio"} is not there; install Debian's packages (docs/kamailio.md) or name it: --with kamailio=/path/to/kamailio`,
  );
}

/** Installs the configuration and keeps Kamailio running until stopped. `environment` is that of its agent. */
export async function superviseKamailio(program: string, environment: Record<string, string>): Promise<Child> {
  const { kamailio: config } = parseConfig({ ...environment, ENGINE: "kamailio" }, []);
  install(config);
  return superviseEngine("Kamailio", () => runKamailio({ program, config }));
}
