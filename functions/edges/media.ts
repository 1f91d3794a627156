// Audio between edges and the store of it: what documents name goes down, what was recorded comes up, by URLs for one object each.

import type { z } from "zod";
import { tenantOwner } from "../../core/owner.ts";
import type { audioUrl, audioWanted, Recorded, uploadUrl } from "../../core/wire-host.ts";
import type { Context } from "../context.ts";
import { isId } from "../id.ts";
import { objects, urlSeconds } from "../media/media.ts";
import { notFound } from "../problem.ts";
import type { Edge } from "./edge.ts";
import { isPlaced } from "./placed.ts";

/** An hour of a call takes minutes on a slow line. */
const uploadSeconds = 900;

/** A URL of audio that belongs to a document of the edge's pool. Throws `not_found` for any other. */
export async function audioFor(
  ctx: Context,
  edge: Edge,
  { owner, sha256 }: z.output<typeof audioWanted>,
): Promise<z.output<typeof audioUrl>> {
  const key = objects.prompt(owner, sha256);
  if (!(await isPlaced(ctx, edge.pool, owner)) || !(await ctx.media.head(key))) throw notFound("audio", sha256);
  return { url: await ctx.media.downloadUrl(key, urlSeconds) };
}

/** A URL to put what the edge recorded of a tenant of its pool. Throws `not_found` for any other. */
export async function uploadFor(ctx: Context, edge: Edge, what: Recorded): Promise<z.output<typeof uploadUrl>> {
  const { tenant, kind, id, bytes, sha256 } = what;
  if (
    !isId("ten", tenant) ||
    !isId(kind === "message" ? "msg" : "rec", id) ||
    !(await isPlaced(ctx, edge.pool, tenantOwner(tenant)))
  )
    throw notFound("tenant", tenant.slice(0, 64));
  const key = kind === "message" ? objects.message(tenant, id) : objects.recording(tenant, id);
  return ctx.media.uploadUrl(key, { bytes, sha256, contentType: "audio/wav" }, uploadSeconds);
}
