// What each role may, in one table: scopes as API keys have them. docs/api.md says the same in words.
import { plurals } from "../../core/plurals.ts";
import type { Scope } from "./scopes.ts";

const may = (verb: "read" | "write", ...names: string[]): Scope[] => names.map((name) => `${name}:${verb}`);

/** Whoever has `voicemail-boxes:read` may hear the messages. */
const unheard = plurals.filter((plural) => plural !== "voicemail-boxes");

/** The extension that one has as a member, with its calls and messages (api/me.ts); nothing of anybody else's. */
const ofOneself = ["me:read", "me:write"];

export const roles = {
  /** Everything, what there will be one day included. */
  owner: ["*"],
  /** Everything but accounts: those are made, changed, suspended and deleted by owners. So an admin makes no owner. */
  admin: [
    "*:read",
    ...may("write", "tenants", ...plurals),
    ...may(
      "write",
      "api-keys",
      "members",
      "webhook-endpoints",
      "me",
      "calls",
      "recordings",
      "runtime",
      "pools",
      "edges",
      "sandbox",
    ),
  ],
  /** Who called whom for how long, and what is charged for: no configuration of phones, no audio, no changes. */
  billing: [...may("read", "accounts", "tenants", "calls", "phone-numbers", "rate-tables"), ...ofOneself],
  /** Sees how everything is set up and what became of calls, and may set what people set by phone. No secrets, messages, recordings, keys or members. */
  support: [
    ...may("read", "accounts", "tenants", "edges", "pools", ...unheard),
    ...may("read", "calls", "registrations", "sync", "simulate", "runtime", "changes", "events", "audit"),
    ...may("write", "runtime"),
    ...ofOneself,
  ],
  /** The phone book, and what is his own. */
  user: [...may("read", "contacts", "speed-dials"), ...ofOneself],
} as const satisfies Record<string, readonly Scope[]>;

export type Role = keyof typeof roles;
export const roleNames = Object.keys(roles) as [Role, ...Role[]];
