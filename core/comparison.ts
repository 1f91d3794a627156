// The timed comparison of cloud and edge (`comparison` in wire.ts), counted the same way on both sides: what bucket a document is in, and what it adds to its sum.
import type { Sha256 } from "./digest.ts";
import type { Owner } from "./owner.ts";

export type Standing = { owner: Owner; epoch: number; revision: number; digest: string };

/** 0 to 255: the first two hexadecimal digits of SHA-256 of the owner. */
export const bucketOf = (sha256: Sha256, owner: Owner): number => Number.parseInt(sha256(owner).slice(0, 2), 16);

/** What a document adds to its bucket's sum (`shift` in digest.ts): the first 128 bits of SHA-256 over its standing. */
export const weighStanding = (sha256: Sha256, { owner, epoch, revision, digest }: Standing): bigint =>
  BigInt(`0x${sha256(`${owner}\n${epoch}\n${revision}\n${digest}`).slice(0, 32)}`);
