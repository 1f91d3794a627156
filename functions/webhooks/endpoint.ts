// Webhook endpoints: where an account's or a tenant's events are sent. They stand beside the document: no edge has any use for them.
import { randomBytes } from "node:crypto";
import { z } from "zod";
import type { Owner } from "../../core/owner.ts";
import { auditOperation } from "../audit/record.ts";
import type { Context } from "../context.ts";
import type { Actor } from "../document/change.ts";
import { readHead } from "../document/head.ts";
import { checkVersion } from "../document/version.ts";
import { of as waitingEvents } from "../events/waiting.ts";
import { isId, newId } from "../id.ts";
import * as keys from "../keys.ts";
import { notFound, Problem } from "../problem.ts";
import { allItems, ConditionFailed, type Item, type Operation } from "../store/store.ts";
import { ownerKey } from "../vault/owner-secrets.ts";
import { seal, unseal } from "../vault/vault.ts";

/** So many may one owner have. */
const most = 20;

const sealed = z.custom<Uint8Array>((value) => value instanceof Uint8Array);
const secret = z.object({ sealed, until: z.string().nullable() });
const stored = z.object({
  id: z.string(),
  owner: z.string().transform((value) => value as Owner),
  url: z.string(),
  events: z.array(z.string()),
  description: z.string(),
  enabled: z.boolean(),
  paused: z.object({ at: z.string(), reason: z.string() }).nullable(),
  version: z.int(),
  createdAt: z.string(),
  updatedAt: z.string(),
  /** The newest first; an older one signs too until its time is over. */
  secrets: z.array(secret),
});
export type Endpoint = z.output<typeof stored>;
export type Settings = Pick<Endpoint, "url" | "events" | "description" | "enabled">;

const keyOf = ({ owner, id }: Pick<Endpoint, "owner" | "id">) => keys.child(owner, "WEBHOOK", id);
/** Since when every try fails; apart from the endpoint, so that what senders write is no change of it. */
const healthOf = ({ owner, id }: Pick<Endpoint, "owner" | "id">) => keys.child(owner, "WEBHOOK-HEALTH", id);
const itemOf = (endpoint: Endpoint): Item => ({ ...keyOf(endpoint), ...endpoint });

export async function listEndpoints(ctx: Context, owner: Owner): Promise<Endpoint[]> {
  const found: Endpoint[] = [];
  for await (const item of allItems((q) => ctx.store.query(q), { pk: owner, prefix: keys.children("WEBHOOK") }))
    found.push(stored.parse(item));
  return found;
}

export async function readEndpoint(ctx: Context, owner: Owner, id: string): Promise<Endpoint | undefined> {
  const item = isId("whe", id) ? await ctx.store.get(keyOf({ owner, id })) : undefined;
  return item && stored.parse(item);
}

/** Of each endpoint since when every try has failed; null where the last one did not. */
export async function failing(ctx: Context, endpoints: Pick<Endpoint, "owner" | "id">[]): Promise<(string | null)[]> {
  if (endpoints.length === 0) return [];
  return (await ctx.store.getMany(endpoints.map(healthOf))).map((item) => (item ? String(item.failingSince) : null));
}

/** As callers and events show it: without its secrets. */
export function present(endpoint: Endpoint): Record<string, unknown> {
  const { owner: _, secrets, ...shown } = endpoint;
  return { ...shown, previousSecretUntil: secrets[1]?.until ?? null };
}

const bound = ({ owner, id }: Pick<Endpoint, "owner" | "id">): string => `${owner}/${id}`;

async function newSecret(ctx: Context, endpoint: Pick<Endpoint, "owner" | "id">) {
  const plain = `whsec_${randomBytes(32).toString("base64")}`;
  const sealed = seal(await ownerKey(ctx, endpoint.owner), Buffer.from(plain), bound(endpoint));
  return { plain, kept: { sealed, until: null } };
}

/** The secrets that sign now, the newest first. */
export async function secretsOf(ctx: Context, endpoint: Endpoint): Promise<string[]> {
  const now = ctx.now().toISOString();
  const key = await ownerKey(ctx, endpoint.owner);
  return endpoint.secrets
    .filter(({ until }) => until === null || until > now)
    .map(({ sealed }) => unseal(key, sealed, bound(endpoint)).toString());
}

/** What tells the log of a change of an endpoint. Others hear of it too: of its URL only the origin, since the rest is a secret with some receivers. */
function told(ctx: Context, endpoint: Endpoint, what: string, actor: Actor): Operation[] {
  const { type, id, name } = actor;
  const data = {
    id: endpoint.id,
    object: { ...present(endpoint), url: new URL(endpoint.url).origin },
    actor: { type, id, name },
  };
  const event = { type: `webhook-endpoint.${what}`, owner: endpoint.owner, data };
  return waitingEvents(endpoint.owner, newId("evw"), [event], ctx.now().toISOString());
}

