// Where a tenant's document stands on its edges, in a word.

import type { Edge, Sync } from "../api/queries.ts";
import { t, tn } from "../i18n/t.ts";
import type { Tone } from "../part/chip.tsx";

export type State = { tone: Tone; text: string };

export function stateOf(edge: Edge, revision: number): State {
  if (edge.failures.length > 0) return { tone: "bad", text: tn(edge.failures.length, "{n} failure", "{n} failures") };
  if (edge.inStep) return { tone: "good", text: t("Live") };
  if (edge.applied === null) return { tone: "warn", text: t("Nothing yet") };
  const behind = revision - edge.applied;
  return { tone: "warn", text: behind > 0 ? t("{n} behind", { n: behind }) : t("Comparing") };
}

export function summaryOf({ edges, revision }: Sync): State {
  if (edges.length === 0) return { tone: "warn", text: t("No edge yet") };
  const worst = edges.map((edge) => stateOf(edge, revision));
  const failing = worst.filter(({ tone }) => tone === "bad").length;
  if (failing > 0) return { tone: "bad", text: t("Failing on {n} of {all}", { n: failing, all: edges.length }) };
  const live = worst.filter(({ tone }) => tone === "good").length;
  return live === edges.length
    ? { tone: "good", text: tn(live, "Live on {n} edge", "Live on {n} edges") }
    : { tone: "warn", text: t("Live on {n} of {all}", { n: live, all: edges.length }) };
}
