// A call to a paging group.
import type { Resource } from "../registry.ts";
import type { Action } from "./plan.ts";
import { type Ended, named, type Way } from "./way.ts";

export function arriveAtPagingGroup(way: Way, target: Resource<"paging-group">, at: string, why: string): Action {
  const here = named("paging-group", target.body.name);
  way.step(at, why, here);
  return way.end(here, "can't take calls yet", "not-found");
}

/** A node is `paging-group.<id>…`. */
export function resumePagingGroup(way: Way, [id = ""]: string[], _ended: Ended): Action {
  return way.end(named("paging-group", id), "can't take calls yet", "not-found");
}

/** Phones that answer by themselves hear the caller; with `twoWay` everybody hears everybody. */
export type Page = { do: "page"; extensions: { extension: string; usernames: string[] }[]; twoWay: boolean };
