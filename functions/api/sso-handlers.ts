// What the routes of single sign-on do; loaded when one is asked.
import { idOf } from "../../core/owner.ts";
import { refuseWider } from "../access/member.ts";
import { type Domains, proveDomain } from "../accounts/domain.ts";
import { ending, setting, ssoOf, Taken } from "../accounts/sso.ts";
import type { Settings } from "../accounts/sso-settings.ts";
import { openMailers } from "../identity/mail-domains.ts";
import { notFound, Problem } from "../problem.ts";
import { hostOf, refusal } from "../webhooks/address.ts";
import { into } from "./into.ts";
import { ok, type Request } from "./route.ts";

const present = ({ ctx }: Request, { issuer, clientId, domains, role, required }: Settings) =>
  ok({ issuer, clientId, domains, role, required, redirectUri: `${ctx.consoleUrl}/sso` });

const refuse = (pointer: string, detail: string): Problem =>
  new Problem("invalid", `${pointer}: ${detail}.`, { errors: [{ pointer, detail }] });

/** Throws `not_found`. */
export async function show(request: Request) {
  const { owner } = await into(request, "account");
  const found = await ssoOf(request.ctx, owner);
  if (!found) throw notFound("single sign-on of account", idOf(owner));
  return present(request, found);
}

/** Throws `invalid`, `forbidden`, `conflict` with the TXT record that a domain lacks, `taken`. */
export async function set(
  request: Request,
  proofs: Domains,
  { clientSecret, ...wanted }: Settings & { clientSecret?: string | undefined },
) {
  const { ctx, principal } = request;
  const access = await into(request, "account");
  const { owner, head } = access;
  if (head.sandbox !== null)
    throw new Problem("conflict", "A sandbox has no single sign-on; set it on a live account.");
  refuseWider(principal, wanted.role);
  const url = new URL(wanted.issuer);
  // where its name leads is looked at when it is spoken to
  const why = refusal(
    ctx.targets,
    url,
    [hostOf(url)].filter((host) => /^[\d.]+$|:/.test(host)),
  );
  if (why !== undefined) throw refuse("/issuer", why);
  const before = await ssoOf(ctx, owner);
  if (!before && clientSecret === undefined) throw refuse("/clientSecret", "is needed");
  for (const [index, name] of wanted.domains.entries()) {
    if (openMailers.has(name)) throw refuse(`/domains/${index}`, "is a mail service that everybody has addresses of");
    if (!before?.domains.includes(name)) await proveDomain(ctx, proofs, principal, name);
  }
  try {
    const operations = await setting(ctx, owner, before, wanted, clientSecret);
    await ctx.store.transact([...operations, ...request.record({ head, target: { kind: "sso", id: idOf(owner) } })]);
  } catch (error) {
    if (!(error instanceof Taken)) throw error;
    const detail = `${error.domain} is another account's`;
    throw new Problem("taken", `${detail}; it has to give it up first.`, {
      errors: [{ pointer: "/domains", detail }],
    });
  }
  return present(request, wanted);
}

/** Throws `not_found`. */
export async function remove(request: Request) {
  const { owner, head } = await into(request, "account");
  const before = await ssoOf(request.ctx, owner);
  if (!before) throw notFound("single sign-on of account", idOf(owner));
  const done = { head, target: { kind: "sso", id: idOf(owner) } };
  await request.ctx.store.transact([...ending(owner, before), ...request.record(done)]);
  return { status: 204, body: null };
}
