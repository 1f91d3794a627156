// Kamailio as a child of `npm start` or `npm run edge`: an installed one, on the shipped configuration, with everything it writes under the data folder.
import { parseConfig } from "../edge-agent/config.ts";
import { install } from "../edge-agent/drivers/kamailio/install.ts";
import { findKamailio, type Running, runKamailio } from "../edge-agent/drivers/kamailio/run.ts";
import type { Child } from "./child.ts";

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
  let running = await runKamailio({ program, config });
  let stopping = false;
  const watch = async (): Promise<void> => {
    for (;;) {
      await running.exited;
      if (stopping) return;
      console.error("Kamailio ended; starting it again");
      await new Promise((resolve) => setTimeout(resolve, 1000));
      if (stopping) return;
      running = await runKamailio({ program, config }).catch((error): Running => {
        console.error(String(error));
        return running;
      });
    }
  };
  void watch();
  return {
    async stop() {
      stopping = true;
      await running.stop();
    },
  };
}
