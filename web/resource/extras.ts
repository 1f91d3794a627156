// Kinds whose page shows more than the derived form.
import type { ComponentType } from "react";
import type { Item } from "../api/queries.ts";
import { ExtensionExtra } from "../extension/extra.tsx";
import { DayNight } from "../runtime/set-by-phone.tsx";
import { ContactExtra } from "./contact.tsx";

export const extras: Record<string, ComponentType<{ item: Item }> | undefined> = {
  extension: ExtensionExtra,
  contact: ContactExtra,
  schedule: DayNight,
};
