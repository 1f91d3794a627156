// A resource as callers see it.

import { idOf, isTenant } from "../../core/owner.ts";
import { type Extension, extension } from "../../core/resources/extension.ts";
import type { Kind } from "../../core/resources/kind.ts";
import type { Context } from "../context.ts";
import { poolSip } from "../edges/pools.ts";
import * as keys from "../keys.ts";
import { type Head, parentOf } from "./head.ts";
import { fromItem, type Stored } from "./view.ts";
import type { Shown } from "./write.ts";

/** `{id, version, …body, createdAt, updatedAt}`. */
export function present(resource: Stored): Record<string, unknown> {
  const { id, version, body, createdAt, updatedAt } = resource;
  return { id, version, ...body, createdAt, updatedAt };
}

/** A tenant's or an account's settings, with where its document stands. */
export function presentSettings(head: Head, { id, version, body }: Stored): Record<string, unknown> {
  const placed = isTenant(head.owner) ? { poolId: head.pools[0] ?? null } : {};
  const { revision, createdAt } = head;
  return { id, version, ...body, revision, accountId: parentOf(head), ...placed, createdAt };
}

/** With what the resource alone does not hold: an extension's SIP settings, and secrets that are shown once. */
export async function presentWith(
  ctx: Context,
  head: Head,
  kind: Kind,
  resource: Stored,
  secrets: Shown[],
): Promise<Record<string, unknown>> {
  if (kind.at.length === 0) return presentSettings(head, resource);
  const own = secrets.filter((secret) => secret.id === resource.id);
  const base = {
    ...present(resource),
    ...(own.length > 0 && { secrets: own.map(({ pointer, value }) => ({ pointer, value })) }),
  };
  if (kind.kind !== extension.kind) return base;
  const settings = await ctx.store.get(keys.resource(head.owner, "tenant", idOf(head.owner)));
  const [device] = (resource.body as Extension).devices;
  const password = own.find((secret) => secret.pointer === "/devices/0/password")?.value;
  const domain = settings ? String(fromItem(settings).body.domain) : "";
  return {
    ...base,
    sip: {
      username: device?.username,
      domain,
      ...(await poolSip(ctx, head.pools[0])),
      ...(password !== undefined && { password }),
    },
  };
}
