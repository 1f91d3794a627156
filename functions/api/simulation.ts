// What the simulator is asked and what it answers.
import { z } from "zod";
import { typed } from "./typist.ts";

const disposition = z.enum([
  "answered",
  "busy",
  "no-answer",
  "not-registered",
  "rejected",
  "not-found",
  "trunk-failed",
]);

const numbers = z.array(z.string().max(16)).max(1000);

export const simulation = z.strictObject({
  from: z.string().min(1).max(64).describe("An extension's number, or a number of the outside"),
  to: z
    .string()
    .min(1)
    .max(64)
    .describe("As dialled by the extension; for a caller from outside one of the tenant's phone numbers"),
  at: z.iso.datetime().optional().describe("When; now by default"),
  assume: z
    .record(z.string().max(128), disposition)
    .optional()
    .describe(
      "How attempts end, by extension number or trunk name, `*` for all that are not named; answered by default. A conference that is busy is full; a wait in a queue that no-answer ends was too long, one that not-registered ends had no agent logged in; out of a parking lot with no-answer nobody takes the call. These three go by their names",
    ),
  busy: numbers.optional().describe("Numbers of the extensions that are on a call"),
  ringing: numbers
    .optional()
    .describe("Numbers of the extensions at which a call rings, the longest first: what can be picked up"),
  parked: numbers.optional().describe("Numbers of the slots in which a call waits"),
  lastCaller: z
    .string()
    .max(64)
    .nullable()
    .optional()
    .describe("Who called the caller's extension last; null: the number was withheld. Nobody did by default"),
  used: z
    .strictObject({
      concurrentCalls: z.int().min(0).optional(),
      callsPerSecond: z.int().min(0).optional(),
      minutesPerDay: z.number().min(0).optional(),
      recordingMinutesPerMonth: z.int().min(0).optional(),
      spent: z.number().min(0).optional(),
    })
    .optional()
    .describe(
      "What is used of limits when the call begins, of each limit of that name; spent: today, in its currency. Nothing by default",
    ),
  digits: typed
    .optional()
    .describe(
      "What the caller types, an entry each time that he is asked, as in 1 or 1002#. Empty, or none left: he types nothing. The digit of a queue that calls back counts, where it comes next, as pressed in the wait",
    ),
});

export const simulated = z.object({
  outcome: z.object({ do: z.string() }).loose(),
  steps: z.array(z.object({ at: z.string(), why: z.string(), goesTo: z.string() })),
});
