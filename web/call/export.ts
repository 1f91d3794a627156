// Call records as CSV: every page that fits the filter, up to a bound.
import { guarded, writeCsv } from "../../core/csv.ts";
import { send } from "../api/client.ts";
import { type Call, type Page, tenantPath } from "../api/queries.ts";

const most = 10_000;
const columns: [name: string, of: (call: Call) => string][] = [
  ["startedAt", ({ startedAt }) => startedAt],
  ["direction", ({ direction }) => direction],
  ["fromNumber", ({ from }) => from.number ?? ""],
  ["fromName", ({ from }) => from.name ?? ""],
  ["toNumber", ({ to }) => to.number ?? ""],
  ["toName", ({ to }) => to.name ?? ""],
  ["outcome", ({ outcome }) => outcome],
  ["answeredAt", ({ answeredAt }) => answeredAt ?? ""],
  ["endedAt", ({ endedAt }) => endedAt],
  ["durationSeconds", ({ durationSeconds }) => String(durationSeconds)],
  ["billableSeconds", ({ billableSeconds }) => String(billableSeconds)],
  ["hangupBy", ({ hangupBy }) => hangupBy],
  ["id", ({ id }) => id],
];

/** What others typed is made harmless for spreadsheets. */
export const csvOf = (calls: readonly Call[]): string =>
  writeCsv([columns.map(([name]) => name), ...calls.map((call) => columns.map(([, of]) => guarded(of(call))))]);

/** `isWhole` is false where there are more. Throws ApiProblem. */
export async function allCalls(
  tenant: string,
  query: Record<string, string>,
): Promise<{ calls: Call[]; isWhole: boolean }> {
  const calls: Call[] = [];
  for (let after: string | null = ""; after !== null; ) {
    if (calls.length >= most) return { calls, isWhole: false };
    const asked = new URLSearchParams({ ...query, limit: "100", ...(after && { after }) });
    const page: Page<Call> = await send("GET", `${tenantPath(tenant)}/calls?${asked}`);
    calls.push(...page.data);
    after = page.next;
  }
  return { calls, isWhole: true };
}

export function download(name: string, text: string, type = "text/csv;charset=utf-8"): void {
  const url = URL.createObjectURL(new Blob([text], { type }));
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
