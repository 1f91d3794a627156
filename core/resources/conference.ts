// A conference: a room where callers meet.
import { z } from "zod";
import { lazy } from "../lazy.ts";
import { line } from "../text.ts";
import { defineKind } from "./kind.ts";
import { secret } from "./marks.ts";
import { optionalNumber } from "./number.ts";
import { optionalMusic } from "./sound.ts";

const schema = lazy(() =>
  z.strictObject({
    name: line(64),
    extensionNumber: optionalNumber,
    pin: secret("pin", false).nullable().optional().describe("Asked of participants"),
    moderatorPin: secret("pin", false).nullable().optional().describe("Who gives this one moderates"),
    maxMembers: z.int().min(2).max(200).default(50),
    waitForModerator: z
      .boolean()
      .default(false)
      .describe("Participants hear music until a moderator is there; needs moderatorPin"),
    muteOnEntry: z.boolean().default(false),
    sounds: z.boolean().default(true).describe("A tone when somebody comes or goes"),
    recording: z.boolean().default(false),
    musicOnHold: optionalMusic,
  }),
);

export const conference = defineKind({
  kind: "conference",
  plural: "conferences",
  prefix: "cnf",
  at: ["tenant"],
  about: "A room where callers meet.",
  schema,
  key: "name",
  dialable: "extensionNumber",
  filters: ["name", "extensionNumber"],
  search: ["name", "extensionNumber"],
  check: (body) =>
    body.waitForModerator && !body.moderatorPin
      ? [
          {
            pointer: "/waitForModerator",
            detail: "needs a moderatorPin, or nobody could ever begin; add one or set it to false",
          },
        ]
      : [],
});

export type Conference = z.output<ReturnType<typeof schema>>;
