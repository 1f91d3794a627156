// Recordings of calls that ended go up, are told, and leave this host. A file that is here has not gone up: whatever is missed or killed, the next sweep
// finds it.
import { open, rm, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import type { Logger } from "pino";
import { readWav } from "../../../core/audio/wav.ts";
import { idOf, type Owner, tenantOwner } from "../../../core/owner.ts";
import { derivedId } from "../../derived-id.ts";
import type { Documents } from "../../documents.ts";
import type { Report } from "../../driver.ts";
import { createLimit } from "../../limit.ts";
import type { Media } from "../../media.ts";
import { namesIn } from "./box.ts";
import type { EslEvent } from "./esl/event.ts";
import { token } from "./inert.ts";
import { recordingFile } from "./recording.ts";
import { callId } from "./report/id.ts";

export type Recordings = {
  onEvent(event: EslEvent): void;
  /** What is here of calls that are over. */
  sweep(): Promise<void>;
  /** Nothing of the tenant's stays. */
  forget(owner: Owner): Promise<void>;
};

type Options = {
  esl: { api(command: string): Promise<string> };
  documents: Pick<Documents, "config">;
  media: Media;
  report: Report;
  log: Pick<Logger, "warn">;
  dir: string;
  /** One that was made, perhaps told again. */
  recorded?(of: { tenant: string; id: string; startedMs: number; seconds: number }): void;
};

export function createRecordings({ esl, documents, media, report, log, dir, recorded }: Options): Recordings {
  const running = new Set<string>();
  /** Uploads leave room for calls on the line. */
  const limit = createLimit(2);

  async function bring(tenant: string, name: string): Promise<void> {
    const [, uuid, created, begun] = recordingFile.exec(name) ?? [];
    const file = join(dir, tenant, name);
    if (uuid === undefined || running.has(file) || !documents.config(tenantOwner(tenant))) return;
    running.add(file);
    try {
      await limit(() => bringUp(file, tenant, callId(uuid, Number(created)), { us: Number(created), begun }));
    } catch (error) {
      log.warn({ file, error: String(error) }, "a recording could not be brought up; it will be");
    } finally {
      running.delete(file);
    }
  }

  async function bringUp(file: string, tenant: string, call: string, start: { us: number; begun: string | undefined }) {
    const seconds = await secondsOf(file);
    if (seconds === undefined) return rm(file, { force: true });
    const onDemand = start.begun !== undefined;
    const startedMs = onDemand ? Number(start.begun) : Math.floor(start.us / 1000);
    const id = derivedId("rec", startedMs, tenant, basename(file));
    recorded?.({ tenant, id, startedMs, seconds });
    const { bytes } = await media.upload({ tenant, kind: "recording", id }, file);
    const startedAt = new Date(startedMs).toISOString();
    await report({ type: "recording.completed", data: { id, tenant, call, startedAt, seconds, bytes, onDemand } });
    await rm(file, { force: true });
  }

  return {
    onEvent({ name, headers }) {
      const path = headers["Record-File-Path"] ?? "";
      if (name === "RECORD_STOP" && dirname(dirname(path)) === dir) void bring(basename(dirname(path)), basename(path));
    },
    async sweep() {
      for (const tenant of namesIn(dir).filter((name) => name.startsWith("ten_")))
        for (const name of namesIn(join(dir, tenant))) {
          const [, uuid = ""] = recordingFile.exec(name) ?? [];
          if (uuid && (await esl.api(`uuid_exists ${uuid}`)).trim() !== "true") await bring(tenant, name);
        }
    },
    forget: (owner) => rm(join(dir, token(idOf(owner))), { recursive: true, force: true }),
  };
}

/** Undefined for a file without a sample: of a call that was not answered. */
async function secondsOf(file: string): Promise<number | undefined> {
  const handle = await open(file);
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(4096), 0, 4096, 0);
    const wav = readWav(buffer.subarray(0, bytesRead), (await stat(file)).size);
    return typeof wav === "string" ? undefined : Math.round(wav.seconds);
  } finally {
    await handle.close();
  }
}
