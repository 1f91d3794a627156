// A parking lot: calls wait in numbered slots until somebody takes them from any phone.
import { z } from "zod";
import { lazy } from "../lazy.ts";
import { line } from "../text.ts";
import { onward } from "./destination.ts";
import { defineKind } from "./kind.ts";
import { internalNumber, optionalNumber } from "./number.ts";
import { optionalMusic } from "./sound.ts";

const schema = lazy(() =>
  z.strictObject({
    name: line(64),
    extensionNumber: optionalNumber.describe(
      "Dialled or transferred to, it parks in the first free slot and says which",
    ),
    firstSlot: internalNumber.describe(
      "Dialled, a slot gives back the call that waits there; a call transferred to it is parked there",
    ),
    slots: z.int().min(1).max(100).default(10),
    timeoutSeconds: z.int().min(10).max(3600).default(120),
    musicOnHold: optionalMusic.describe("What callers hear meanwhile; the tenant's if null"),
    timeout: onward().describe("Where a call goes that nobody took; without one, back to who parked it"),
  }),
);

/** The numbers of its slots. */
export const slotsOf = (body: { firstSlot: string; slots: number }): string[] =>
  Array.from({ length: body.slots }, (_, index) =>
    String(Number(body.firstSlot) + index).padStart(body.firstSlot.length, "0"),
  );

export const parkingLot = defineKind({
  kind: "parking-lot",
  plural: "parking-lots",
  prefix: "lot",
  at: ["tenant"],
  about: "Calls wait in numbered slots until somebody takes them.",
  schema,
  key: "name",
  dialable: (body) => [...(body.extensionNumber === null ? [] : [body.extensionNumber]), ...slotsOf(body)],
  filters: ["name", "extensionNumber"],
  search: ["name", "extensionNumber"],
  check: (body) =>
    slotsOf(body).some((slot) => slot.length !== body.firstSlot.length)
      ? [
          {
            pointer: "/slots",
            detail: "its last slot's number has more digits than the first; begin lower or have fewer",
          },
        ]
      : [],
});

export type ParkingLot = z.output<ReturnType<typeof schema>>;
