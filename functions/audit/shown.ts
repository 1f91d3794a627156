// An audit record as the API shows it.
import { z } from "zod";
import { actor } from "../document/change.ts";

export const auditRecord = z.object({
  id: z.string(),
  at: z.iso.datetime(),
  actor: actor(),
  method: z.string().nullable().describe("Of the request; null: no request did it"),
  route: z.string().nullable().describe("As the reference names it"),
  path: z.string().nullable(),
  status: z.int().nullable().describe("Of the answer"),
  accountId: z.string().describe("The account that it was about, or that the tenant was in at that time"),
  tenantId: z.string().nullable(),
  target: z.object({ kind: z.string(), id: z.string() }).nullable().describe("The one thing that it was about"),
  revision: z.int().nullable().describe("The revision that it made of the document; its diff stands in the history"),
});
export type AuditRecord = z.output<typeof auditRecord>;
