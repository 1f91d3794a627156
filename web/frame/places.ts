// The console's pages outside a tenant, in the order of the navigation. A page is a line here; what it needs of the key's scopes is not shown to those without.
import type { ComponentType } from "react";
import { text } from "../i18n/t.ts";
import type { IconName } from "../part/icon.tsx";
import { onDemand } from "../part/on-demand.tsx";
import { type Me, may } from "./me.ts";

export type PlaceProps = { rest: string[] };
export type Place = {
  /** The path's first part. */
  path: string;
  label: string;
  icon: IconName;
  /** The scope without which it is left out; null: for everybody. */
  scope: string | null;
  /** Who else it is left out for. */
  only?: (me: Me) => boolean;
  page: ComponentType<PlaceProps>;
};

export const places: Place[] = [
  {
    path: "tenants",
    label: text("Tenants"),
    icon: "building",
    scope: "tenants:read",
    page: onDemand(() => import("../account/landing.tsx"), "Landing"),
  },
  {
    path: "operator",
    label: text("Hosts"),
    icon: "server",
    scope: "edges:read",
    only: ({ accountId }) => accountId !== null,
    page: onDemand(() => import("../operator/page.tsx"), "OperatorPage"),
  },
  {
    path: "members",
    label: text("Members"),
    icon: "people",
    scope: "members:read",
    only: ({ accountId }) => accountId !== null,
    page: onDemand(() => import("../members/page.tsx"), "MembersPlace"),
  },
  {
    path: "signing-in",
    label: text("Signing in"),
    icon: "person",
    scope: "members:write",
    page: onDemand(() => import("../identity/rules.tsx"), "RulesPage", { ahead: false }),
  },
  {
    path: "my",
    label: text("My phone"),
    icon: "phone",
    scope: "me:read",
    only: ({ member }) => member !== null && (member.extension !== null || member.role === "user"),
    page: onDemand(() => import("../me/page.tsx"), "MyPhone"),
  },
];

/** Those that there are for him, the one where he begins first; all while he is not known. */
export const placesOf = (me: Me | undefined): Place[] =>
  places.filter(({ scope, only }) => may(me, scope) && (!me || !only || only(me)));
