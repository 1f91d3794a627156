// Extensions and phone numbers as CSV: a table read into a tenant, and one of what it has.
import { z } from "zod";
import { kindOf } from "../../core/registry.ts";
import type { Body, Kind } from "../../core/resources/kind.ts";
import { allows } from "../access/scopes.ts";
import { Problem } from "../problem.ts";
import { writeOrQueue } from "./documents.ts";
import { into } from "./into.ts";
import { shownJob } from "./jobs.ts";
import { filtersOf, flag, passing } from "./list.ts";
import type { Route } from "./route.ts";

const limit = 2 * 1024 * 1024;
const csvType = "text/csv; charset=utf-8";

const imported = z
  .object({
    revision: z.int().nullable().describe("Null: nothing changed"),
    created: z.int(),
    updated: z.int(),
    same: z.int(),
    rows: z.array(
      z.object({
        line: z.int().describe("Where the row begins in the file, from 1"),
        op: z.enum(["create", "update", "same"]),
        key: z.string(),
        id: z.string().nullable().describe("Null where nothing changed"),
        errors: z.array(z.unknown()).describe("None here: a file with any is refused, and its `rows` tell"),
        secrets: z
          .array(z.object({ pointer: z.string(), value: z.string() }))
          .optional()
          .describe("Secrets that were made; shown only in this answer"),
      }),
    ),
  })
  .meta({ title: "Imported" });

export const tableRoutes = (): Route[] => [kindOf("extension"), kindOf("phone-number")].flatMap(routesOf);

function routesOf(kind: Kind): Route[] {
  const base = `/v1/tenants/{tenant}/${kind.plural}`;
  const tag = kind.plural;
  return [
    {
      method: "post",
      path: `${base}/import`,
      tag,
      summary: `Create and change ${kind.plural.replaceAll("-", " ")} out of a CSV file, all rows or none`,
      scope: `${kind.plural}:write`,
      query: { dryRun: "true: run every check and tell what would come of each row, change nothing" },
      upload: { types: ["text/csv"], limit },
      answers: {
        200: { about: "What came of each row", schema: imported },
        202: { about: "A job does it", schema: shownJob },
      },
      async handle(request) {
        const access = await into(request, "tenant");
        const { importOf, rowsOf } = await import("../document/table.ts");
        const rows = rowsOf(kind, textOf(request.file.bytes));
        const { explain, ...what } = importOf(request.ctx, kind, rows);
        const asked = { ...what, dryRun: flag(request.query, "dryRun") };
        const work = () => ({ kind: "import" as const, plural: kind.plural, rows });
        return writeOrQueue(request, access, asked, `${base}/import`, work).catch((error) => {
          throw explain(error);
        });
      },
    },
    {
      method: "get",
      path: `${base}/export`,
      tag,
      summary: `All ${kind.plural.replaceAll("-", " ")} as CSV, which import takes`,
      scope: `${kind.plural}:read`,
      query: { ...filtersOf(kind), bom: "true: begin with a byte order mark, by which Excel knows UTF-8" },
      answers: { 200: { about: "The table", schema: z.string(), type: csvType, example: "number\r\n1001\r\n" } },
      async handle(request) {
        const { head, principal } = await into(request, "tenant");
        const [{ tableOf }, { exportOf }] = await Promise.all([
          import("../document/table.ts"),
          import("../document/export.ts"),
        ]);
        const passes = passing(kind, request.query);
        const mark = flag(request.query, "bom") ? "\ufeff" : "";
        const named = ({ plural }: Kind): boolean => allows(principal.scopes, `${plural}:read`);
        const document = await exportOf(request.ctx, head, "named", { only: [kind], named });
        const resources = ((document[kind.plural] ?? []) as Body[]).filter(passes);
        const headers = { "Content-Disposition": `attachment; filename="${kind.plural}.csv"` };
        return { status: 200, body: mark + tableOf(kind, resources), headers };
      },
    },
  ];
}

/** UTF-8, or UTF-16 as spreadsheets save "Unicode text". */
function textOf(bytes: Uint8Array): string {
  const encoding = bytes[0] === 0xff && bytes[1] === 0xfe ? "utf-16le" : "utf-8";
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch {
    throw new Problem("malformed", "The file is not UTF-8; save it as CSV UTF-8.");
  }
}
