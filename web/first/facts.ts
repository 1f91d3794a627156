// How far a company is with its first steps: told by its document, and by what its hosts say.
import { useQuery } from "@tanstack/react-query";
import { kindOf } from "../../core/registry.ts";
import { send } from "../api/client.ts";
import { type Item, useCalls, useItems } from "../api/queries.ts";
import { text } from "../i18n/t.ts";
import type { Factors } from "../identity/security.tsx";
import type { Live } from "../live/follow.ts";
import { currentSession } from "../session/session.ts";

export type Step = { name: string; label: string; about: string; to: string; done: boolean };

type Pages = { data?: { pages: { data: Item[] }[] } | undefined; error: unknown };
const itemsOf = ({ data }: Pages): Item[] | undefined => data?.pages.flatMap((page) => page.data);

/** Undefined while it is being found out. What cannot be read counts as done. */
export function useFirstSteps(tenant: string, live: Live | undefined): Step[] | undefined {
  const at = `/tenants/${tenant}`;
  const extensions = useItems(tenant, kindOf("extension"));
  const numbers = useItems(tenant, kindOf("phone-number"));
  const calls = useCalls(tenant, {});
  const session = currentSession();
  const factors = useQuery({
    queryKey: ["security"],
    queryFn: ({ signal }) => send<Factors>("GET", "/v1/identity/security", { signal }),
    enabled: session?.by === "person",
  });
  const known = (query: Pages, is: (items: Item[]) => boolean): boolean | undefined => {
    const items = itemsOf(query);
    return items ? is(items) : query.error ? true : undefined;
  };
  const called = calls.data ? calls.data.pages.some(({ data }) => data.length > 0) : calls.error ? true : undefined;
  const answered = calls.data?.pages.some(({ data }) => data.some(({ outcome }) => outcome === "answered"));
  const hasPhone = called === undefined ? undefined : called || (live && live.registrations?.length !== 0);
  const found: (Omit<Step, "done"> & { done: boolean | undefined })[] = [
    {
      name: "people",
      label: text("Add the people"),
      about: text("Two are enough to call each other."),
      to: `${at}/start/people`,
      done: known(extensions, (items) => items.length > 1),
    },
    {
      name: "number",
      label: text("Let a phone number lead somewhere"),
      about: text("Callers from outside reach you by it."),
      to: `${at}/start/number`,
      done: known(numbers, (items) => items.some(({ destination }) => destination !== null)),
    },
    {
      name: "phone",
      label: text("Log in the first phone"),
      about: text("This browser is one; desk phones and apps come beside it."),
      to: `${at}/start/phone`,
      done: hasPhone,
    },
    {
      name: "call",
      label: text("Make the first call"),
      about: text("Ring me calls you, also without a number."),
      to: `${at}/start/phone`,
      done: called === undefined ? undefined : answered || calls.error !== null,
    },
    {
      name: "emergency",
      label: text("Say where the phones are"),
      about: text("Emergency services are told the place of who calls them."),
      to: `${at}/extensions`,
      done: known(extensions, (items) => items.length > 0 && items.every((one) => one.emergencyLocation)),
    },
  ];
  if (session?.by === "person")
    found.push({
      name: "second-factor",
      label: text("Protect your account"),
      about: text("A passkey or an app's code, beside the password."),
      to: "/account/security",
      done: factors.data
        ? factors.data.totp !== null || factors.data.passkeys.length > 0
        : factors.error
          ? true
          : undefined,
    });
  return found.every((step): step is Step => step.done !== undefined) ? found : undefined;
}

const place = (tenant: string): string => `dialplane.first.${tenant}`;
/** Whether whoever uses this browser has put the list away. */
export const isHidden = (tenant: string): boolean => localStorage.getItem(place(tenant)) === "hidden";
export const hide = (tenant: string): void => localStorage.setItem(place(tenant), "hidden");

/** The name of who is signed in; undefined with an API key. */
export function ownName(): string | undefined {
  const session = currentSession();
  return session?.by === "person" ? session.person.name : undefined;
}
