// What an edge says of itself every half minute: it is written down, and what the pool's other hosts must know of it goes into the roster.
import type { z } from "zod";
import { accountOwner } from "../../core/owner.ts";
import type { Roster } from "../../core/wire.ts";
import { type Health, health as said, type heartbeat as sign } from "../../core/wire-host.ts";
import type { Via } from "../audit/record.ts";
import type { Context } from "../context.ts";
import type { Actor } from "../document/change.ts";
import { of as waitingEvents } from "../events/waiting.ts";
import { newId } from "../id.ts";
import type { Operation } from "../store/store.ts";
import { webSocketTold } from "./browser-phones.ts";
import { audited, type Edge } from "./edge.ts";
import { advance, type Heard, wanted } from "./rollout.ts";
import { admit, changeRoster, messageOf, tendSoon, withHost } from "./roster.ts";
import { edgeItem } from "./silent.ts";
import { entryOf, type Host, type PoolRoster } from "./stored-roster.ts";

/**
 * Writes down what the edge says of itself. Resolves with what it is told: the roster, if it has another version of it, and the release that it is to run, if
 * any. `from`: the request.
 */
export async function heartbeat(
  ctx: Context,
  edge: Edge,
  { front, webSocket, roster: version, drain, ...health }: z.output<typeof sign>,
  from: Pick<Actor, "ip" | "requestId">,
): Promise<{ roster?: Roster; release?: string }> {
  const { id } = edge;
  const now = ctx.now().toISOString();
  const isConnected = health.engine.connected;
  const engineDownSince = isConnected ? null : (edge.engineDownSince ?? now);
  const item = edgeItem(ctx, { ...edge, health, seenAt: now, engineDownSince });
  await ctx.store.transact([
    { put: item, if: { present: true } },
    ...relayNews(edge, health, now),
    ...certificateNews(edge, health, now),
  ]);
  if (endsSoon(health.certificate, Date.parse(now))) ctx.measure?.("CertificatesEnding", [1]);
  const isLost = item.ipk === undefined;
  const heard: Heard = {
    ...{ id, version: health.version, connected: isConnected, failed: health.upgrade ?? null },
    // an agent from before it was told is taken at its word that it lives
    inStep: health.inStep ?? true,
  };
  const asSaid = (before: PoolRoster): PoolRoster | undefined => {
    // one from before there were rosters is new to it
    const known = before.hosts.some((one) => one.id === id) ? before : admit(before, entryOf(edge, front));
    const host = known.hosts.find((one) => one.id === id);
    const change: Partial<Host> = {
      ...(front !== undefined && JSON.stringify(front) !== JSON.stringify(host?.front) && { front }),
      ...(webSocket !== undefined && webSocket !== host?.webSocket && { webSocket }),
      ...(isLost !== host?.down && (isLost || isConnected) && { down: isLost }),
      ...(drain && !host?.drain && { drain: { since: now, doneAt: null } }),
    };
    const said = known === before && Object.keys(change).length === 0 ? undefined : withHost(known, id, change);
    const next = said ?? known;
    const release = next.release && advance(next.release, next.hosts, now, heard);
    return release === next.release ? said : { ...next, release };
  };
  const record = drain ? await audited(ctx, edge, from, beating(id)) : [];
  const told = ({ hosts }: PoolRoster): Operation[] =>
    webSocketTold(id, hosts.find((one) => one.id === id)?.webSocket ?? null);
  const roster = await changeRoster(ctx, edge.pool, asSaid, (next) => [...record, ...told(next)]);
  if (roster.hosts.some((one) => one.id === id && one.drain?.doneAt === null)) ctx.after(tendSoon(ctx, edge.pool));
  const release = wanted(roster.release, id);
  return {
    ...(version !== undefined && version !== roster.version && { roster: messageOf(roster) }),
    ...(release !== undefined && { release }),
  };
}

/** Half of the time in which it could have been renewed is over. */
function endsSoon(certificate: Health["certificate"], now: number): boolean {
  if (!certificate?.expiresAt || !certificate.renewAt) return false;
  return now > (Date.parse(certificate.renewAt) + Date.parse(certificate.expiresAt)) / 2;
}

/** What relays media for the edge went away, or is there again. */
function relayNews(edge: Edge, { relay }: Health, now: string): Operation[] {
  const before = said.safeParse(edge.health).data?.relay;
  if (!relay || relay.answers === (before?.answers ?? true)) return [];
  const { address, port, answers } = relay;
  return news(edge, answers ? "edge.relay-up" : "edge.relay-down", { relay: { address, port } }, now);
}

/** The edge has no certificate, or one that will end, and can't get another; or it has got one at last. */
function certificateNews(edge: Edge, { certificate }: Health, now: string): Operation[] {
  const before = said.safeParse(edge.health).data?.certificate;
  const [was, is] = [before, certificate].map((one) => isFailing(one, Date.parse(now)));
  if (!certificate || was === is) return [];
  const { names, expiresAt, problem } = certificate;
  const type = is ? "edge.certificate-failing" : "edge.certificate-renewed";
  return news(edge, type, { certificate: { names, expiresAt, problem } }, now);
}

const isFailing = (certificate: Health["certificate"], now: number): boolean =>
  endsSoon(certificate, now) || (certificate?.expiresAt === null && certificate.problem !== null);

/** Told to the edge's account. */
function news({ id, name, pool, account }: Edge, type: string, more: Record<string, unknown>, now: string) {
  const event = { type, owner: accountOwner(account), data: { id, name, pool, ...more } };
  return waitingEvents(accountOwner(account), newId("evw"), [event], now);
}

const beating = (id: string): Via => {
  const [method, route] = ["post", "/v1/edges/{id}/heartbeat"];
  return { method, route, path: route.replace("{id}", id), status: 200 };
};
