// The stages, for whoever needs no more of them than that: sst.config.ts, which loads nothing of the CDK.

export const stageNames = ["dev", "staging", "prod"] as const;
export type StageName = (typeof stageNames)[number];

/** Before these stands a firewall (infra/guard.ts). */
export const guardedStages: readonly StageName[] = ["staging", "prod"];

/** Throws for another name, so that a slip of the pen makes no fourth stage. */
export function stageNameOf(name: unknown): StageName {
  const known = stageNames.find((each) => each === name);
  if (!known) throw new Error(`stage must be one of ${stageNames.join(", ")}, not ${String(name)}`);
  return known;
}
