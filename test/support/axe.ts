// axe-core's rules of WCAG 2.0 to 2.2, A and AA, on a page as it stands.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { Page } from "playwright-core";

const source = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];

type Violation = { id: string; help: string; nodes: { target: unknown[]; failureSummary?: string }[] };

/** The violations, one line for each element. `rules`: these alone. It goes in by the debugger, past the page's Content-Security-Policy. */
export async function axe(page: Page, rules?: string[]): Promise<string[]> {
  if (!(await page.evaluate(() => "axe" in window))) await page.evaluate(source);
  const only = rules ? { type: "rule", values: rules } : { type: "tag", values: tags };
  const found = await page.evaluate(async (runOnly) => {
    const { axe } = window as unknown as {
      axe: { run(on: Document, options: unknown): Promise<{ violations: Violation[] }> };
    };
    const { violations } = await axe.run(document, { runOnly, resultTypes: ["violations"] });
    return violations.map(({ id, help, nodes }) => ({
      id,
      help,
      nodes: nodes.map(({ target, failureSummary }) => ({ target, failureSummary: failureSummary ?? "" })),
    }));
  }, only);
  return found.flatMap(({ id, help, nodes }) =>
    nodes.map(
      ({ target, failureSummary }) =>
        `${id}: ${help}: ${target.join(" ")}: ${failureSummary.replaceAll(/\s+/g, " ").slice(0, 200)}`,
    ),
  );
}
