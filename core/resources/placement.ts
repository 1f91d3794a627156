// Which hosts of its pool carry a tenant's calls. A resource of its own, so that it reaches every edge like any other, history shows each move, and no apply
// or rollback can change it: the platform alone writes it (functions/edges/placement.ts).
import { z } from "zod";
import { lazy } from "../lazy.ts";
import { defineKind } from "./kind.ts";

const host = (about: string) => z.string().nullable().default(null).describe(about);

const schema = lazy(() =>
  z.strictObject({
    home: host("The id of the edge that carries its calls; null: none of the pool's could"),
    standby: host("The id of the edge that carries them while its home does not; null: there is no other"),
  }),
);

export const placement = defineKind({
  kind: "placement",
  plural: "placements",
  prefix: "plc",
  at: [],
  about: "The hosts of its pool that carry a tenant's calls.",
  schema,
  key: "home",
  filters: [],
});

export type Placement = z.output<ReturnType<typeof schema>>;
