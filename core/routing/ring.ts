// Ringing: the phones of one extension or of many, with numbers of the outside among them.
import type { Resource } from "../registry.ts";
import type { Config } from "./config.ts";
import { phonesOf } from "./hot-desk.ts";
import type { Node, Shown } from "./plan.ts";

/** Somebody who is rung. Seconds count from the beginning of his group. */
export type Branch =
  | {
      to: "extension";
      extension: string;
      number: string;
      /** SIP user names of its devices. */
      usernames: string[];
      delaySeconds: number;
      seconds: number;
    }
  | {
      to: "outside";
      /** The trunk, the number as it wants it, and in E.164. */
      trunk: string;
      number: string;
      dialled: string;
      from: Shown;
      /** Whose forward or follow-me it is: he pays. Null: the tenant, whose configuration says so. */
      payer: string | null;
      delaySeconds: number;
      seconds: number;
      /** The called party must press 1. */
      confirm: boolean;
    };

/** Groups ring one after another, the branches of a group together. */
export type Ring = {
  do: "ring";
  groups: Branch[][];
  /** As a whole. */
  seconds: number;
  from: Shown;
  /** What the caller hears meanwhile, by id; null: it rings. */
  musicOnHold: string | null;
  /** Phones answer by themselves (intercom). */
  autoAnswer: boolean;
  otherwise: Node;
};

/** The branch of an extension's devices. */
export const branchOf = (
  config: Config,
  extension: Resource<"extension">,
  seconds: number = extension.body.ringSeconds,
  delaySeconds = 0,
): Branch => ({
  to: "extension",
  extension: extension.id,
  number: extension.body.number,
  usernames: phonesOf(config, extension),
  delaySeconds,
  seconds,
});
