// A tenant's own settings. They are a resource of the tenant's document, so that they have a history and travel to the edge like any other.
import { z } from "zod";
import { lazy } from "../lazy.ts";
import { line } from "../text.ts";
import { defineKind } from "./kind.ts";
import { locale } from "./locale.ts";
import { domain } from "./network.ts";
import { retentionDays } from "./retention.ts";
import { optionalMusic } from "./sound.ts";

const schema = lazy(() =>
  z.strictObject({
    name: line(128),
    domain: domain.describe("The SIP domain; the realm of its phones' credentials"),
    ...locale,
    musicOnHold: optionalMusic.describe(
      "What whoever is put on hold hears, and who is parked. Without it, a soft chord",
    ),
    recordingRetentionDays: retentionDays.describe("Recordings of calls are deleted after so many days; null: never"),
    voicemailRetentionDays: retentionDays.describe(
      "Voicemail messages are deleted after so many days, where their box says nothing else; null: never",
    ),
  }),
);

export const tenant = defineKind({
  kind: "tenant",
  plural: "tenants",
  prefix: "ten",
  at: [],
  about: "A company with its phone system.",
  schema,
  key: "name",
  filters: ["name", "domain"],
  search: ["name", "domain"],
  globals: (body) => [["domain", body.domain]],
});

export type Tenant = z.output<ReturnType<typeof schema>>;
