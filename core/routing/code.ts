// Which feature code was dialled: the tenant's own, or the usual one of an action that no resource of the tenant speaks of.
import { defaultCodes, type FeatureAction } from "../resources/feature-code.ts";
import type { Config } from "./config.ts";
import type { Call } from "./plan.ts";

/** `argument`: the digits after the code; empty where none were dialled. */
export type Dialled = { action: FeatureAction; argument: string };

const actions = Object.keys(defaultCodes) as FeatureAction[];
/** The code of an action without a resource of the tenant's. */
export const usual = (action: FeatureAction): string => defaultCodes[action].replace("…", "");

/** Whether a number follows the code. */
export const takesNumber = (action: FeatureAction): boolean => defaultCodes[action].endsWith("…");

/** The code that does it in this tenant; null: none. */
export function codeFor(config: Config, action: FeatureAction): string | null {
  const chosen = config.byKey("feature-code", action);
  return chosen ? chosen.body.code : usual(action);
}

/** The longest code that `to` is, or begins with where a number follows it; of two alike the one that the tenant chose. */
export function codeOf(config: Config, to: string): Dialled | undefined {
  if (!/^[*#]/.test(to)) return undefined;
  const chosen = new Map(config.list("feature-code").map(({ body }) => [body.action, body.code]));
  const codes = actions.flatMap((action) => {
    const code = chosen.has(action) ? chosen.get(action) : usual(action);
    const fits = code && (to === code || (takesNumber(action) && to.startsWith(code)));
    return fits ? [{ action, code, own: chosen.has(action) }] : [];
  });
  codes.sort((a, b) => b.code.length - a.code.length || Number(b.own) - Number(a.own));
  return codes[0] && { action: codes[0].action, argument: to.slice(codes[0].code.length) };
}

/** Whether the caller dialled so that called parties don't see who he is. */
export const hidesNumber = (config: Config, { from, to }: Call): boolean =>
  from.kind === "extension" && codeOf(config, to)?.action === "caller-id-hide";
