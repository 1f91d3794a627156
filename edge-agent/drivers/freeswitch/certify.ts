// FreeSWITCH presents another certificate from now on: `wss.pem` of its TLS folder is read anew (`reloadcert`). Connections that are there go on with the one
// before.
import { renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { heldOf } from "../../certificate/files.ts";
import { presented } from "../../certificate/presented.ts";
import type { FreeswitchConfig } from "./config.ts";

const patienceMs = 5000;
type Api = { api(command: string): Promise<string> };

/** Resolves when it presents the certificate of `pem`. Throws where it does not, or is not there. */
export async function certify({ browsers, sipAddress }: FreeswitchConfig, esl: Api, pem: string): Promise<void> {
  if (!browsers) return;
  const { fingerprint256 } = heldOf(pem).leaf;
  writeWss(browsers.tlsDir, pem);
  const isPresented = async () => (await presented(sipAddress, browsers.wssPort)) === fingerprint256;
  if (await isPresented()) return;
  const answer = await esl.api("reloadcert");
  if (!answer.startsWith("+OK"))
    throw new Error(`FreeSWITCH does not read its certificate anew: ${answer.slice(0, 200)}`);
  for (const until = Date.now() + patienceMs; Date.now() < until; await sleep(50)) if (await isPresented()) return;
  throw new Error("FreeSWITCH was told of the certificate and presents another one");
}

/** Certificate, chain and key in one file, as FreeSWITCH reads them; it may read at any time. */
export function writeWss(tlsDir: string, pem: string): void {
  const file = join(tlsDir, "wss.pem");
  writeFileSync(`${file}.new`, pem, { mode: 0o600, flush: true });
  renameSync(`${file}.new`, file);
}
