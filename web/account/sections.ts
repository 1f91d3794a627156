// The pages of an account: what stands below it, what it sells and shows, what its programs do. One line each.
import type { ComponentType } from "react";
import { kindsAt } from "../../core/registry.ts";
import { t, text } from "../i18n/t.ts";
import type { IconName } from "../part/icon.tsx";
import { onDemand } from "../part/on-demand.tsx";
import { phrase } from "../part/words.ts";

/** `rest`: the path's parts after the section's own. */
export type AccountSectionProps = { account: string; rest: string[] };
type GroupName = "below" | "sold" | "shared" | "happens";
type Section = {
  path: string;
  label: string;
  group: GroupName;
  /** The scope without which it is left out. */
  scope: string;
  /** Undefined for a kind's list. */
  page?: ComponentType<AccountSectionProps>;
};

const late = { ahead: false };
const pages: Section[] = [
  {
    ...{ path: "tenants", label: text("Companies"), group: "below", scope: "tenants:read" },
    page: onDemand(() => import("./tenants.tsx"), "TenantsBelow"),
  },
  {
    ...{ path: "accounts", label: text("Accounts"), group: "below", scope: "accounts:read" },
    page: onDemand(() => import("./accounts.tsx"), "AccountsBelow", late),
  },
  {
    ...{ path: "deleted", label: text("Deleted"), group: "below", scope: "tenants:read" },
    page: onDemand(() => import("./deleted.tsx"), "DeletedBelow", late),
  },
  {
    ...{ path: "sign-ups", label: text("Sign-ups"), group: "below", scope: "accounts:read" },
    page: onDemand(() => import("./sign-ups.tsx"), "SignUps", late),
  },
  {
    ...{ path: "usage", label: text("Usage"), group: "sold", scope: "calls:read" },
    page: onDemand(() => import("./usage.tsx"), "Usage", late),
  },
  {
    ...{ path: "limits", label: text("Limits"), group: "sold", scope: "limits:read" },
    page: onDemand(() => import("./limits-page.tsx"), "LimitsPage", late),
  },
  {
    ...{ path: "numbers", label: text("Phone numbers"), group: "sold", scope: "phone-numbers:read" },
    page: onDemand(() => import("./inventory.tsx"), "Inventory", late),
  },
  {
    ...{ path: "brand", label: text("Brand and sign-up"), group: "sold", scope: "accounts:read" },
    page: onDemand(() => import("../brand/page.tsx"), "BrandPage", late),
  },
  {
    ...{ path: "members", label: text("Members"), group: "happens", scope: "members:read" },
    page: onDemand(() => import("../members/page.tsx"), "MembersOfAccount", late),
  },
  {
    ...{ path: "webhooks", label: text("Webhooks"), group: "happens", scope: "webhook-endpoints:read" },
    page: onDemand(() => import("../webhook/page.tsx"), "WebhooksPage", late),
  },
  {
    ...{ path: "audit", label: text("Audit log"), group: "happens", scope: "audit:read" },
    page: onDemand(() => import("../audit/page.tsx"), "AuditPage", late),
  },
  {
    ...{ path: "history", label: text("History"), group: "happens", scope: "changes:read" },
    page: onDemand(() => import("../history/history.tsx"), "HistoryPage", late),
  },
];

/** The kinds of an account's document; its phone numbers have a page of their own. */
export const accountKinds = kindsAt("account").filter(({ kind }) => kind !== "phone-number");
const sold = ["plans", "templates", "rate-tables"];

const all: Section[] = [
  ...pages,
  ...accountKinds.map(
    ({ plural }): Section => ({
      ...{ path: plural, label: plural, scope: `${plural}:read` },
      group: sold.includes(plural) ? "sold" : "shared",
    }),
  ),
];

const groups: { name: GroupName; label: string; icon: IconName }[] = [
  { name: "below", label: text("Customers"), icon: "building" },
  { name: "sold", label: text("What they get"), icon: "people" },
  { name: "shared", label: text("Shared with them"), icon: "globe" },
  { name: "happens", label: text("What happens"), icon: "pulse" },
];

export const firstSection = "tenants";

/** What somebody with these rights sees, in the user's language. */
export const accountSections = (may: (scope: string) => boolean) =>
  groups
    .map(({ name, label, icon }) => ({
      name: t(label),
      icon,
      sections: all
        .filter(({ group, scope }) => group === name && may(scope))
        .map(({ path, label: own, page }) => ({ path, label: page ? t(own) : phrase(own) })),
    }))
    .filter(({ sections }) => sections.length > 0);

export const accountPageAt = (path: string): ComponentType<AccountSectionProps> | undefined =>
  pages.find((page) => page.path === path)?.page;
