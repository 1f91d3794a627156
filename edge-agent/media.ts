// Audio from the cloud and to it, by URLs that it gives out for one object each. What documents name comes down; what was recorded here goes up.
import { createHash } from "node:crypto";
import { createReadStream, openAsBlob } from "node:fs";
import { stat } from "node:fs/promises";
import type { Owner } from "../core/owner.ts";
import { audioUrl, type Recorded, uploadUrl } from "../core/wire-host.ts";
import type { Cloud } from "./cloud.ts";

export interface Media {
  /** The bytes of that hash, checked. Rejects where they can't be had now. */
  fetch(owner: Owner, sha256: string): Promise<Buffer>;
  /** Rejects where it can't be done now; again with the same id does no harm. Resolves with what went up. */
  upload(what: Pick<Recorded, "tenant" | "kind" | "id">, file: string): Promise<{ bytes: number }>;
}

/** More than a document may name. */
const mostBytes = 50_000_000;
const fetchMs = 120_000;
const uploadMs = 900_000;

/** Works as soon as `connect` was called; before that, everything rejects. */
export function createMedia(): Media & { connect(cloud: Cloud): void } {
  let cloud: Cloud | undefined;
  const connected = (): Cloud => {
    if (!cloud) throw new Error("the control plane was not reached yet");
    return cloud;
  };

  return {
    connect(given) {
      cloud = given;
    },
    async fetch(owner, sha256) {
      const { url } = await connected().post("audio", { owner, sha256 }, audioUrl);
      const answer = await fetch(url, { signal: AbortSignal.timeout(fetchMs), redirect: "error" });
      if (!answer.ok) throw new Error(`its store answers ${answer.status}`);
      const bytes = await bounded(answer);
      if (createHash("sha256").update(bytes).digest("hex") !== sha256)
        throw new Error("what came is not what the document names");
      return bytes;
    },
    async upload(what, file) {
      const { size: bytes } = await stat(file);
      const sha256 = await hashOf(file);
      const { url, headers } = await connected().post("uploads", { ...what, bytes, sha256 }, uploadUrl);
      const answer = await fetch(url, {
        method: "PUT",
        headers,
        body: await openAsBlob(file),
        redirect: "error",
        signal: AbortSignal.timeout(uploadMs),
      });
      if (!answer.ok) throw new Error(`the store answers ${answer.status}`);
      return { bytes };
    },
  };
}

async function bounded(answer: Response): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of answer.body ?? []) {
    size += chunk.length;
    if (size > mostBytes) throw new Error("it is larger than a document may name");
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

async function hashOf(file: string): Promise<string> {
  const hash = createHash("sha256");
  for await (const chunk of createReadStream(file)) hash.update(chunk);
  return hash.digest("hex");
}
