// A ring group: several people who are called together or one after another.
import { z } from "zod";
import { lazy } from "../lazy.ts";
import { line } from "../text.ts";
import { onward } from "./destination.ts";
import { defineKind } from "./kind.ts";
import { member } from "./member.ts";
import { optionalNumber } from "./number.ts";
import { optionalMusic } from "./sound.ts";

const schema = lazy(() =>
  z.strictObject({
    name: line(64),
    extensionNumber: optionalNumber,
    strategy: z
      .enum(["simultaneous", "sequence", "random", "rollover"])
      .default("simultaneous")
      .describe(
        "All at once, each after its delay; one after another; one after another in an order left to chance; or the next one only when one is busy, declines or is not there: who does not answer keeps on ringing",
      ),
    members: z.array(member).max(100).default([]),
    ringSeconds: z
      .int()
      .min(5)
      .max(300)
      .default(60)
      .describe("How long the group rings as a whole before the call goes on"),
    skipBusy: z.boolean().default(false).describe("Who is on a call is not called"),
    confirm: z
      .boolean()
      .default(false)
      .describe("Members outside must press 1 to take the call, so that a mobile's voicemail does not take it"),
    callerNamePrefix: line(16).nullable().default(null).describe("Shown to members before the caller's name"),
    musicOnHold: optionalMusic,
    afterwards: onward().describe("Where the call goes when nobody took it"),
  }),
);

export const ringGroup = defineKind({
  kind: "ring-group",
  plural: "ring-groups",
  prefix: "grp",
  at: ["tenant"],
  about: "Several people who are called together or one after another.",
  schema,
  key: "name",
  dialable: "extensionNumber",
  filters: ["name", "extensionNumber", "strategy"],
  search: ["name", "extensionNumber"],
});

export type RingGroup = z.output<ReturnType<typeof schema>>;
