// Calls to the outside: who may, over which trunks, and the next one where one fails. Emergency calls go first and always.
import { shownOutside } from "./caller.ts";
import type { OwnedTrunk } from "./config.ts";
import { format } from "./number.ts";
import type { Action, Node, Shown } from "./plan.ts";
import { type Ended, node, type Way } from "./way.ts";

export type Trunk = {
  do: "trunk";
  trunk: string;
  /** As the trunk wants it, and as it was meant: E.164, or an emergency number. */
  number: string;
  dialled: string;
  from: Shown;
  /** The extension that pays; null: the tenant, whose configuration sends the call there. */
  payer: string | null;
  progressSeconds: number;
  emergency: boolean;
  otherwise: Node;
};

/** A carrier that shows no sign of life within this time is passed over. */
const progressSeconds = 4;

/** Over the trunk at `index` of those that may take the call. */
export function outside(way: Way, number: string, emergency: boolean, index = 0): Action {
  const at = `${emergency ? "emergency" : "outside-number"}/${number}`;
  if (way.call.inside) return way.end(at, "a transfer may only lead to numbers inside the tenant", "rejected");
  const trunks = usable(way);
  const trunk = trunks[index];
  if (!trunk)
    return way.end(at, trunks.length === 0 ? "there is no trunk to the outside" : "every trunk failed", "no-route");
  const why = index === 0 ? "is the first trunk by priority" : "is the next trunk by priority";
  way.step(at, why, `trunk/${trunk.body.name}`);
  return {
    do: "trunk",
    trunk: trunk.id,
    number: emergency ? number : format(number, trunk.body.numberFormat),
    dialled: number,
    from: shownOutside(way.config, way.call, way.payer, emergency),
    payer: way.payer ?? (way.call.from.kind === "extension" ? way.call.from.id : null),
    progressSeconds,
    emergency,
    otherwise: node(emergency ? "sos" : "out", index + 1, number.replace("+", ""), way.payer ?? "-"),
  };
}

function usable({ config }: Way): OwnedTrunk[] {
  const all = config.inherited("trunk");
  const owners = [...new Set(all.map((trunk) => trunk.owner))];
  const rank = (trunk: OwnedTrunk) => owners.indexOf(trunk.owner);
  return all
    .filter((trunk) => trunk.body.enabled)
    .sort((a, b) => rank(a) - rank(b) || a.body.priority - b.body.priority || (a.body.name < b.body.name ? -1 : 1));
}

/** A node is `out|sos.<index of the next trunk>.<digits>.<who pays>`. */
export function resumeOutside(
  way: Way,
  name: string,
  [index = "", digits = "", payer = ""]: string[],
  ended: Ended,
): Action {
  if (payer.startsWith("ext_")) way.payer = payer;
  const emergency = name === "sos";
  const number = emergency ? digits : `+${digits}`;
  const at = `outside-number/${number}`;
  switch (ended.disposition) {
    case "trunk-failed":
      return outside(way, number, emergency, Number(index));
    case "busy":
      return way.end(at, "the called party is busy", "busy");
    case "not-found":
      return way.end(at, "the number does not exist", "not-found");
    case "rejected":
      return way.end(at, "the call was rejected", "rejected");
    default:
      return way.end(at, "the called party did not answer", "no-answer");
  }
}
