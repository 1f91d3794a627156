// A queue: callers wait until one of its agents is free, the right one for the caller where skills are asked for.
import { z } from "zod";
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
    .describe("After so long a wait, a lower level will do; 0 asks for nothing any more"),
});

const schema = z.strictObject({
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
    .default([]),
  tierDelaySeconds: z.int().min(0).max(600).default(0).describe("So long each tier is asked before the next joins in"),
  skills: z.array(requirement).max(5).default([]).describe("What an agent must be able to do for these callers"),
  musicOnHold: optionalMusic,
  greeting: optionalPrompt.describe("Heard once before the wait begins"),
  announcePosition: z.boolean().default(false),
  announceWait: z.boolean().default(false).describe("Announce how long callers waited lately"),
  announcement: optionalPrompt.describe("Heard again and again during the wait"),
  announceEverySeconds: z.int().min(10).max(600).default(60),
  maxWaitSeconds: z.int().min(0).max(86_400).default(0).describe("Then the call goes on; 0: it may wait for ever"),
  maxWaiting: z.int().min(0).max(1000).default(0).describe("So many may wait, others go on at once; 0: any number"),
  joinEmpty: z
    .enum(["yes", "no", "unless-paused"])
    .default("no")
    .describe("Whether a caller may wait where no agent is logged in; unless-paused: paused agents count as present"),
  leaveWhenEmptySeconds: z
    .int()
    .min(0)
    .max(3600)
    .default(0)
    .describe("So long after the last agent left, waiting calls go on; 0: they stay"),
  agentRingSeconds: z.int().min(5).max(120).default(20),
  wrapUpSeconds: z.int().min(0).max(3600).default(0).describe("An agent's pause after each call"),
  missedCallsToPause: z.int().min(0).max(20).default(3).describe("After so many in a row an agent is paused; 0: never"),
  callBack: z
    .strictObject({
      enabled: z.boolean().default(false),
      digit: z
        .string()
        .regex(/^[0-9*#]$/)
        .default("1"),
    })
    .default({ enabled: false, digit: "1" })
    .describe("Callers may press the digit and be called back when it would be their turn"),
  callerNamePrefix: line(16).nullable().default(null),
  recording: z.boolean().default(false),
  afterwards: onward.describe("Where calls go that could not wait or waited too long"),
});

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

export type Queue = z.output<typeof schema>;
