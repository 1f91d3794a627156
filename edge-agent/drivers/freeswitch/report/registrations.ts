// Which phones are registered: from sofia's events, and read anew from FreeSWITCH whenever events may have been missed.
import { phoneNamed } from "../../../../core/browser-phone.ts";
import { isTenant, tenantOwner } from "../../../../core/owner.ts";
import type { Registration } from "../../../../core/wire-events.ts";
import { clean, uri } from "../../../clean.ts";
import type { Documents } from "../../../documents.ts";
import { canWait } from "../../../renewal.ts";
import type { Esl, EslEvent } from "../esl/esl.ts";
import { variables } from "../variables.ts";
import { timeOf } from "./live.ts";
import { rowsOf } from "./status.ts";

export type Registrations = {
  onEvent(event: EslEvent): void;
  /** Reads what is registered now and reports the difference from what was known. */
  reread(esl: Pick<Esl, "api">): Promise<void>;
  /** Whether a tenant's SIP user is registered; true while nobody knows. */
  has(tenant: string, username: string): boolean;
  /** Forgets what has run out; the cloud sees that by itself. */
  sweep(): void;
};

type Entry = { registration: Registration & { expiresAt: string }; callId: string };

/** FreeSWITCH keeps a registration so long past its time (sip-expires-late-margin), and says so in its lists. */
const marginSeconds = 60;
const sameMs = 5000;
const longestSeconds = 86_400 * 7;

