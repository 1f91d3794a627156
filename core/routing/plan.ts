// What resolve says: one action that an engine can carry out, and the trace of why. Whatever can fail names the node where routing goes on.

/** Where routing goes on after an action failed; opaque to engines, read by resolve alone. At most 120 characters of `[a-z0-9_.-]` (any case). */
export type Node = string;

export type Shown = { number: string; name: string | null };

export type Action =
  | {
      do: "ring";
      extension: string;
      number: string;
      usernames: string[];
      seconds: number;
      from: Shown;
      otherwise: Node;
    }
  | {
      do: "trunk";
      trunk: string;
      number: string;
      dialled: string;
      from: Shown;
      progressSeconds: number;
      otherwise: Node;
      emergency: boolean;
    }
  | { do: "voicemail"; box: string; number: string }
  | {
      do: "hangup";
      cause: "not-found" | "busy" | "rejected" | "unavailable" | "no-answer" | "no-route";
      status: number;
    };

/** One step of the way: where the call was (`kind/key`), why it went on, and where to. */
export type Step = { at: string; why: string; goesTo: string };

export type Plan = { action: Action; steps: Step[] };

/** How an attempt ended. An engine maps its own causes to these. */
export type Disposition =
  | "answered"
  | "busy"
  | "no-answer"
  | "not-registered"
  | "rejected"
  | "not-found"
  | "trunk-failed"
  | "cancelled";

/** A call as routing sees it. */
export type Call = {
  from: { kind: "extension"; id: string } | { kind: "outside"; number: string | null; name: string | null };
  /** As dialled by the extension, or the called number in E.164. */
  to: string;
  at: Date;
  /** Somebody transferred this leg and who pays is unknown: `to` is read as dialled in the tenant and may not lead outside. */
  inside?: true;
  /** Set where an earlier action's failure continues: the action's `otherwise`, and how it ended. */
  resume?: { node: Node; disposition: Disposition };
};
