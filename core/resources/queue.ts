// A queue: callers wait until one of its agents is free, the right one for the caller where skills are asked for.
import { z } from "zod";
import { lazy } from "../lazy.ts";
import { line } from "../text.ts";
import { onward } from "./destination.ts";
import { defineKind } from "./kind.ts";
import { reference } from "./marks.ts";
import { optionalNumber } from "./number.ts";
import { optionalMusic, optionalPrompt } from "./sound.ts";

/** The name of a skill: `french`, `network-2`. */
export const skillName = z.string().regex(/^[a-z0-9][a-z0-9-]{0,31}$/, "must be 1 to 32 of a-z, 0-9 and hyphen");
export const skillLevel = z.int().min(1).max(10);

const requirement = z.strictObject({
  skill: skillName,
  level: skillLevel.describe("Agents need this much of it"),
  relaxations: z
    .array(z.strictObject({ afterSeconds: z.int().min(1).max(3600), level: z.int().min(0).max(10) }))
    .max(5)
    .default([])
    .describe(
      "After so long a wait, a lower level will do; 0 asks for nothing any more. Earlier where nobody who can do more is logged in",
    ),
});

const schema = lazy(() =>
  z.strictObject({
    name: line(64),
    extensionNumber: optionalNumber,
    strategy: z
      .enum(["longest-idle", "ring-all", "round-robin", "top-down", "least-calls", "least-talk", "random"])
      .default("longest-idle"),
    agents: z
      .array(
        z.strictObject({
          extension: reference("extension"),
          tier: z.int().min(1).max(10).default(1).describe("Agents of a lower tier are asked first"),
          position: z
            .int()
            .min(1)
            .max(1000)
            .default(1)
            .describe("Within the tier, for the strategies that have an order"),
        }),
      )
      .max(1000)
      .default([])
      .describe(
        "Each takes calls while one of its phones is registered, until somebody logs it out or pauses it, by code, console or API",
      ),
    tierDelaySeconds: z
      .int()
      .min(0)
      .max(600)
      .default(0)
      .describe(
        "So long each tier is asked before the next joins in; at once where nobody of the tiers before is logged in",
      ),
    skills: z.array(requirement).max(5).default([]).describe("What an agent must be able to do for these callers"),
    musicOnHold: optionalMusic,
    greeting: optionalPrompt.describe("Heard once before the wait begins"),
    announcePosition: z.boolean().default(false).describe("Say again and again how many are before the caller"),
    announceWait: z.boolean().default(false).describe("Say again and again how many minutes callers waited lately"),
    announcement: optionalPrompt.describe("Heard again and again during the wait"),
    announceEverySeconds: z
      .int()
      .min(10)
      .max(600)
      .default(60)
      .describe("So long from one of these announcements to the next"),
    maxWaitSeconds: z.int().min(0).max(86_400).default(0).describe("Then the call goes on; 0: it may wait for ever"),
    maxWaiting: z.int().min(0).max(1000).default(0).describe("So many may wait, others go on at once; 0: any number"),
    joinEmpty: z
      .enum(["yes", "no", "unless-paused"])
      .default("no")
      .describe(
        "Whether a caller may wait where no agent is available, be he free or on a call. yes: always; unless-paused: where one is paused at least; no: not at all",
      ),
    leaveWhenEmptySeconds: z
      .int()
      .min(0)
      .max(3600)
      .default(0)
      .describe(
        "So long after the last agent logged out (paused ones count as there) waiting calls go on; 0: they stay",
      ),
    agentRingSeconds: z
      .int()
      .min(5)
      .max(120)
      .default(20)
      .describe("So long one agent is rung; then he is passed over until the others had their turn"),
    wrapUpSeconds: z
      .int()
      .min(0)
      .max(3600)
      .default(0)
      .describe("An agent's pause after each call; of several queues the longest counts"),
    missedCallsToPause: z
      .int()
      .min(0)
      .max(20)
      .default(3)
      .describe("After so many in a row an agent is paused; 0: never. Of several queues the smallest counts"),
    callBack: z
      .strictObject({
        digit: z
          .string()
          .regex(/^[0-9*#]$/, "must be one of 0-9, * and #")
          .default("1")
          .describe("Who waits presses it to be called back; the greeting or the announcement tells so"),
        payer: reference("extension").describe(
          "Pays for the calls, with its permission: only who it may call is called back",
        ),
        tries: z.int().min(1).max(5).default(2),
        retryAfterSeconds: z
          .int()
          .min(60)
          .max(86_400)
          .default(600)
          .describe("So long after a try in vain the next may come"),
        expiresSeconds: z
          .int()
          .min(300)
          .max(86_400)
          .default(14_400)
          .describe("So long after the wish nobody is called any more"),
      })
      .nullable()
      .default(null)
      .describe(
        "Callers may hang up and keep their place: when it is their turn and an agent is free, they are called",
      ),
    callerNamePrefix: line(16).nullable().default(null),
    recording: z.boolean().default(false),
    afterwards: onward().describe("Where calls go that could not wait or waited too long"),
  }),
);

export const queue = defineKind({
  kind: "queue",
  plural: "queues",
  prefix: "que",
  at: ["tenant"],
  about: "Callers wait here until one of its agents is free.",
  schema,
  key: "name",
  dialable: "extensionNumber",
  filters: ["name", "extensionNumber", "strategy"],
  search: ["name", "extensionNumber"],
  check(body) {
    const seen = new Set<string>();
    return body.agents.flatMap(({ extension }, index) => {
      const again = seen.has(extension);
      seen.add(extension);
      return again
        ? [{ pointer: `/agents/${index}/extension`, detail: "is an agent of this queue twice; remove one" }]
        : [];
    });
  },
});

export type Queue = z.output<ReturnType<typeof schema>>;
export type QueueAgent = Queue["agents"][number];
