// A copy of a tenant: its document as another can have it.
import type { Owner } from "../../core/owner.ts";
import { type BodyOf, kindOf } from "../../core/registry.ts";
import type { Body } from "../../core/resources/kind.ts";
import type { Context } from "../context.ts";
import { objects } from "../media/media.ts";
import { exportOf } from "./export.ts";
import type { Head } from "./head.ts";

/** What a copy does not have: `pointer` names a field that was cleared, without one all of it is missing. */
export type LeftOut = { kind: string; key: string; pointer?: string; why: string };

/** Fields that hold a number of the tenant's own, or none. */
const callerIds = ["externalCallerId", "emergencyCallerId"];

/**
 * The document, as apply takes it, and what is not in it: phone numbers, which only one can have, and caller ids that are one of them. Secrets that can be
 * made are made anew; others, as the password of a trunk, are the same.
 */
export async function copyOf(ctx: Context, head: Head): Promise<{ document: Body; leftOut: LeftOut[] }> {
  const { "phone-numbers": numbers = [], ...document } = await exportOf(ctx, head, "carried");
  const leftOut = (numbers as { number: string }[]).map(
    ({ number }): LeftOut => ({ kind: "phone-number", key: number, why: "a number belongs to one tenant" }),
  );
  const own = new Set(leftOut.map(({ key }) => key));
  const { kind, key } = kindOf("extension");
  for (const extension of (document.extensions ?? []) as Body[])
    for (const field of callerIds.filter((name) => own.has(String(extension[name])))) {
      extension[field] = null;
      leftOut.push({ kind, key: String(extension[key]), pointer: `/${field}`, why: "the number is not the copy's" });
    }
  return { document, leftOut };
}

/** Copies the audio that a document's prompts name to where another's lies. Resolves with what takes it away again. */
export async function copyAudio(ctx: Context, document: Body, from: Owner, to: Owner): Promise<() => Promise<void>> {
  const prompts = (document.prompts ?? []) as BodyOf<"prompt">[];
  const hashes = new Set(prompts.flatMap(({ audio }) => audio?.sha256 ?? []));
  for (const sha256 of hashes) {
    const bytes = await ctx.media.get(objects.prompt(from, sha256));
    const found = await ctx.media.head(objects.prompt(from, sha256));
    if (bytes && found) await ctx.media.put(objects.prompt(to, sha256), bytes, found.contentType);
  }
  return async () => {
    for (const sha256 of hashes) await ctx.media.remove(objects.prompt(to, sha256));
  };
}
