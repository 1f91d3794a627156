// Who is signed in: a person, by the cookie that the browser keeps; or whoever has an API key, for this tab alone.
import { useSyncExternalStore } from "react";

export type Membership = {
  id: string;
  name: string;
  role: string;
  /** The name of the account or tenant. */
  place: string;
  accountId: string | null;
  tenantId: string | null;
};
/** Where one begins as that member: a user has his own phone and nothing else of the tenant. */
export const homeOf = (member: Membership | null): string =>
  member?.tenantId && member.role !== "user" ? `/tenants/${member.tenantId}` : "/";
export type Person = { id: string; email: string; name: string; language: "en" | "fr" };
/** As the API tells it: as whom he acts, and may act. */
export type PersonSession = {
  person: Person;
  member: Membership | null;
  members: Membership[];
  /** In which company below his account he acts for the time being, as whom, and until when. */
  impersonation: { tenantId: string; place: string; role: string; until: string } | null;
  /** What is to be set up before anything else. */
  needs: "second-factor" | null;
};
export type Session = { by: "api-key" } | ({ by: "person" } & PersonSession);

// sessionStorage and not localStorage: a key is a password to the whole account, so it should be gone with the tab and unknown to other tabs.
// Not memory alone: a reload would sign out. Scripts from elsewhere can't read it, as the page's Content-Security-Policy admits none.
const place = "dialplane.key";

const listeners = new Set<() => void>();
let farewell: { why: string | undefined; by: Session["by"] } | undefined;
/** Undefined: not asked for yet. */
let person: PersonSession | null | undefined;
let current = found();

function found(): Session | null | undefined {
  if (apiKey() !== null) return { by: "api-key" };
  return person ? { by: "person", ...person } : person;
}

/** Tells one who acts from another. */
export const whose = (session: Session | null | undefined): string | undefined =>
  session?.by === "person"
    ? [session.member?.id ?? session.person.id, session.impersonation?.tenantId, session.impersonation?.role].join(" ")
    : session?.by;

let forget = (): void => {};
/** What is done before anything is drawn for somebody else: what one saw is not for the next. */
export const onAnother = (listener: () => void): void => {
  forget = listener;
};

function changed(): void {
  const before = whose(current);
  current = found();
  if (whose(current) !== before) forget();
  for (const listener of listeners) listener();
}

export function apiKey(): string | null {
  return typeof sessionStorage === "undefined" ? null : sessionStorage.getItem(place);
}

export function begin(key: string): void {
  farewell = undefined;
  sessionStorage.setItem(place, key);
  changed();
}

/** What the control plane says of the cookie; null: nobody is signed in. */
export function setPerson(session: PersonSession | null): void {
  if (session) farewell = undefined;
  person = session;
  changed();
}

/** The control plane says that nothing goes on without a second factor. */
export function needSecondFactor(): void {
  if (person && person.needs === null) setPerson({ ...person, needs: "second-factor" });
}

/** The session is over; `why` is shown on the sign-in page. */
export function end(why?: string): void {
  farewell = { why, by: current?.by ?? "person" };
  sessionStorage.removeItem(place);
  person = null;
  changed();
}

/** How the last session ended in this tab: the sentence, and what it was. */
export const lastSession = () => farewell;

export const currentSession = (): Session | null | undefined => current;

/** Null: nobody is signed in; undefined: that is being found out. */
export const useSession = (): Session | null | undefined =>
  useSyncExternalStore((listener) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  }, currentSession);
