// People: who signs in. A person has one address in the whole installation and may be a member of several accounts and tenants.
import * as z from "zod/mini";
import { lazy } from "../../core/lazy.ts";
import { isId } from "../id.ts";
import * as keys from "../keys.ts";
import type { Item, Operation, Store } from "../store/store.ts";

export const languages = ["en", "fr"] as const;
export type Language = (typeof languages)[number];

const stored = lazy(() =>
  z.object({
    id: z.string(),
    email: z.string(),
    name: z.string(),
    language: z.enum(languages),
    /** As identity/password.ts makes it; null: he has none. */
    password: z.nullable(z.string()),
    /** Sessions of another epoch are over: it moves when all of them are to end. */
    epoch: z.int(),
    version: z.int(),
    createdAt: z.string(),
    updatedAt: z.string(),
  }),
);
export type Person = z.output<ReturnType<typeof stored>>;

export const readPerson = (item: Item): Person => stored().parse(item);

export async function findPerson(store: Store, id: string): Promise<Person | undefined> {
  const item = isId("usr", id) ? await store.get(keys.person(id)) : undefined;
  return item && readPerson(item);
}

/** Two reads, whether or not there is one: how long it takes tells nothing. */
export async function personByEmail(store: Store, email: string): Promise<Person | undefined> {
  const claim = await store.get(keys.global(null, "email", email));
  const item = await store.get(keys.person(claim ? String(claim.person) : "none"));
  return item && readPerson(item);
}

/** A new person's puts. The transaction fails where the address is somebody's. */
export const creating = (person: Person): Operation[] => [
  { put: { ...keys.person(person.id), ...person }, if: { absent: true } },
  { put: { ...keys.global(null, "email", person.email), person: person.id }, if: { absent: true } },
];

/** Puts `after` on condition that nobody changed him since `before` was read. */
export const changing = (before: Person, after: Omit<Person, "version">): Operation => ({
  put: { ...keys.person(before.id), ...after, version: before.version + 1 },
  if: { equals: { version: before.version } },
});
