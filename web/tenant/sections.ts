// The sections of a tenant's pages in groups: its kinds as the registry lists them, and pages that are no kind's.
import type { ComponentType } from "react";
import { t, text } from "../i18n/t.ts";
import type { IconName } from "../part/icon.tsx";
import { onDemand } from "../part/on-demand.tsx";
import type { Group } from "../part/section-groups.tsx";
import { phrase } from "../part/words.ts";
import { kinds } from "./kinds.ts";

type GroupName = "now" | "people" | "flow" | "outside" | "sounds" | "happens";
export type SectionProps = {
  /** The path's parts after the section's own. */
  rest: string[];
};
export type Section = {
  path: string;
  label: string;
  group: GroupName;
  /** Reached from other pages alone. */
  unlisted?: true;
  /** Undefined for a kind's list. */
  page?: ComponentType<SectionProps>;
};

/** Pages that are no kind's. A new one is a line here. */
const pages: Section[] = [
  {
    path: "overview",
    label: text("Overview"),
    group: "now",
    page: onDemand(() => import("../overview/page.tsx"), "OverviewPage"),
  },
  {
    path: "start",
    label: text("First steps"),
    group: "happens",
    unlisted: true,
    page: onDemand(() => import("../first/wizard.tsx"), "Wizard", { ahead: false }),
  },
  {
    path: "members",
    label: text("Members"),
    group: "people",
    page: onDemand(() => import("../members/page.tsx"), "MembersSection"),
  },
  {
    path: "live",
    label: text("Live view"),
    group: "now",
    page: onDemand(() => import("../live/page.tsx"), "LivePage"),
  },
  {
    path: "call-flows",
    label: text("Call flows"),
    group: "flow",
    page: onDemand(() => import("../flow/section.tsx"), "FlowSection", { ahead: false }),
  },
  {
    path: "calls",
    label: text("Calls"),
    group: "happens",
    page: onDemand(() => import("../call/calls.tsx"), "CallsPage"),
  },
  {
    path: "voicemail",
    label: text("Voicemail"),
    group: "happens",
    page: onDemand(() => import("../voicemail/page.tsx"), "VoicemailPage"),
  },
  {
    path: "recordings",
    label: text("Recordings"),
    group: "happens",
    page: onDemand(() => import("../recording/page.tsx"), "RecordingsPage"),
  },
  {
    path: "simulate",
    label: text("Simulator"),
    group: "happens",
    page: onDemand(() => import("../simulate/simulate.tsx"), "SimulatePage"),
  },
  {
    path: "sync",
    label: text("Sync"),
    group: "happens",
    page: onDemand(() => import("../sync/sync.tsx"), "SyncPage"),
  },
  {
    path: "history",
    label: text("History"),
    group: "happens",
    page: onDemand(() => import("../history/history.tsx"), "HistoryPage"),
  },
  {
    path: "settings",
    label: text("Settings"),
    group: "happens",
    page: onDemand(() => import("./settings.tsx"), "SettingsPage"),
  },
];

/** Kinds by plural, in the order in which they are shown. One that is named nowhere comes with the sounds. */
const ofKinds: Record<Exclude<GroupName, "happens">, string[]> = {
  now: [],
  people: ["extensions", "voicemail-boxes", "contacts", "speed-dials", "feature-codes"],
  flow: [
    ...["ring-groups", "queues", "menus", "schedules", "announcements", "directories", "conferences"],
    ...["parking-lots", "paging-groups"],
  ],
  outside: ["phone-numbers", "trunks", "outbound-routes", "rate-tables", "block-rules"],
  sounds: ["prompts", "music-on-hold"],
};
const named = Object.values(ofKinds).flat();
const unnamed = kinds.map(({ plural }) => plural).filter((plural) => !named.includes(plural));

const groups: { name: GroupName; label: string; icon: IconName }[] = [
  { name: "now", label: text("Now"), icon: "pulse" },
  { name: "people", label: text("People"), icon: "people" },
  { name: "flow", label: text("Call flow"), icon: "flow" },
  { name: "outside", label: text("Outside"), icon: "globe" },
  { name: "sounds", label: text("Sounds"), icon: "sound" },
  { name: "happens", label: text("What happens"), icon: "book" },
];

/** All sections, in the user's language. */
export const sections = (): Group[] =>
  groups.map(({ name, label, icon }) => {
    const plurals = name === "happens" ? [] : [...ofKinds[name], ...(name === "sounds" ? unnamed : [])];
    return {
      name: t(label),
      icon,
      sections: [
        ...pages
          .filter(({ group, unlisted }) => group === name && !unlisted)
          .map((page) => ({ path: page.path, label: t(page.label) })),
        ...plurals
          .filter((plural) => kinds.some((kind) => kind.plural === plural))
          .map((path) => ({ path, label: phrase(path) })),
      ],
    };
  });

export const pageAt = (path: string): ComponentType<SectionProps> | undefined =>
  pages.find((page) => page.path === path)?.page;

/** Where a tenant's page begins. */
export const firstSection = "overview";
