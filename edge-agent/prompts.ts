// Prompts on this host: fetched by their hash, converted once, kept until no document names them. A file is there whole or not at all, whenever the
// agent is killed; what is missing is fetched at the next comparison.
import {
  closeSync,
  existsSync,
  fstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readlinkSync,
  readSync,
  renameSync,
  rmSync,
  symlinkSync,
} from "node:fs";
import { open } from "node:fs/promises";
import { join } from "node:path";
import type { Owner } from "../core/owner.ts";
import type { Owned } from "../core/routing/config.ts";
import type { Failure } from "../core/wire.ts";
import { convertAside } from "./audio/aside.ts";
import { AudioError } from "./audio/convert.ts";
import type { Documents } from "./documents.ts";
import { createLimit } from "./limit.ts";
import type { Media } from "./media.ts";

export interface Prompts {
  /** Fetches what these prompts name and is not here. Resolves with those that are not in place. */
  bring(ids: string[]): Promise<Failure[]>;
  /** Brings all that documents name, then deletes what none does. */
  reconcile(): Promise<Map<Owner, Failure[]>>;
}

/** Where the audio of that hash is, once it is here. */
export const promptFile = (dir: string, sha256: string): string => join(dir, `${sha256}.wav`);
/** A link to the audio that the prompt had last here. */
const lastOf = (dir: string, id: string): string => join(dir, `${id}.wav`);

/** What to play of a prompt: its audio, or what it had before until that is here; undefined for nothing. */
export function playable(dir: string, id: string, sha256: string | undefined): string | undefined {
  if (!sha256 || !/^[0-9a-f]{64}$/.test(sha256) || !/^pmt_\w+$/.test(id)) return undefined;
  return [promptFile(dir, sha256), lastOf(dir, id)].find((file) => existsSync(file));
}

/** How long it lasts: a WAV of ours, one channel of 16 bits. 0 for what is none. */
export function secondsOf(file: string): number {
  const head = Buffer.alloc(44);
  const open = openSync(file, "r");
  try {
    if (readSync(open, head) < head.length) return 0;
    return (fstatSync(open).size - head.length) / 2 / head.readUInt32LE(24);
  } finally {
    closeSync(open);
  }
}

function linked(file: string): string | undefined {
  try {
    return readlinkSync(file);
  } catch {
    return undefined;
  }
}

export function createPrompts({ documents, media, dir }: { documents: Documents; media: Media; dir: string }): Prompts {
  const fetching = new Map<string, Promise<void>>();
  /** Each holds a whole file in memory while it is converted. */
  const limit = createLimit(2);
  mkdirSync(dir, { recursive: true, mode: 0o700 });

  function get(owner: Owner, sha256: string): Promise<void> {
    if (existsSync(promptFile(dir, sha256))) return Promise.resolve();
    const running = fetching.get(sha256);
    if (running) return running;
    const run = limit(() => make(owner, sha256)).finally(() => fetching.delete(sha256));
    fetching.set(sha256, run);
    return run;
  }

  async function make(owner: Owner, sha256: string): Promise<void> {
    const bytes = await convertAside(await media.fetch(owner, sha256));
    const file = promptFile(dir, sha256);
    const part = `${file}.part`;
    const handle = await open(part, "w", 0o600);
    try {
      await handle.writeFile(bytes);
      await handle.sync();
    } finally {
      await handle.close();
    }
    renameSync(part, file);
  }

  async function bringOne({ owner, id, body }: Owned<"prompt">): Promise<Failure[]> {
    if (!body.audio) return [];
    try {
      await get(owner, body.audio.sha256);
      link(id, body.audio.sha256);
      return [];
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      const hopeless = error instanceof AudioError;
      const reason = `prompt ${body.name}: audio could not be ${hopeless ? "converted" : "fetched"}: ${why}`;
      return [{ kind: "prompt", id, reason, retry: !hopeless }];
    }
  }

  function link(id: string, sha256: string): void {
    const file = lastOf(dir, id);
    if (linked(file) === `${sha256}.wav`) return;
    rmSync(`${file}.part`, { force: true });
    symlinkSync(`${sha256}.wav`, `${file}.part`);
    renameSync(`${file}.part`, file);
  }

  function sweep(): void {
    const wanted = documents.prompts().filter(({ body }) => body.audio);
    const kept = new Set(
      wanted.flatMap(({ id, body }) => [`${id}.wav`, `${body.audio?.sha256}.wav`, linked(lastOf(dir, id))]),
    );
    for (const name of readdirSync(dir)) {
      const ours = /^(([0-9a-f]{64}|pmt_\w+)\.wav)(\.part)?$/.exec(name);
      if (ours && !kept.has(ours[3] ? "" : name) && !fetching.has(ours[2] ?? ""))
        rmSync(join(dir, name), { force: true });
    }
  }

  return {
    async bring(ids) {
      return (await Promise.all(ids.flatMap((id) => documents.prompts(id)).map(bringOne))).flat();
    },
    async reconcile() {
      const found = new Map<Owner, Failure[]>();
      await Promise.all(
        documents.prompts().map(async (prompt) => {
          const failures = await bringOne(prompt);
          if (failures.length > 0) found.set(prompt.owner, [...(found.get(prompt.owner) ?? []), ...failures]);
        }),
      );
      sweep();
      return found;
    },
  };
}
