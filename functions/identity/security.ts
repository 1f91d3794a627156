// Changes of somebody's second factors. The first that comes and the last that goes end all other sessions: each was begun under another rule.
import { changing } from "../access/person.ts";
import { rotating, type SignedIn, sweepSessions } from "../access/session.ts";
import { operatorOf } from "../accounts/operator.ts";
import { auditOperation } from "../audit/record.ts";
import { type Head, readHead } from "../document/head.ts";
import * as keys from "../keys.ts";
import { Problem } from "../problem.ts";
import { ConditionFailed, type Operation } from "../store/store.ts";
import { confirming, newAuthenticator } from "./authenticator.ts";
import { type Factors, factorsOf, hasSecond } from "./factor.ts";
import { uriOf } from "./one-time-code.ts";
import { makingCodes } from "./recovery-code.ts";
import { type Ask, actorOf } from "./route.ts";
import { codeRefused } from "./second-step.ts";
import { type Notice, noticing } from "./security-notice.ts";
import { brandAt } from "./sign-up.ts";
import { needProof } from "./step-up.ts";
import { placeOf, rules, take } from "./throttle.ts";

export type Own = Ask & { signed: SignedIn };
type Change = {
  /** The route by which: its method and path. */
  via: [method: "post" | "patch" | "delete", path: string];
  notice?: [what: Notice, more?: string];
  /** Whether he has a second factor before and after. */
  had: boolean;
  has: boolean;
  operations: Operation[];
};

/** All or nothing: the change, its audit record where he acts, mail to him, his session under another token. Throws `busy` where another change came between. */
export async function changeSecurity(ask: Own, { via, notice, had, has, operations }: Change): Promise<string> {
  const { ctx, signed } = ask;
  const { person, session } = signed;
  const epoch = person.epoch + (had === has ? 0 : 1);
  const after = { ...person, epoch, updatedAt: ctx.now().toISOString() };
  // whoever sets up a factor has shown it
  const strong = had === has ? session.strong : has || session.sso !== null;
  const { token, operations: rotation } = rotating(session, { epoch, strong });
  const mail = notice ? [await noticing(ask, person, ...notice)] : [];
  try {
    await ctx.store.transact([
      ...[changing(person, after), ...operations, ...rotation, ...mail],
      auditOperation(actorOf(ask, person), await doneBy(ask), {
        ...{ method: via[0], route: via[1], path: via[1], status: 200 },
      }),
    ]);
  } catch (error) {
    if (!(error instanceof ConditionFailed)) throw error;
    throw new Problem("busy", "Something else changed how you sign in at the same time; look, and try again.");
  }
  if (had !== has) ctx.after(sweepSessions(ctx, { ...after, version: person.version + 1 }));
  return token;
}

/** As he acts now: in the account or tenant that he is signed in to, else the operator's account. */
async function doneBy({ ctx, signed }: Own) {
  const owner = signed.session.member?.owner ?? (await operatorOf(ctx));
  const head: Pick<Head, "owner" | "path"> = (await readHead(ctx.store, owner)) ?? { owner, path: [] };
  return { head, target: { kind: "person", id: signed.person.id } };
}

/** Of a new authenticator app: what it is to be told, as text and as the content of a QR code. Throws `proof_needed`. */
export async function beginTotp(ask: Own): Promise<{ uri: string }> {
  needProof(ask);
  const { ctx, signed } = ask;
  const { brand } = await brandAt(ask);
  const secret = await newAuthenticator(ctx, signed.person.id);
  return { uri: uriOf(secret, brand?.name ?? "Dialplane", signed.person.email) };
}

/** Recovery codes where something new came, and the session's token. */
export type Made = { codes: string[] | null; token: string };

/** The app is his second factor from now on, in the place of one that was. Throws `code_refused`, `proof_needed`, `rate_limited`. */
export async function confirmTotp(ask: Own, code: string): Promise<Made> {
  needProof(ask);
  const { ctx, signed } = ask;
  const { id } = signed.person;
  await take(ctx, rules.codeNear, `${placeOf(ask.from.address)} ${id}`);
  const confirmed = await confirming(ctx, id, code.replaceAll(/\s/g, ""));
  if (!confirmed) throw codeRefused();
  return addingFactor(ask, {
    ...{ via: ["post", "/v1/identity/totp/confirm"], notice: ["totp-on"], operations: confirmed },
  });
}

/** With the first factor come recovery codes. */
export async function addingFactor(ask: Own, change: Omit<Change, "had" | "has">): Promise<Made> {
  const { ctx, signed } = ask;
  const factors = await factorsOf(ctx, signed.person.id);
  const had = hasSecond(factors);
  const made = had ? undefined : makingCodes(signed.person.id, factors.codes, ctx.now());
  const operations = [...change.operations, ...(made ? [made.operation] : [])];
  const token = await changeSecurity(ask, { ...change, had, has: true, operations });
  return { codes: made?.codes ?? null, token };
}

/** `left`: what he has then. Codes are worth nothing without a factor that they stand in for. */
export async function removingFactor(
  ask: Own,
  change: Omit<Change, "had" | "has">,
  left: (before: Factors) => Factors,
): Promise<string> {
  const { ctx, signed } = ask;
  const before = await factorsOf(ctx, signed.person.id);
  const has = hasSecond(left(before));
  const codes: Operation[] = has || !before.codes ? [] : [{ delete: keys.factor(signed.person.id, "codes") }];
  return changeSecurity(ask, { ...change, had: true, has, operations: [...change.operations, ...codes] });
}

/** The app is a factor no more. Throws `proof_needed`, `conflict`. */
export async function endTotp(ask: Own): Promise<string> {
  needProof(ask);
  const { totp } = await factorsOf(ask.ctx, ask.signed.person.id);
  if (!totp) throw new Problem("conflict", "There is no authenticator app to turn off.");
  const gone: Operation = { delete: keys.factor(ask.signed.person.id, "totp"), if: { equals: { name: totp.name } } };
  return removingFactor(
    ask,
    { via: ["delete", "/v1/identity/totp"], notice: ["totp-off"], operations: [gone] },
    (before) => ({ ...before, totp: undefined }),
  );
}

/** Ten new recovery codes in the place of those that were. Throws `proof_needed`, `conflict` without a factor that they could stand in for. */
export async function newCodes(ask: Own): Promise<{ codes: string[]; token: string }> {
  needProof(ask);
  const { id } = ask.signed.person;
  const factors = await factorsOf(ask.ctx, id);
  if (!hasSecond(factors))
    throw new Problem("conflict", "Recovery codes stand in for a second factor; set one up first.");
  const { codes, operation } = makingCodes(id, factors.codes, ask.ctx.now());
  const token = await changeSecurity(ask, {
    ...{ via: ["post", "/v1/identity/recovery-codes"], notice: ["recovery-codes"] },
    ...{ had: true, has: true, operations: [operation] },
  });
  return { codes, token };
}
