// Audio of tenants and accounts, which lies beside their documents: S3 in the cloud, its stand-in locally. Others reach it by URLs that are good for
// a while; nothing is ever public.
import { idOf, type Owner } from "../../core/owner.ts";

/** What exactly one PUT may bring. */
export type Incoming = { bytes: number; sha256: string; contentType: string };
export type UploadUrl = { url: string; headers: Record<string, string> };
export type Found = { bytes: number; contentType: string };

export interface Media {
  put(key: string, bytes: Uint8Array, contentType: string): Promise<void>;
  /** All of it, or its first `most` bytes. */
  get(key: string, most?: number): Promise<Uint8Array | undefined>;
  head(key: string): Promise<Found | undefined>;
  /** Also where there is none. */
  remove(key: string): Promise<void>;
  /** The keys that begin so, some at a time. */
  list(prefix: string): AsyncIterable<string>;
  /** A URL to GET it, for so many seconds. */
  downloadUrl(key: string, seconds: number): Promise<string>;
  /** A URL to PUT it, with the headers that must come with it: the store refuses other bytes than these. */
  uploadUrl(key: string, incoming: Incoming, seconds: number): Promise<UploadUrl>;
}

/** For people, who open it at once, and for edges. */
export const urlSeconds = 300;

/** Where each object lies; the owner is always in it. */
export const objects = {
  all: (owner: Owner): string => `${idOf(owner)}/`,
  prompt: (owner: Owner, sha256: string): string => `${idOf(owner)}/prompts/${sha256}`,
  message: (tenant: string, id: string): string => `${tenant}/messages/${id}`,
  recording: (tenant: string, id: string): string => `${tenant}/recordings/${id}`,
};

/** For a function that has no right to audio and is never asked for it. */
export function noMedia(who: string): Media {
  const none = () => Promise.reject(new Error(`${who} has no audio`));
  // biome-ignore lint/correctness/useYield: it never gets so far
  const nothing = async function* (): AsyncGenerator<string> {
    await none();
  };
  return { put: none, get: none, head: none, remove: none, list: nothing, downloadUrl: none, uploadUrl: none };
}