export function createRegistrations(
  documents: Pick<Documents, "device" | "tenantByDomain">,
  /** `renews`: nothing but its end changed, and what was told of it before is true for some time still. */
  report: (registration: Registration, at: string, renews: boolean) => void,
  /** A user came or went; not while all are read anew. */
  moved: (tenant: string, username: string) => void = () => undefined,
): Registrations {
  let read = false;
  /** By tenant and user name, then by contact. */
  const users = new Map<string, Map<string, Entry>>();
  const keyOf = (tenant: string, username: string): string => `${tenant} ${username}`;

  function registered(entry: Entry, at: string): void {
    const { tenant, username, contact, expiresAt } = entry.registration;
    const key = keyOf(tenant, username);
    const known = users.get(key) ?? new Map<string, Entry>();
    // our profile has no multiple registrations: FreeSWITCH drops a user's other contacts without a word
    for (const [other, { registration }] of known)
      if (other !== contact) report({ ...registration, expiresAt: null }, at, false);
    const before = known.get(contact)?.registration;
    users.set(key, new Map([[contact, entry]]));
    if (known.size === 0) came(tenant, username);
    const renews = before !== undefined && same({ ...before, expiresAt }, entry.registration);
    if (renews && near(before.expiresAt, expiresAt)) return;
    report(entry.registration, at, renews && canWait(before.expiresAt, at));
  }

  /** `whole`: all that the user has. */
  function ended(
    tenant: string,
    username: string,
    contact: string | null,
    callId: string,
    at: string,
    whole = false,
  ): void {
    const key = keyOf(tenant, username);
    const known = users.get(key) ?? new Map<string, Entry>();
    const all = contact === "*";
    const hit = [...known].filter(
      ([other, entry]) => all || whole || (contact === null ? entry.callId === callId : other === contact),
    );
    for (const [other, { registration }] of hit) {
      known.delete(other);
      report({ ...registration, expiresAt: null }, at, false);
    }
    if (known.size === 0 && users.delete(key)) came(tenant, username);
    // from before this agent started
    if (hit.length === 0 && contact !== null && !all)
      report(
        {
          tenant,
          username,
          contact,
          extension: extensionOf(tenant, username),
          source: null,
          userAgent: null,
          expiresAt: null,
        },
        at,
        false,
      );
  }

  function came(tenant: string, username: string): void {
    if (read) moved(tenant, username);
  }

  const extensionOf = (tenant: string, username: string): string | null =>
    documents.device(tenantOwner(tenant), username)?.extension.id ?? null;

  function tenantOf(own: string | undefined, domain: string | undefined): string | undefined {
    if (own !== undefined) return /^ten_[0-9A-HJKMNP-TV-Z]{26}$/.test(own) ? own : undefined;
    const owner = domain === undefined ? undefined : documents.tenantByDomain(domain);
    return owner && isTenant(owner) ? owner.slice(2) : undefined;
  }

  function entryOf(fields: Fields, expiresMs: number): Entry | undefined {
    const { tenant, username, contact } = fields;
    if (tenant === undefined || username === null || contact === null || contact === "*") return undefined;
    const extension = extensionOf(tenant, username);
    const expiresAt = new Date(expiresMs).toISOString();
    const { source, userAgent, callId } = fields;
    return { registration: { tenant, extension, username, contact, source, userAgent, expiresAt }, callId };
  }

  function onEvent(event: EslEvent): void {
    const { headers, subclass } = event;
    // expire names its fields unlike the others, and its `expires` is a date where theirs is a duration
    const domain = headers.realm ?? headers.host ?? headers["from-host"];
    const fields: Fields = {
      tenant: tenantOf(headers[variables.tenant], domain),
      // `username` is what it authenticated as
      username: clean(phoneNamed(headers.username ?? headers.user ?? headers["from-user"] ?? ""), 64),
      contact: uri(headers.contact),
      source: sourceOf(headers["network-ip"], headers["network-port"]),
      userAgent: clean(headers["user-agent"], 128),
      callId: headers["call-id"] ?? "",
    };
    const at = timeOf(event);
    if (subclass === "sofia::register") {
      const seconds = Number(headers.expires);
      if (!(seconds > 0 && seconds <= longestSeconds)) return;
      const entry = entryOf(fields, Date.parse(at) + seconds * 1000);
      if (entry) registered(entry, at);
    } else if (fields.tenant !== undefined && fields.username !== null)
      // a phone signs off with its own idea of its contact; without multiple registrations all of its user go (sofia_reg.c)
      ended(
        fields.tenant,
        fields.username,
        fields.contact,
        fields.callId,
        at,
        subclass === "sofia::unregister" && fields.contact !== null,
      );
  }

  async function reread(esl: Pick<Esl, "api">): Promise<void> {
    read = false;
    const before = new Map([...users].map(([key, known]) => [key, new Map(known)]));
    const rows = rowsOf(await esl.api("sofia xmlstatus profile phones reg"), "registration");
    if (!rows) throw new Error("FreeSWITCH does not list the registrations of the profile phones");
    const at = new Date().toISOString();
    for (const row of rows) {
      const entry = entryOfRow(row);
      if (!entry) continue;
      registered(entry, at);
      before.get(keyOf(entry.registration.tenant, entry.registration.username))?.delete(entry.registration.contact);
    }
    for (const known of before.values())
      for (const { registration, callId } of known.values()) {
        const { tenant, username, contact } = registration;
        const still = users.get(keyOf(tenant, username))?.get(contact);
        if (still?.registration === registration) ended(tenant, username, contact, callId, at);
      }
    read = true;
  }

  function entryOfRow(row: Map<string, string>): Entry | undefined {
    const [, username, domain] = /^([^@]*)@(.*)$/.exec(row.get("user") ?? "") ?? [];
    const seconds = Number(/expsecs\((-?\d{1,9})\)$/.exec(row.get("status") ?? "")?.[1] ?? 0) - marginSeconds;
    if (seconds <= 0 || seconds > longestSeconds) return undefined;
    const fields: Fields = {
      tenant: tenantOf(undefined, domain),
      username: clean(username, 64),
      contact: uri(row.get("contact")),
      source: sourceOf(row.get("network-ip"), row.get("network-port")),
      userAgent: clean(row.get("agent"), 128),
      callId: row.get("call-id") ?? "",
    };
    return entryOf(fields, Date.now() + seconds * 1000);
  }

  return {
    onEvent,
    reread,
    has: (tenant, username) => !read || users.has(keyOf(tenant, username)),
    sweep() {
      const now = Date.now();
      for (const [key, known] of users) {
        for (const [contact, { registration }] of known)
          if (Date.parse(registration.expiresAt) + 2 * marginSeconds * 1000 < now) {
            known.delete(contact);
            if (known.size === 0 && users.delete(key)) came(registration.tenant, registration.username);
          }
      }
    },
  };
}

type Fields = {
  tenant: string | undefined;
  username: string | null;
  contact: string | null;
  source: string | null;
  userAgent: string | null;
  callId: string;
};

const same = (a: Registration, b: Registration): boolean => JSON.stringify(a) === JSON.stringify(b);
const near = (a: string, b: string): boolean => Math.abs(Date.parse(a) - Date.parse(b)) < sameMs;

function sourceOf(address: string | undefined, port: string | undefined): string | null {
  const host = clean(address, 64);
  return host && port && /^\d{1,5}$/.test(port) ? `${host.includes(":") ? `[${host}]` : host}:${port}` : host;
}
