// A resource as callers see it.

import { idOf, isTenant } from "../../core/owner.ts";
import { type Extension, extension } from "../../core/resources/extension.ts";
import type { Kind } from "../../core/resources/kind.ts";
import { phoneNumber } from "../../core/resources/phone-number.ts";
import { presentSuspension, suspensionOf } from "../accounts/suspended.ts";
import type { Context } from "../context.ts";
import { placementFrom, placementKey } from "../edges/placement.ts";
import { poolSip } from "../edges/pools.ts";
import * as keys from "../keys.ts";
import { heldMany } from "./globals.ts";
import { type Head, parentOf } from "./head.ts";
import { fromItem, naturalKey, type Stored } from "./view.ts";
import type { Shown } from "./write.ts";

/** `{id, version, …body, createdAt, updatedAt}`. */
export function present(resource: Stored): Record<string, unknown> {
  const { id, version, body, createdAt, updatedAt } = resource;
  return { id, version, ...body, createdAt, updatedAt };
}

/** A tenant's or an account's settings, with where its document stands and what suspends it. */
export async function presentSettings(
  ctx: Context,
  head: Head,
  { id, version, body }: Stored,
  suspended = suspensionOf(ctx, head.owner, head.path),
): Promise<Record<string, unknown>> {
  const placed = isTenant(head.owner) ? { poolId: head.pools[0] ?? null } : {};
  const { revision, createdAt, deletedAt, purgeAt } = head;
  const found = await suspended;
  const suspension = found ? presentSuspension(found) : null;
  return {
    id,
    version,
    ...body,
    revision,
    accountId: parentOf(head),
    ...placed,
    suspension,
    sandbox: head.sandbox !== null,
    createdAt,
    ...(deletedAt !== null && { deletedAt, purgeAt }),
  };
}

/** Where the phones of a tenant register. */
export type SipPlace = { domain: string } & Awaited<ReturnType<typeof poolSip>>;

/** Reads it at the first call and not again: a list presents many extensions of one tenant. */
export function sipPlaceOf(ctx: Context, head: Head): () => Promise<SipPlace> {
  let known: Promise<SipPlace> | undefined;
  const read = async (): Promise<SipPlace> => {
    const [settings, placed] = await ctx.store.getMany([
      keys.resource(head.owner, "tenant", idOf(head.owner)),
      placementKey(head.owner),
    ]);
    const domain = settings ? String(fromItem(settings).body.domain) : "";
    return { domain, ...(await poolSip(ctx, head.pools[0], placementFrom(placed))) };
  };
  return () => {
    known ??= read();
    return known;
  };
}

/** With what the resource alone does not hold: an extension's SIP settings, who has a number of an account's inventory, and secrets that are shown once. */
export async function presentWith(
  ctx: Context,
  head: Head,
  kind: Kind,
  resource: Stored,
  secrets: Shown[],
  sipPlace: () => Promise<SipPlace> = sipPlaceOf(ctx, head),
): Promise<Record<string, unknown>> {
  if (kind.at.length === 0) return presentSettings(ctx, head, resource);
  const own = secrets.filter((secret) => secret.id === resource.id);
  const base = {
    ...present(resource),
    ...(own.length > 0 && { secrets: own.map(({ pointer, value }) => ({ pointer, value })) }),
  };
  if (kind.kind === phoneNumber.kind && !isTenant(head.owner)) {
    const [held] = await heldMany(ctx.store, head.sandbox, "number", [naturalKey(resource)]);
    return { ...base, assignedTo: held?.from.includes(head.owner) ? idOf(held.owner) : null };
  }
  if (kind.kind !== extension.kind) return base;
  const [device] = (resource.body as Extension).devices;
  const password = own.find((secret) => secret.pointer === "/devices/0/password")?.value;
  const sip = { username: device?.username, ...(await sipPlace()), ...(password !== undefined && { password }) };
  return { ...base, sip };
}
