// A call that somebody transferred: its number is read as he would dial it, and he pays for a way outside.
import { codeOf } from "./code.ts";
import { dial } from "./dial.ts";
import { parkInFirst } from "./parking-lot.ts";
import type { Action } from "./plan.ts";
import { named, type Way } from "./way.ts";

export function startAtTransfer(way: Way): Action {
  const { to, transferredBy, from } = way.call;
  const by = transferredBy === undefined ? undefined : way.config.get("extension", transferredBy);
  if (transferredBy !== undefined && !by?.body.enabled)
    return way.end("transfer", "who transferred the call is disabled or gone", "rejected");
  const caller = from.kind === "extension" ? way.config.get("extension", from.id) : undefined;
  if (from.kind === "extension" && !caller?.body.enabled)
    return way.end("transfer", "the transferred extension is disabled or gone", "rejected");
  const at = by ? named("extension", by.body.number) : "transfer";
  // the other codes would do something in the caller's name
  if (codeOf(way.config, to)?.action === "call-park") return parkInFirst(way, "", by, at);
  return dial(way, to, at);
}
