// Showing again that it is he: what decides how somebody signs in is changed within ten minutes of that alone, so that a browser left open gives nobody an account.
import { rotating, type SignedIn } from "../access/session.ts";
import { Problem } from "../problem.ts";
import type { Operation } from "../store/store.ts";
import { passkeyRefused, signedBy } from "./assertion.ts";
import type { Assertion } from "./passkey.ts";
import type { Ask } from "./route.ts";
import { spending } from "./second-step.ts";
import { proven } from "./sign-in.ts";

const freshMs = 10 * 60_000;

/** Until when he may change such things; null: not now. */
export function provenUntil({ session }: SignedIn, now: Date): string | null {
  const until = session.provenAt === null ? 0 : Date.parse(session.provenAt) + freshMs;
  return until > now.getTime() ? new Date(until).toISOString() : null;
}

/** Throws `proof_needed` where that was longer ago. */
export function needProof({ ctx, signed }: Ask & { signed: SignedIn }): void {
  if (provenUntil(signed, ctx.now()) === null)
    throw new Problem(
      "proof_needed",
      "Show again that it is you, by your password or a code (`POST /v1/identity/proof`), then repeat this.",
    );
}

export type Proof = { password: string } | { code: string } | { passkey: Assertion };

/** The session goes on under another token. Throws `sign_in_refused`, `code_refused`, `passkey_refused`, `rate_limited`. */
export async function prove(ask: Ask & { signed: SignedIn }, proof: Proof): Promise<{ token: string }> {
  const { person } = ask.signed;
  if ("code" in proof) return proving(ask, { strong: true }, await spending(ask, person, proof.code));
  if ("passkey" in proof) {
    const shown = await signedBy(ask, proof.passkey, null);
    if (shown.person.id !== person.id) throw passkeyRefused();
    return proving(ask, { strong: true }, [shown.counting]);
  }
  await proven(ask, person.email, proof.password);
  return proving(ask, {}, []);
}

export async function proving(
  { ctx, signed }: Ask & { signed: SignedIn },
  more: { strong?: true },
  also: Operation[],
): Promise<{ token: string }> {
  const { strong = signed.session.strong } = more;
  const { token, operations } = rotating(signed.session, { strong, provenAt: ctx.now().toISOString() });
  await ctx.store.transact([...also, ...operations]);
  return { token };
}