/** `also` makes the answer part of the transaction. The secret is shown here and never again. Throws `conflict` where there are too many. */
export async function createEndpoint(
  ctx: Context,
  owner: Owner,
  settings: Settings,
  actor: Actor,
  also: (endpoint: Endpoint, secret: string) => Operation[],
): Promise<void> {
  if ((await listEndpoints(ctx, owner)).length >= most)
    throw new Problem("conflict", `There can be ${most} webhook endpoints here; delete one, or give one more events.`);
  const id = newId("whe");
  const now = ctx.now().toISOString();
  const { plain, kept } = await newSecret(ctx, { owner, id });
  const times = { createdAt: now, updatedAt: now };
  const endpoint: Endpoint = { id, owner, ...settings, paused: null, version: 1, ...times, secrets: [kept] };
  await ctx.store.transact([
    { put: itemOf(endpoint), if: { absent: true } },
    ...told(ctx, endpoint, "created", actor),
    ...also(endpoint, plain),
  ]);
}

/** Changes it as `change` says, told to the log as `what`. Throws `not_found`, `version_mismatch`, `busy`. */
export async function changeEndpoint(
  ctx: Context,
  { owner, id }: Pick<Endpoint, "owner" | "id">,
  what: { told: string; actor: Actor; ifVersion?: number | undefined },
  change: (before: Endpoint) => Promise<{ after: Endpoint; also: Operation[] }>,
): Promise<Endpoint> {
  for (let attempt = 0; attempt < 20; attempt++) {
    const before = await readEndpoint(ctx, owner, id);
    if (!before) throw notFound("webhook endpoint", id.slice(0, 64));
    checkVersion(before, what.ifVersion);
    const { after: changed, also } = await change(before);
    const after = { ...changed, version: before.version + 1, updatedAt: ctx.now().toISOString() };
    // whoever switches it on again takes it for mended
    const mended: Operation[] = after.enabled && !before.enabled ? [{ delete: healthOf(before) }] : [];
    try {
      await ctx.store.transact([
        { put: itemOf(after), if: { equals: { version: before.version } } },
        ...told(ctx, after, what.told, what.actor),
        ...mended,
        ...also,
      ]);
      return after;
    } catch (error) {
      if (!(error instanceof ConditionFailed)) throw error;
    }
  }
  throw new Problem("busy", "Others keep changing it; try again in a moment.", { headers: { "Retry-After": "1" } });
}

/** What is on its way to it is given up. `also` is part of the transaction. */
export async function deleteEndpoint(
  ctx: Context,
  { owner, id }: Pick<Endpoint, "owner" | "id">,
  { actor, ifVersion, also }: { actor: Actor; ifVersion: number | undefined; also: Operation[] },
): Promise<void> {
  const before = await readEndpoint(ctx, owner, id);
  if (!before) throw notFound("webhook endpoint", id.slice(0, 64));
  checkVersion(before, ifVersion);
  const gone: Operation[] = [{ delete: keyOf(before) }, { delete: healthOf(before) }];
  await ctx.store.transact([...gone, ...told(ctx, before, "deleted", actor), ...also]);
}

/** A new secret; the one before signs beside it for so many seconds. Answers with the new one, which is shown only now. */
export async function rotateSecret(
  ctx: Context,
  endpoint: Pick<Endpoint, "owner" | "id">,
  overlapSeconds: number,
  actor: Actor,
  also: (endpoint: Endpoint, secret: string) => Operation[],
): Promise<void> {
  await changeEndpoint(ctx, endpoint, { told: "updated", actor }, async (before) => {
    const { plain, kept } = await newSecret(ctx, before);
    const until = new Date(ctx.now().getTime() + overlapSeconds * 1000).toISOString();
    const [newest] = before.secrets;
    const older = newest && overlapSeconds > 0 ? [{ ...newest, until }] : [];
    const after = { ...before, secrets: [kept, ...older] };
    return { after, also: also({ ...after, version: before.version + 1 }, plain) };
  });
}

const sender: Actor = { type: "system", id: "webhooks", name: "Webhooks", ip: null, requestId: "webhooks" };

/** Stops sending to it, and says so to whoever else listens. */
export async function pause(ctx: Context, endpoint: Endpoint, reason: string): Promise<void> {
  const head = await readHead(ctx.store, endpoint.owner);
  const done = head && { head, target: { kind: "webhook-endpoint", id: endpoint.id } };
  await changeEndpoint(ctx, endpoint, { told: "paused", actor: sender }, async (before) => ({
    after: { ...before, enabled: false, paused: { at: ctx.now().toISOString(), reason } },
    also: done ? [auditOperation(sender, done, null)] : [],
  })).catch((error) => {
    // deleted meanwhile
    if (!(error instanceof Problem && error.code === "not_found")) throw error;
  });
}

/** Notes how a try went, where that is news. Resolves with since when it fails. */
export async function note(ctx: Context, endpoint: Endpoint, ok: boolean): Promise<string | null> {
  const [since = null] = await failing(ctx, [endpoint]);
  if (ok && since !== null) await ctx.store.transact([{ delete: healthOf(endpoint) }]);
  if (ok) return null;
  const failingSince = since ?? ctx.now().toISOString();
  if (since === null) await ctx.store.transact([{ put: { ...healthOf(endpoint), failingSince } }]);
  return failingSince;
}
