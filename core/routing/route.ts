// Which trunks a call to the outside may take, in order: by the outbound routes that serve its number, or where there are none by priority.
import { fits } from "../resources/pattern.ts";
import type { Config, Owned, OwnedTrunk } from "./config.ts";
import { format } from "./number.ts";
import { byCost } from "./rate.ts";

export type Attempt = {
  trunk: OwnedTrunk;
  route: Owned<"outbound-route"> | undefined;
  /** Round the trunk's gateway, which may be down: emergency calls alone, when all else failed. */
  direct: boolean;
  /** The number as the trunk wants it. */
  number: string;
  /** Completes "the trunk …". */
  why: string;
};

/** No attempt has the same trunk, number and way as one before it. With `why` there is none. */
export type Attempts = { list: Attempt[]; why: string };

/** Of a call to `number`: in E.164, or an emergency number as dialled. */
export function attempts(config: Config, number: string, emergency: boolean): Attempts {
  const trunks = byPriority(config);
  if (emergency)
    return { list: distinct(forEmergency(config, trunks, number)), why: "there is no trunk to the outside" };
  const routes = config.inherited("outbound-route");
  if (routes.length === 0)
    return {
      list: trunks.map((trunk, index) => ({
        ...{ trunk, route: undefined, direct: false, number: dialledOver(trunk, undefined, number) },
        why: `is the ${index === 0 ? "first" : "next"} trunk by priority`,
      })),
      why: "there is no trunk to the outside",
    };
  const serving = inOrder(routes).filter((route) => route.body.patterns.some((pattern) => fits(pattern, number)));
  return {
    list: distinct(serving.flatMap((route) => over(config, route, number))),
    why: serving.length === 0 ? `no outbound route serves ${number}` : "no route has a trunk that is there",
  };
}

/** A route may name emergency numbers, and is then first; every trunk comes after it, and then every trunk round its gateway. */
function forEmergency(config: Config, trunks: OwnedTrunk[], number: string): Attempt[] {
  const serving = inOrder(config.inherited("outbound-route")).filter((route) =>
    route.body.patterns.some((pattern) => !/^\+|^\*$/.test(pattern) && fits(pattern, number)),
  );
  const each = (direct: boolean, why: string) =>
    trunks.map((trunk) => ({
      ...{ trunk, route: undefined, direct, why },
      number: `${trunk.body.prefix}${number}`,
    }));
  return [
    ...serving.flatMap((route) => over(config, route, number, true)),
    ...each(false, "is the next by priority: emergency calls take every trunk there is"),
    ...each(true, "is asked again round its gateway, which may be down"),
  ];
}

function over(config: Config, route: Owned<"outbound-route">, number: string, emergency = false): Attempt[] {
  const { name, trunks: ids, select } = route.body;
  const trunks = ids.flatMap((id) => config.find("trunk", id) ?? []).filter(({ body }) => body.enabled);
  const priced =
    select === "least-cost" && !emergency
      ? byCost(config, trunks, number).map(({ trunk, why }) => ({ trunk, why: `is the next cheapest, ${why}` }))
      : trunks.map((trunk) => ({ trunk, why: "is the next in its order" }));
  return priced.map(({ trunk, why }) => ({
    ...{ trunk, route, direct: false, number: dialledOver(trunk, route, number, emergency) },
    why: `${why}, by the route ${name}`,
  }));
}

/** The tenant's own first, then its accounts' from the nearest to the farthest. */
function inOrder(routes: readonly Owned<"outbound-route">[]): Owned<"outbound-route">[] {
  const rank = rankOf(routes);
  return routes
    .filter(({ body }) => body.enabled)
    .sort((a, b) => rank(a) - rank(b) || a.body.order - b.body.order || (a.body.name < b.body.name ? -1 : 1));
}

function byPriority(config: Config): OwnedTrunk[] {
  const all = config.inherited("trunk");
  const rank = rankOf(all);
  return all
    .filter(({ body }) => body.enabled)
    .sort((a, b) => rank(a) - rank(b) || a.body.priority - b.body.priority || (a.body.name < b.body.name ? -1 : 1));
}

function rankOf<T extends { owner: string }>(all: readonly T[]): (one: T) => number {
  const owners = [...new Set(all.map(({ owner }) => owner))];
  return ({ owner }) => owners.indexOf(owner);
}

/** In the trunk's format, then the route's digits off and on, then the trunk's prefix. */
function dialledOver(
  trunk: OwnedTrunk,
  route: Owned<"outbound-route"> | undefined,
  number: string,
  emergency = false,
): string {
  const formatted = emergency ? number : format(number, trunk.body.numberFormat);
  const { strip, prefix } = route?.body ?? { strip: 0, prefix: "" };
  return `${trunk.body.prefix}${prefix}${formatted.slice(strip)}`;
}

function distinct(list: Attempt[]): Attempt[] {
  const key = ({ trunk, number, direct }: Attempt) => `${trunk.id} ${number} ${direct}`;
  return list.filter((one, index) => list.findIndex((other) => key(other) === key(one)) === index);
}
