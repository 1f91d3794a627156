// The cloud's store of audio as a driver sees it: what tests put there, and what was brought there. It may be cut off.
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import type { Media } from "../../edge-agent/media.ts";

export type Stock = Media & {
  /** Puts audio there; returns what a prompt says of it. */
  put(bytes: Buffer): { sha256: string; bytes: number; contentType: "audio/wav" };
  /** By id. */
  uploaded: Map<string, { tenant: string; kind: string; bytes: Buffer }>;
  /** While it is set, everything fails with it. */
  broken: Error | undefined;
  fetches: string[];
};

export function createStock(): Stock {
  const audio = new Map<string, Buffer>();
  const stock: Stock = {
    uploaded: new Map(),
    broken: undefined,
    fetches: [],
    put(bytes) {
      const sha256 = createHash("sha256").update(bytes).digest("hex");
      audio.set(sha256, bytes);
      return { sha256, bytes: bytes.length, contentType: "audio/wav" };
    },
    async fetch(_, sha256) {
      stock.fetches.push(sha256);
      if (stock.broken) throw stock.broken;
      const found = audio.get(sha256);
      if (!found) throw new Error("its store answers 404");
      return found;
    },
    async upload({ tenant, kind, id }, file) {
      if (stock.broken) throw stock.broken;
      const bytes = await readFile(file);
      stock.uploaded.set(id, { tenant, kind, bytes });
      return { bytes: bytes.length };
    },
  };
  return stock;
}
