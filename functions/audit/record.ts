// An audit record: who did what to whose things, when, from where, by which request. It is part of the transaction that does the work, so there is one for
// what was done and none for what was not. It holds no body and no secret.
import { decodeTime } from "ulid";
import { idOf, isTenant } from "../../core/owner.ts";
import type { Actor } from "../document/change.ts";
import type { Head } from "../document/head.ts";
import { isId, newId } from "../id.ts";
import * as keys from "../keys.ts";
import type { Operation } from "../store/store.ts";
import type { AuditRecord } from "./shown.ts";

export const keptSeconds = 400 * 86_400;

/** What was done. `head`: whose document or things it is about. */
export type Done = {
  head: Pick<Head, "owner" | "path">;
  target?: { kind: string; id: string };
  /** The document's revision that it made. */
  revision?: number | null;
};
/** The request by which: its route's pattern, its path as sent, its answer's status. Null for what no request asked for. */
export type Via = { method: string; route: string; path: string; status: number };

const longestPath = 500;

/** The put that belongs into the work's transaction. A request has one record, however often it tries: its id is the request's. */
export function auditOperation(by: Actor, done: Done, via: Via | null): Operation {
  const { owner, path } = done.head;
  const id = isId("req", by.requestId) ? `aud_${by.requestId.slice(4)}` : newId("aud");
  const accountId = isTenant(owner) ? (path[0] ?? "") : idOf(owner);
  const time = decodeTime(id.slice(4));
  const record: AuditRecord = {
    id,
    at: new Date(time).toISOString(),
    actor: by,
    method: via?.method.toUpperCase() ?? null,
    route: via?.route ?? null,
    path: via?.path.slice(0, longestPath).toWellFormed() ?? null,
    status: via?.status ?? null,
    accountId,
    tenantId: isTenant(owner) ? idOf(owner) : null,
    target: done.target ?? null,
    revision: done.revision ?? null,
  };
  const indexed = { ipk: keys.index.audit(accountId), isk: id };
  const ttl = Math.floor(time / 1000) + keptSeconds;
  return { put: { ...keys.audit(owner, id), ...indexed, ttl, text: JSON.stringify(record) } };
}
