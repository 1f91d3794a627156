// Passkeys (WebAuthn): which site they are for, how they are kept, and what a browser sends of them. One is good at the host where it was made alone.
import { hash } from "node:crypto";
import { isIP } from "node:net";
import { z } from "zod";
import type { Context } from "../context.ts";
import { globalHolder } from "../document/globals.ts";
import * as keys from "../keys.ts";
import { Problem } from "../problem.ts";
import type { Item, Operation } from "../store/store.ts";

const bytes = z.custom<Uint8Array<ArrayBuffer>>((value) => value instanceof Uint8Array);
const stored = z.object({
  id: z.string(),
  /** As the authenticator calls it, in base64url. */
  credential: z.string(),
  publicKey: bytes,
  /** How often it was used, as far as its authenticator counts: one that falls back is a copy. */
  counter: z.int(),
  transports: z.array(z.string()),
  /** The host that it is for. */
  site: z.string(),
  name: z.string(),
  createdAt: z.string(),
  usedAt: z.string().nullable(),
  version: z.int(),
});
export type Passkey = z.output<typeof stored>;

export const readPasskey = (item: Item): Passkey => stored.parse(item);

/** Where it stands with its person. */
export const passkeyKey = (person: string, credential: string) =>
  keys.factor(person, `${passkeys}${hash("sha256", credential)}`);
export const passkeys = "passkey#";

/** Puts `after` in the place of `before`, on condition that nobody changed it since. */
export const changingPasskey = (person: string, before: Passkey, after: Passkey): Operation => ({
  put: { ...passkeyKey(person, before.credential), ...after, version: before.version + 1 },
  if: { equals: { version: before.version } },
});

export type Site = { id: string; origin: string };

/** The site that the console is at this host: its own address, or an account's domain. Undefined at a bare IP address, which has no passkeys. */
export async function siteAt({ store, consoleUrl }: Context, host: string | undefined): Promise<Site | undefined> {
  const own = new URL(consoleUrl);
  const [name = "", port = ""] = host?.toLowerCase().split(":") ?? [];
  // on one's own machine the console is at 127.0.0.1, where `localhost` leads too
  if (name === "localhost" && port === own.port && ["127.0.0.1", "[::1]", "localhost"].includes(own.hostname))
    return { id: name, origin: `${own.protocol}//${own.host.replace(own.hostname, name)}` };
  const known = /^[a-z0-9.-]{1,253}$/.test(name) && name !== own.hostname;
  if (known && (await globalHolder(store, null, "consoleDomain", name))) return { id: name, origin: `https://${name}` };
  return isIP(own.hostname) === 0 && !own.hostname.startsWith("[")
    ? { id: own.hostname, origin: own.origin }
    : undefined;
}

/** The same. Throws `conflict` where there is none. */
export async function needSite(ctx: Context, host: string | undefined): Promise<Site> {
  const site = await siteAt(ctx, host);
  if (!site)
    throw new Problem("conflict", "Passkeys need a host name; open the console by one, as in http://localhost:3000.");
  return site;
}

const text = z.string().min(1).max(8000);
/** A credential as browsers write it in JSON (WebAuthn, PublicKeyCredential.toJSON). */
const credential = {
  id: z.string().regex(/^[\w-]{1,1400}$/),
  rawId: z.string().regex(/^[\w-]{1,1400}$/),
  type: z.literal("public-key"),
  authenticatorAttachment: z.string().max(32).nullish(),
  clientExtensionResults: z.looseObject({}),
};
export const registration = z.object({
  ...credential,
  response: z.object({
    clientDataJSON: text,
    attestationObject: z.string().min(1).max(100_000),
    transports: z.array(z.string().max(32)).max(10).optional(),
  }),
});
export const assertion = z.object({
  ...credential,
  response: z.object({
    clientDataJSON: text,
    authenticatorData: text,
    signature: text,
    userHandle: z.string().max(100).nullish(),
  }),
});
export type Registration = z.output<typeof registration>;
export type Assertion = z.output<typeof assertion>;
