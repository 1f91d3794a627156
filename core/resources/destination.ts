// Where a call can be sent: one type, used by every kind that routes calls.
import { z } from "zod";
import { lazy } from "../lazy.ts";
import { reference } from "./marks.ts";
import { e164 } from "./phone-number-format.ts";

export const hangupCause = z.enum(["rejected", "busy", "not-found", "unavailable"]);

/** The kinds of resource that take calls. */
export const destinationKinds = [
  ...(["extension", "ring-group", "queue", "menu", "schedule", "announcement", "voicemail-box", "conference"] as const),
  ...(["paging-group", "parking-lot", "directory"] as const),
] as const;

const to = <const K extends (typeof destinationKinds)[number]>(kind: K) =>
  z.strictObject({ kind: z.literal(kind), ref: reference(kind) });

/** `{"kind": "extension", "ref": "1001"}`, `{"kind": "outside-number", "number": "+1…"}`, `{"kind": "hangup", "cause": "busy"}`. */
export const destination = lazy(() =>
  z
    .discriminatedUnion("kind", [
      to("extension"),
      to("ring-group"),
      to("queue"),
      to("menu"),
      to("schedule"),
      to("announcement"),
      to("voicemail-box"),
      to("conference"),
      to("paging-group"),
      to("parking-lot"),
      to("directory"),
      z.strictObject({ kind: z.literal("outside-number"), number: e164 }),
      z.strictObject({ kind: z.literal("hangup"), cause: hangupCause }),
    ])
    .meta({ title: "Destination", description: "Where a call is sent" }),
);

/** Where a call goes on, or null: then it ends as its state says. */
export const onward = lazy(() => destination().nullable().default(null));

export type Destination = z.output<ReturnType<typeof destination>>;
