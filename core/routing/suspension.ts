// Suspension: calls that begin stop here, those that go on are left alone. Emergency calls go out before this is asked; who called one within the hour is
// called back.
import type { Config, Owned } from "./config.ts";
import type { Action } from "./plan.ts";
import type { Way } from "./way.ts";

/** The tenant's own, else that of the nearest suspended account above it. */
export const suspensionOf = (config: Config): Owned<"suspension"> | undefined => config.inherited("suspension")[0];

/** The end of a call that begins at `at`, where the tenant is suspended. */
export function stopSuspended(way: Way, at: string, cause: "rejected" | "unavailable"): Action | undefined {
  const { config, call } = way;
  const found = suspensionOf(config);
  if (!found || call.resume) return undefined;
  const whose = found.owner === config.owner ? "the tenant" : "an account above the tenant";
  if (call.from.kind === "outside" && call.emergencyWithin?.()) {
    way.step(at, `${whose} is suspended, and an emergency number was called within the hour`, at);
    return undefined;
  }
  return way.end(at, `${whose} is suspended (${found.body.reason})`, cause);
}
