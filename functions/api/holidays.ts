// A schedule's holidays out of a calendar's file (text/calendar, RFC 5545).
import { isUtf8 } from "node:buffer";
import { z } from "zod";
import { kindOf } from "../../core/registry.ts";
import type { Schedule } from "../../core/resources/schedule.ts";
import { presentWith } from "../document/present.ts";
import { Problem } from "../problem.ts";
import { into } from "./into.ts";
import { find, writeOne } from "./resources.ts";
import { ok, type Route } from "./route.ts";
import { answerOf } from "./schema.ts";

const kind = kindOf("schedule");
const limit = 1024 * 1024;
const skippedShown = 100;

const imported = z.object({
  imported: z.int().describe("Holidays that are new"),
  known: z.int().describe("Those that the schedule had on the same days; they stay as they are"),
  skipped: z
    .array(z.object({ name: z.string(), why: z.string() }))
    .describe(`Events that are no holidays of whole days; the first ${skippedShown}`),
  schedule: answerOf(kind),
});

export const holidayRoutes = (): Route[] => [
  {
    method: "post",
    path: "/v1/tenants/{tenant}/schedules/{id}/holidays/import",
    tag: "schedules",
    summary: "Add the holidays of an iCalendar file: whole days, several days, and what comes every year",
    scope: "schedules:write",
    upload: { types: ["text/calendar"], limit },
    answers: { 200: { about: "What was added, and the schedule", schema: imported } },
    async handle(request) {
      const access = await into(request, "tenant");
      const target = await find(request.ctx, access, kind, request.params.id ?? "");
      const { keyOf } = await late();
      const { holidays, skipped } = await read(request.file.bytes, request.ctx.now());
      let fresh = holidays;
      const edits = async (view: Parameters<Parameters<typeof writeOne>[2]["edits"]>[0]) => {
        const before = ((await view.get(kind.kind, target.id))?.body as Schedule | undefined)?.holidays ?? [];
        const had = new Set(before.map(keyOf));
        fresh = holidays.filter((one) => !had.has(keyOf(one)));
        const condition = request.ifVersion === undefined ? {} : { ifVersion: request.ifVersion };
        const patch = { holidays: [...before, ...fresh.map((one) => ({ ...one, destination: null }))] };
        return [{ op: "update" as const, kind, id: target.id, patch, pointer: "", ...condition }];
      };
      const summary = `import holidays into schedule ${(target.body as Schedule).name}`;
      return writeOne(request, access, { edits, summary }, async (outcome) => {
        const resource = outcome.draft.changes[0]?.after ?? target;
        const schedule = await presentWith(request.ctx, outcome.head, kind, resource, []);
        const counts = { imported: fresh.length, known: holidays.length - fresh.length };
        return ok({ ...counts, skipped: skipped.slice(0, skippedShown), schedule }, resource.version);
      });
    },
  },
];

const late = () => import("../../core/calendar/holidays.ts");

async function read(bytes: Uint8Array, now: Date) {
  const [{ holidaysOf }, { NoCalendar }] = await Promise.all([late(), import("../../core/calendar/ical.ts")]);
  try {
    const text = isUtf8(bytes) ? new TextDecoder().decode(bytes) : undefined;
    if (text === undefined) throw new NoCalendar("it is not UTF-8; encode it so");
    return holidaysOf(text, now.toISOString().slice(0, 10));
  } catch (error) {
    if (!(error instanceof NoCalendar)) throw error;
    throw new Problem("invalid", `The file is no calendar: ${error.message}.`, {
      errors: [{ pointer: "", detail: error.message }],
    });
  }
}
