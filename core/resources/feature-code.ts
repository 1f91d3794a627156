// Feature codes: what dialling a code does. Every tenant has all of them with the codes below; a resource changes one or turns it off.
import { z } from "zod";
import { lazy } from "../lazy.ts";
import { defineKind } from "./kind.ts";

/**
 * What codes can do, with the code that does it where no resource says otherwise. `…` after a code: a number follows. `record` and `record-pause` are typed
 * during a call, the rest is dialled.
 */
export const defaultCodes = {
  "voicemail-own": "*97",
  "voicemail-any": "*98…",
  "voicemail-leave": "*99…",
  "pickup-group": "*8",
  "pickup-extension": "**…",
  "call-park": "*85",
  "do-not-disturb-on": "*78",
  "do-not-disturb-off": "*79",
  "forward-always-on": "*72…",
  "forward-always-off": "*73",
  "forward-busy-on": "*90…",
  "forward-busy-off": "*91",
  "forward-no-answer-on": "*92…",
  "forward-no-answer-off": "*93",
  "follow-me-on": "*20",
  "follow-me-off": "*21",
  "agent-login": "*45",
  "agent-logout": "*46",
  "agent-pause": "*47",
  "agent-resume": "*48",
  "schedule-override": "*28…",
  intercom: "*80…",
  eavesdrop: "*33…",
  whisper: "*34…",
  barge: "*35…",
  "hot-desk-login": "*11…",
  "hot-desk-logout": "*12",
  "caller-id-hide": "*67…",
  "call-return": "*69",
  "echo-test": "*43",
  "say-extension": "*65",
  record: "*1",
  "record-pause": "*2",
} as const;
export type FeatureAction = keyof typeof defaultCodes;

const actions = Object.keys(defaultCodes) as [FeatureAction, ...FeatureAction[]];

const schema = lazy(() =>
  z.strictObject({
    action: z.enum(actions),
    code: z
      .string()
      .regex(/^[*#]{1,2}\d{0,4}$/, "must be * or #, once or twice, and up to 4 digits")
      .nullable()
      .describe("Null turns it off"),
  }),
);

export const featureCode = defineKind({
  kind: "feature-code",
  plural: "feature-codes",
  prefix: "fcd",
  at: ["tenant"],
  about: "Another code for what a feature code does, or none. Without a resource, an action has its usual code.",
  schema,
  key: "action",
  filters: ["action", "code"],
  search: ["code"],
  claims: (body) => (body.code === null ? [] : [`code#${body.code}`]),
});

export type FeatureCode = z.output<ReturnType<typeof schema>>;
