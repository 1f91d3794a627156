// Whose passkey signed. The library that checks signatures is loaded late.
import { findPerson, type Person } from "../access/person.ts";
import { unauthenticated } from "../problem.ts";
import type { Operation } from "../store/store.ts";
import { spendChallenge } from "./challenge.ts";
import { type Assertion, changingPasskey, passkeyKey, readPasskey, siteAt } from "./passkey.ts";
import type { Ask } from "./route.ts";

export const passkeyRefused = () =>
  unauthenticated(
    "This passkey is not good here, or it took too long; try again, or sign in another way.",
    "passkey_refused",
  );

/**
 * Whose passkey signed, and what counts that; `known`: whose it has to be, with whom the challenge began. Throws `passkey_refused`, the same for a passkey
 * that nobody has and a wrong signature.
 */
export async function signedBy(
  { ctx, host }: Ask,
  sent: Assertion,
  known: string | null,
): Promise<{ person: Person; counting: Operation }> {
  const site = await siteAt(ctx, host);
  const about = { purpose: "sign-in" as const, person: known, site: site?.id ?? "" };
  const expectedChallenge = await spendChallenge(ctx, sent.response.clientDataJSON, about);
  const handle = Buffer.from(sent.response.userHandle ?? "", "base64url").toString();
  const person = await findPerson(ctx.store, known ?? handle);
  const item = person && (await ctx.store.get(passkeyKey(person.id, sent.id)));
  if (!site || expectedChallenge === undefined || !item) throw passkeyRefused();
  const before = readPasskey(item);
  if (before.site !== site.id) throw passkeyRefused();
  const { verifyAuthenticationResponse } = await import("@simplewebauthn/server");
  const checked = await verifyAuthenticationResponse({
    response: sent as Parameters<typeof verifyAuthenticationResponse>[0]["response"],
    ...{ expectedChallenge, expectedOrigin: site.origin, expectedRPID: site.id },
    credential: { id: before.credential, publicKey: before.publicKey, counter: before.counter },
  }).catch(() => undefined);
  if (!checked?.verified) throw passkeyRefused();
  const after = { ...before, counter: checked.authenticationInfo.newCounter, usedAt: ctx.now().toISOString() };
  return { person, counting: changingPasskey(person.id, before, after) };
}
