// Which phones are registered at this Kamailio: from its events, and from what it wrote down where events may have been missed.
import { idOf, isTenant, tenantOwner } from "../../../../core/owner.ts";
import type { Registration } from "../../../../core/wire-events.ts";
import { clean, uri } from "../../../clean.ts";
import type { Documents } from "../../../documents.ts";
import { normalAddress } from "../../../names.ts";
import { canWait } from "../../../renewal.ts";
import type { Located } from "../location.ts";
import type { Heard } from "./connection.ts";

/** `renews`: nothing but its end changed, and what was told of it before is true for some time still. */
type Tell = (registration: Registration, at: number, renews?: boolean) => Promise<void>;

/** A phone that Kamailio took in as its device went, or was disabled: none of it is told as registered. */
export type Stray = { username: string; domain: string };

export interface Registrations {
  /** `at` of what it tells is the event's. Resolves when all that it says is on disk, with who must not be registered. */
  onEvent(event: Extract<Heard, { type: "registration" | "expired" }>): Promise<Stray | undefined>;
  /** Takes what is written down for known, without a word: somebody before told of it. */
  load(all: readonly Located[]): void;
  /** Tells how what is written down differs from what was known. */
  reread(all: readonly Located[], at: number): Promise<void>;
  /** A phone's registrations were taken from Kamailio. */
  ended(tenant: string, username: string, at: number): Promise<void>;
  has(tenant: string, username: string): boolean;
}

export function createRegistrations(
  documents: Pick<Documents, "config" | "device" | "tenantByDomain">,
  tell: Tell,
): Registrations {
  /** By tenant and user name, then by contact. */
  const users = new Map<string, Map<string, Registration>>();
  const keyOf = (tenant: string, username: string): string => `${tenant} ${username}`;
  const extensionOf = (tenant: string, username: string): string | null =>
    documents.device(tenantOwner(tenant), username)?.extension.id ?? null;

  function keep(registration: Registration): void {
    const key = keyOf(registration.tenant, registration.username);
    const known = users.get(key) ?? new Map<string, Registration>();
    users.set(key, known.set(registration.contact, registration));
  }

  /** Without a contact all of the user's. */
  async function end(tenant: string, username: string, contact: string | null, at: number): Promise<undefined> {
    const known = users.get(keyOf(tenant, username));
    const blank = { tenant, username, extension: extensionOf(tenant, username), source: null, userAgent: null };
    const gone = contact === null ? [...(known?.keys() ?? [])] : [contact];
    const told = gone.map((one) => {
      const registration = known?.get(one) ?? { ...blank, contact: one };
      known?.delete(one);
      return tell({ ...registration, expiresAt: null }, at);
    });
    if (known?.size === 0) users.delete(keyOf(tenant, username));
    await Promise.all(told);
  }

  /** Undefined for what belongs to no tenant here. */
  function registrationOf(row: Located): Registration | undefined {
    const owner = documents.tenantByDomain(row.domain);
    const contact = uri(row.contact);
    const username = clean(row.username, 64);
    if (!owner || !isTenant(owner) || contact === null || username === null) return undefined;
    const tenant = idOf(owner);
    return {
      ...{ tenant, extension: extensionOf(tenant, username), username, contact },
      ...{ source: sourceOf(row.received ?? undefined), userAgent: clean(row.userAgent, 128) },
      expiresAt: new Date(row.expires * 1000).toISOString(),
    };
  }

  return {
    async onEvent(event) {
      const { at } = event;
      if (event.type === "expired") {
        const [, username = "", domain = ""] = /^([^@]*)@(.*)$/.exec(event.aor) ?? [];
        const owner = documents.tenantByDomain(domain);
        const contact = uri(event.contact);
        // Kamailio says so of those too that signed off, some seconds later
        if (!owner || contact === null || !users.get(keyOf(idOf(owner), username))?.has(contact)) return undefined;
        return end(idOf(owner), username, contact, at);
      }
      const { tenant, expires } = event;
      const username = clean(event.username, 64);
      const contact = uri(event.contact);
      if (username === null || contact === null) return undefined;
      if (expires <= 0) return end(tenant, username, contact === "*" ? null : contact, at);
      const owner = tenantOwner(tenant);
      const extension = documents.device(owner, username)?.extension;
      const domain = documents.config(owner)?.settings.domain;
      // of a tenant that is not known here, as when a state was lost, nothing can be said
      if (domain !== undefined && extension?.body.enabled !== true) {
        await end(tenant, username, null, at);
        return { username, domain };
      }
      const registration = {
        ...{ tenant, extension: extension?.id ?? null, username, contact },
        ...{ source: sourceOf(event.source), userAgent: clean(event.userAgent, 128) },
        expiresAt: new Date((at + expires) * 1000).toISOString(),
      };
      const others = [...(users.get(keyOf(tenant, username))?.keys() ?? [])].filter((one) => one !== contact);
      const before = users.get(keyOf(tenant, username))?.get(contact);
      const renews = before !== undefined && renewed(before, registration, at);
      const ended = event.only ? others.map((other) => end(tenant, username, other, at)) : [];
      keep(registration);
      await Promise.all([...ended, tell(registration, at, renews)]);
      return undefined;
    },
    load(all) {
      for (const row of all) {
        const registration = registrationOf(row);
        if (registration) keep(registration);
      }
    },
    async reread(all, at) {
      const before = [...users.values()].flatMap((known) => [...known.values()]);
      const now = all.flatMap((row) => registrationOf(row) ?? []);
      const still = new Set(now.map(({ tenant, username, contact }) => `${keyOf(tenant, username)} ${contact}`));
      const gone = before.filter(
        ({ tenant, username, contact }) => !still.has(`${keyOf(tenant, username)} ${contact}`),
      );
      const fresh = now.filter(
        (one) => users.get(keyOf(one.tenant, one.username))?.get(one.contact)?.expiresAt !== one.expiresAt,
      );
      for (const one of fresh) keep(one);
      await Promise.all([
        ...gone.map(({ tenant, username, contact }) => end(tenant, username, contact, at)),
        ...fresh.map((one) => tell(one, at)),
      ]);
    },
    ended: (tenant, username, at) => end(tenant, username, null, at),
    has: (tenant, username) => users.has(keyOf(tenant, username)),
  };
}

const renewed = (before: Registration, is: Registration, at: number): boolean =>
  before.expiresAt !== null &&
  canWait(before.expiresAt, new Date(at * 1000).toISOString()) &&
  JSON.stringify({ ...before, expiresAt: is.expiresAt }) === JSON.stringify(is);

/** `udp:192.0.2.1:5060` and `sip:192.0.2.1:5060;transport=tcp` alike: address and port; IPv6 as everybody else writes it. */
function sourceOf(source: string | undefined): string | null {
  const place = source?.replace(/^[a-z]+:/i, "").replace(/;.*$/, "");
  return clean(
    place?.replace(/^\[(.*)\]/, (_, address: string) => `[${normalAddress(address)}]`),
    64,
  );
}
