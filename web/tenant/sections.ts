// The sections of a tenant's pages in groups: its kinds as the registry lists them, and what is no kind.
import { phrase } from "../part/words.ts";
import { kinds } from "./kinds.ts";

export type Section = { path: string; label: string };
export type Group = { name: string; sections: Section[] };

/** Kinds by plural. One that is named nowhere is shown with the last group. */
const groups: [name: string, plurals: string[]][] = [
  ["People", ["extensions", "voicemail-boxes", "contacts", "speed-dials", "feature-codes"]],
  [
    "Call flow",
    [
      ...["ring-groups", "queues", "menus", "schedules", "announcements", "directories", "conferences"],
      ...["parking-lots", "paging-groups"],
    ],
  ],
  ["Outside", ["phone-numbers", "trunks", "outbound-routes", "rate-tables", "block-rules"]],
  ["Sounds", ["prompts", "music-on-hold"]],
];
const named = groups.flatMap(([, plurals]) => plurals);
const others = kinds.filter(({ plural }) => !named.includes(plural)).map(({ plural }) => plural);

const ofKinds = groups.map(([name, plurals], index): Group => {
  const shown = index === groups.length - 1 ? [...plurals, ...others] : plurals;
  const known = shown.filter((plural) => kinds.some((kind) => kind.plural === plural));
  return { name, sections: known.map((path) => ({ path, label: phrase(path) })) };
});

export const sections: Group[] = [
  ...ofKinds,
  {
    name: "What happens",
    sections: [
      { path: "calls", label: "Calls" },
      { path: "simulate", label: "Simulator" },
      { path: "sync", label: "Sync" },
      { path: "history", label: "History" },
      { path: "settings", label: "Settings" },
    ],
  },
];
