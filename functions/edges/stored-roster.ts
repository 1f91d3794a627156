// What is kept of a pool's hosts (roster.ts). Apart from it, and loaded with the first roster: its shapes are many.
import * as z from "zod/mini";
import { engine, type Front, sip, webSocket, roster as wire } from "../../core/wire.ts";
import type { Edge } from "./edge.ts";
import { rollout } from "./rollout.ts";

const storedHost = z.extend(z.omit(wire.shape.hosts.def.element, { state: true }), {
  sip,
  webSocket: z._default(webSocket, null),
  /** It, or its engine, was not heard of for too long. */
  down: z.boolean(),
  /** It takes no new calls since then; `doneAt`: since when nothing of it is left to go elsewhere. */
  drain: z.nullable(z.object({ since: z.string(), doneAt: z.nullable(z.string()) })),
});
export type Host = z.output<typeof storedHost>;

export const storedRoster = z.object({
  pool: z.string(),
  version: z.int(),
  /** The last slot that was given. */
  slots: z.int(),
  hosts: z.array(storedHost),
  /** Edges that were taken out a moment ago: tenants may still be placed on them. */
  gone: z.array(z.object({ id: z.string(), at: z.string() })),
  /** Somebody asked that homes are evened out, and that is not done yet. */
  rebalance: z.boolean(),
  /** When names of its hosts' certificates came or went last. */
  namesAt: z._default(z.nullable(z.string()), null),
  /** What its hosts are brought to, if anything. */
  release: z._default(z.nullable(rollout), null),
});
export type PoolRoster = z.output<typeof storedRoster>;

/** A host that is new to a roster, without what the roster gives it. */
export type NewHost = Omit<Host, "slot" | "down" | "drain">;

export const entryOf = (edge: Edge, front: Front | undefined): NewHost => ({
  ...{ id: edge.id, name: edge.name, engine: engine.parse(edge.engine), front: front ?? null },
  sip: sip.parse(edge.sip),
  webSocket: null,
});
