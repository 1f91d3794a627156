// What a contact's page shows beyond its form: the way to call it.
import type { Item } from "../api/queries.ts";
import { CallButton } from "../call/call-button.tsx";

export const ContactExtra = ({ item }: { item: Item }) => (
  <p className="flex items-center gap-2">
    <span className="tabular-nums">{String(item.number)}</span>
    <CallButton number={String(item.number)} />
  </p>
);
