// The audit log: who changed what of an account and all below it, or of a tenant.
import { auditOf } from "../audit/read.ts";
import { type AuditRecord, auditRecord } from "../audit/shown.ts";
import { isId } from "../id.ts";
import { Problem } from "../problem.ts";
import { about, ownerQuery } from "./access.ts";
import { instant } from "./calls.ts";
import { decodeCursor, encodeCursor, limitOf, paging } from "./list.ts";
import { ok, type Request, type Route } from "./route.ts";
import { listOf } from "./schema.ts";

/** A page may look at this many records for those of the actor that is asked for. */
const maxLooked = 2000;

export const auditRoutes = (): Route[] => [
  {
    method: "get",
    path: "/v1/audit",
    tag: "audit",
    summary: "Who changed what in the subtree, of the last 400 days, newest first",
    scope: "audit:read",
    query: {
      ...paging,
      ...ownerQuery,
      actor: "Only what this member, API key or edge did: its id",
      requestId: "Only what this request did",
      from: "Only what was done then or later (ISO 8601, UTC)",
      to: "Only what was done then or earlier",
    },
    answers: { 200: { about: "A page", schema: listOf(auditRecord) } },
    async handle(request) {
      const { head } = await about(request, request.query, request.scope);
      const limit = limitOf(request.query);
      const range = rangeOf(request);
      const data = [];
      let [last, looked] = ["", 0];
      for await (const record of auditOf(request.ctx, head, range)) {
        if (data.length === limit || looked === maxLooked) return ok({ data, next: encodeCursor(last) });
        if (isBy(record, request.query.actor)) data.push(record);
        last = record.id;
        looked++;
      }
      return ok({ data, next: null });
    },
  },
];

const isBy = ({ actor }: AuditRecord, who: string | undefined): boolean =>
  who === undefined || who === actor.id || who === actor.member?.id;

function rangeOf({ query }: Request) {
  const { after, requestId } = query;
  if (requestId !== undefined && !isId("req", requestId))
    throw new Problem("bad_parameter", "requestId must be as X-Request-Id gave it: req_ and 26 letters and digits.", {
      errors: [{ pointer: "?requestId", detail: "must be the id of a request" }],
    });
  return {
    from: instant(query, "from"),
    to: instant(query, "to"),
    before: after === undefined ? undefined : decodeCursor(after, /^aud_[0-9A-HJKMNP-TV-Z]{26}$/),
    requestId,
  };
}
