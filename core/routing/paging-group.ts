// A call to a paging group: its phones answer by themselves, and hear the caller.
import type { Resource } from "../registry.ts";
import { shownInside } from "./caller.ts";
import { phonesOf } from "./hot-desk.ts";
import type { Action, Shown } from "./plan.ts";
import { engaged } from "./ring.ts";
import { named, type Way } from "./way.ts";

/** Phones that answer by themselves hear the caller; with `twoWay` everybody hears everybody. It lasts as long as the caller stays. */
export type Page = {
  do: "page";
  extensions: { extension: string; usernames: string[] }[];
  twoWay: boolean;
  from: Shown;
};

/** Each is a call of its own. */
const mostPhones = 200;

export function arriveAtPagingGroup(way: Way, target: Resource<"paging-group">, at: string, why: string): Action {
  const { name, members, twoWay } = target.body;
  const here = named("paging-group", name);
  way.step(at, why, here);
  let phones = 0;
  const extensions = members.flatMap((id) => {
    const found = way.config.get("extension", id);
    const who = named("extension", found?.body.number ?? id);
    const usernames = found ? phonesOf(way.config, found) : [];
    phones += usernames.length;
    const skipped = found ? skippedFor(way, target, found) : "is gone";
    const reason = skipped ?? (phones > mostPhones ? `comes after the first ${mostPhones} phones` : undefined);
    way.step(here, reason === undefined ? "its phones answer by themselves" : `${reason}; goes on without`, who);
    return reason === undefined && usernames.length > 0 ? [{ extension: id, usernames }] : [];
  });
  if (extensions.length === 0) return way.end(here, "nobody is there to hear it", "unavailable");
  return { do: "page", extensions, twoWay, from: shownInside(way.config, way.call) };
}

function skippedFor(
  way: Way,
  { body: { skipBusy } }: Resource<"paging-group">,
  extension: Resource<"extension">,
): string | undefined {
  const { id, body } = extension;
  const { from } = way.call;
  if (!body.enabled) return "is disabled";
  if (from.kind === "extension" && from.id === id) return "is the caller";
  return engaged(way, extension) ?? (skipBusy && way.call.onCall?.(id) ? "is on a call" : undefined);
}
