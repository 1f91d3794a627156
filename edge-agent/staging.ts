// A document on its way from the cloud, page by page, until it is whole. It replaces what the state holds only when its digest agrees.

import type { Standing } from "../core/comparison.ts";
import { empty, shift, weigh } from "../core/digest.ts";
import type { Delta, Snapshot } from "../core/wire.ts";
import { sha256 } from "./hash.ts";

export type Whole = Standing & { path: string[]; resources: Map<string, Staged>; secrets: Map<string, string> };
export type Staged = { kind: string; id: string; text: string };

export const keyOf = (kind: string, id: string): string => `${kind}\n${id}`;

export interface Staging {
  page(page: Snapshot): void;
  /** A change that happened while pages were read. */
  change(delta: Delta): void;
  /** The standing of the first page: changes since then are to be counted in if the document moved. */
  readonly since: Standing | undefined;
  /** The document, if what was staged is exactly what one of the standings seen says; else undefined. */
  whole(): Whole | undefined;
}

export function createStaging(): Staging {
  const resources = new Map<string, Staged>();
  const secrets = new Map<string, string>();
  const seen = new Map<string, Standing & { path: string[] }>();
  let first: Standing | undefined;
  let digest = empty;

  function put(kind: string, id: string, text: string | undefined): void {
    const key = keyOf(kind, id);
    const before = resources.get(key);
    const weights = (value: string | undefined) => (value === undefined ? [] : [weigh(sha256, kind, id, value)]);
    digest = shift(digest, weights(text), weights(before?.text));
    if (text === undefined) resources.delete(key);
    else resources.set(key, { kind, id, text });
  }

  return {
    page(page) {
      first ??= { owner: page.owner, epoch: page.epoch, revision: page.revision, digest: page.digest };
      seen.set(page.digest, {
        owner: page.owner,
        epoch: page.epoch,
        revision: page.revision,
        digest: page.digest,
        path: page.path,
      });
      for (const { kind, id, text } of page.resources) put(kind, id, text);
      for (const { ref, value } of page.secrets) secrets.set(ref, value);
    },
    change(delta) {
      seen.set(delta.digest, {
        owner: delta.owner,
        epoch: delta.epoch,
        revision: delta.revision,
        digest: delta.digest,
        path: delta.path,
      });
      for (const { kind, id } of delta.deletes) put(kind, id, undefined);
      for (const { kind, id, text } of delta.upserts) put(kind, id, text);
      for (const { ref, value } of delta.secrets) secrets.set(ref, value);
    },
    get since() {
      return first;
    },
    whole() {
      const standing = seen.get(digest);
      return standing && { ...standing, resources, secrets };
    },
  };
}
