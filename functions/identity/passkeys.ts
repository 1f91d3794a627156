// Making, naming and removing passkeys, and signing in by one. The library that checks signatures is loaded late.
import { newId } from "../id.ts";
import { notFound, Problem } from "../problem.ts";
import { ConditionFailed, type Operation } from "../store/store.ts";
import { passkeyRefused, signedBy } from "./assertion.ts";
import { challengeMs, newChallenge, spendChallenge } from "./challenge.ts";
import { factorsOf } from "./factor.ts";
import { type Assertion, changingPasskey, needSite, type Passkey, passkeyKey, type Registration } from "./passkey.ts";
import type { Ask } from "./route.ts";
import { halfOf } from "./second-step.ts";
import { addingFactor, changeSecurity, type Made, type Own, removingFactor } from "./security.ts";
import { type Begun, begin, refuseBesideSso } from "./sign-in.ts";
import { brandAt } from "./sign-up.ts";
import { needProof } from "./step-up.ts";
import { placeOf, rules, take } from "./throttle.ts";

const most = 20;
/** EdDSA, ECDSA with P-256, RSA (COSE's numbers), the one that is wanted most first. */
const algorithms = [-8, -7, -257];
const pointers = (list: Passkey[]) =>
  list.map(({ credential, transports }) => ({ id: credential, type: "public-key" as const, transports }));

/** What a browser is to make a passkey by (WebAuthn, PublicKeyCredentialCreationOptionsJSON). Throws `proof_needed`, `conflict`. */
export async function creationOptions(ask: Own) {
  needProof(ask);
  const { ctx, signed, host } = ask;
  const { person } = signed;
  const { id, origin: _ } = await needSite(ctx, host);
  const { passkeys } = await factorsOf(ctx, person.id);
  if (passkeys.length >= most)
    throw new Problem("conflict", `There can be ${most} passkeys; remove one that you no longer use.`);
  const { brand } = await brandAt(ask);
  return {
    challenge: await newChallenge(ctx, { purpose: "register", person: person.id, site: id }),
    rp: { id, name: brand?.name ?? "Dialplane" },
    // the handle is kept in the open by some authenticators, so it tells nothing
    user: { id: Buffer.from(person.id).toString("base64url"), name: person.email, displayName: person.name },
    pubKeyCredParams: algorithms.map((alg) => ({ type: "public-key" as const, alg })),
    timeout: challengeMs,
    excludeCredentials: pointers(passkeys.filter(({ site }) => site === id)),
    authenticatorSelection: {
      ...{ residentKey: "required" as const, requireResidentKey: true, userVerification: "required" as const },
    },
    attestation: "none" as const,
  };
}

/** Throws `proof_needed`, `passkey_refused`, `conflict`. */
export async function addPasskey(ask: Own, name: string, sent: Registration): Promise<Made & { passkey: Passkey }> {
  needProof(ask);
  const { ctx, signed, host } = ask;
  const { person } = signed;
  const { id: site, origin } = await needSite(ctx, host);
  const about = { purpose: "register" as const, person: person.id, site };
  const expectedChallenge = await spendChallenge(ctx, sent.response.clientDataJSON, about);
  if (expectedChallenge === undefined) throw passkeyRefused();
  const { verifyRegistrationResponse } = await import("@simplewebauthn/server");
  const checked = await verifyRegistrationResponse({
    // the library checks what the schema leaves open
    response: sent as Parameters<typeof verifyRegistrationResponse>[0]["response"],
    ...{ expectedChallenge, expectedOrigin: origin, expectedRPID: site },
    supportedAlgorithmIDs: algorithms,
  }).catch(() => ({ verified: false as const }));
  if (!checked.verified) throw passkeyRefused();
  const { credential } = checked.registrationInfo;
  const passkey: Passkey = {
    ...{ id: newId("psk"), credential: credential.id, publicKey: credential.publicKey, counter: credential.counter },
    ...{ transports: sent.response.transports ?? [], site, name, createdAt: ctx.now().toISOString(), usedAt: null },
    version: 1,
  };
  const put: Operation = { put: { ...passkeyKey(person.id, credential.id), ...passkey }, if: { absent: true } };
  const made = await addingFactor(ask, {
    ...{ via: ["post", "/v1/identity/passkeys"], notice: ["passkey-added", name], operations: [put] },
  });
  return { ...made, passkey };
}

async function passkeyOf({ ctx, signed, params }: Own): Promise<Passkey> {
  const { passkeys } = await factorsOf(ctx, signed.person.id);
  const found = passkeys.find(({ id }) => id === params.id);
  if (!found) throw notFound("passkey", (params.id ?? "").slice(0, 64));
  return found;
}

const one = "/v1/identity/passkeys/{id}";

/** Throws `not_found`. */
export async function renamePasskey(ask: Own, name: string): Promise<{ passkey: Passkey; token: string }> {
  const before = await passkeyOf(ask);
  const passkey = { ...before, name };
  const operations = [changingPasskey(ask.signed.person.id, before, passkey)];
  return { passkey, token: await changeSecurity(ask, { via: ["patch", one], had: true, has: true, operations }) };
}

/** Throws `proof_needed`, `not_found`. */
export async function removePasskey(ask: Own): Promise<string> {
  needProof(ask);
  const { id, name, credential, version } = await passkeyOf(ask);
  const gone: Operation = { delete: passkeyKey(ask.signed.person.id, credential), if: { equals: { version } } };
  return removingFactor(
    ask,
    { via: ["delete", one], notice: ["passkey-removed", name], operations: [gone] },
    (before) => ({ ...before, passkeys: before.passkeys.filter((other) => other.id !== id) }),
  );
}

/** What a browser is to sign by (PublicKeyCredentialRequestOptionsJSON): with any passkey that it has for here, or with one of whose half sign-in it is. */
export async function requestOptions(ask: Ask, half: string | undefined) {
  const { ctx, from, host } = ask;
  await take(ctx, rules.passkeyFrom, placeOf(from.address));
  const { id: site } = await needSite(ctx, host);
  const person = half === undefined ? null : (await halfOf(ctx, half)).person.id;
  const own = person === null ? [] : (await factorsOf(ctx, person)).passkeys.filter((key) => key.site === site);
  return {
    challenge: await newChallenge(ctx, { purpose: "sign-in", person, site }),
    ...{ rpId: site, timeout: challengeMs, userVerification: "required" as const, allowCredentials: pointers(own) },
  };
}

/** Signs in by a passkey alone, or finishes a sign-in by `half` of it. Throws `passkey_refused`, `sso_required`, `unauthenticated`, `rate_limited`. */
export async function signInByPasskey(ask: Ask, sent: Assertion, token: string | undefined): Promise<Begun> {
  await take(ask.ctx, rules.passkeyFrom, placeOf(ask.from.address));
  const half = token === undefined ? undefined : await halfOf(ask.ctx, token);
  const { person, counting } = await signedBy(ask, sent, half?.person.id ?? null);
  await refuseBesideSso(ask.ctx, person.email);
  try {
    return await begin(ask, person, { strong: true, wanted: half?.wanted }, [counting, ...(half ? [half.ended] : [])]);
  } catch (error) {
    if (error instanceof ConditionFailed) throw passkeyRefused();
    throw error;
  }
}
