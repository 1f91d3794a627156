// An account's identity provider, spoken to by OpenID Connect (openid-client): discovery, the address to go to, and what its answer is worth. Loaded late.
import * as oidc from "openid-client";
import { type Sso, secretOf } from "../accounts/sso.ts";
import type { Context } from "../context.ts";
import { outwardFetch } from "../outward.ts";

const scope = "openid email profile";
const seconds = 15;

/** Where its sign-in goes on: kept by us, what it has to answer to. */
export type Begun = { url: string; state: string; nonce: string; verifier: string };
/** Whom it names. */
export type Word = { subject: string; email: string | undefined; verified: boolean; name: string | undefined };

/** Rejects where the provider can't be reached, is not whom it should be, or offers no address that a browser may be sent to. */
export async function discover(
  ctx: Context,
  { issuer, clientId }: Pick<Sso, "issuer" | "clientId">,
  secret: string | undefined,
): Promise<oidc.Configuration> {
  const url = new URL(issuer);
  const config = await oidc.discovery(url, clientId, { client_secret: secret ?? "" }, undefined, {
    [oidc.customFetch]: outwardFetch(ctx.targets) as unknown as oidc.CustomFetch,
    timeout: seconds,
    // the guard lets http go where this installation says so alone
    execute: [oidc.enableNonRepudiationChecks, ...(url.protocol === "http:" ? [oidc.allowInsecureRequests] : [])],
  });
  const page = config.serverMetadata().authorization_endpoint ?? "";
  // a browser goes there: no script, no file
  if (!URL.canParse(page) || !["https:", url.protocol].includes(new URL(page).protocol))
    throw new Error("its authorization_endpoint is no https URL");
  return config;
}

const known = async (ctx: Context, sso: Sso): Promise<oidc.Configuration> =>
  discover(ctx, sso, await secretOf(ctx, sso));

export async function authorize(ctx: Context, sso: Sso, redirect: string, email: string): Promise<Begun> {
  const config = await known(ctx, sso);
  const [state, nonce, verifier] = [oidc.randomState(), oidc.randomNonce(), oidc.randomPKCECodeVerifier()];
  const url = oidc.buildAuthorizationUrl(config, {
    ...{ redirect_uri: redirect, scope, state, nonce, login_hint: email, response_type: "code" },
    ...{ code_challenge: await oidc.calculatePKCECodeChallenge(verifier), code_challenge_method: "S256" },
  });
  return { url: url.href, state, nonce, verifier };
}

/** `query`: with what the browser came back to `redirect`. Rejects where the answer is not to what was begun, or not the provider's. */
export async function wordOf(
  ctx: Context,
  sso: Sso,
  begun: Omit<Begun, "url"> & { redirect: string },
  query: string,
): Promise<Word> {
  const config = await known(ctx, sso);
  const tokens = await oidc.authorizationCodeGrant(config, new URL(`?${query}`, begun.redirect), {
    ...{ pkceCodeVerifier: begun.verifier, expectedState: begun.state, expectedNonce: begun.nonce },
    idTokenExpected: true,
  });
  const claims = tokens.claims();
  if (!claims) throw new Error("it sent no ID token");
  const told = claims.email === undefined && config.serverMetadata().userinfo_endpoint !== undefined;
  const info = told ? await oidc.fetchUserInfo(config, tokens.access_token, claims.sub) : claims;
  return {
    subject: claims.sub,
    email: typeof info.email === "string" ? info.email : undefined,
    verified: info.email_verified === true,
    name: typeof info.name === "string" ? info.name : undefined,
  };
}
