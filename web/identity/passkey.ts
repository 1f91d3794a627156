// What the browser does about passkeys. The package that speaks to it comes late: few pages need it.

import { send } from "../api/client.ts";
import { t } from "../i18n/t.ts";
import type { PersonSession } from "../session/session.ts";

/** A page at a bare IP address has none. */
export const passkeysHere = (): boolean =>
  "PublicKeyCredential" in globalThis && !/^[\d.]+$|^\[/.test(location.hostname);

type Options = { options: never };

/** Has the browser make a passkey, as the control plane wants it. */
export async function makePasskey(): Promise<unknown> {
  const { options } = await send<Options>("POST", "/v1/identity/passkeys/options");
  const { startRegistration } = await import("@simplewebauthn/browser");
  return startRegistration({ optionsJSON: options });
}

/** Has a passkey sign; `token`: of half a sign-in that it is to finish. */
export async function signByPasskey(token?: string): Promise<unknown> {
  const { options } = await send<Options>("POST", "/v1/identity/sign-in/passkey/options", { body: { token } });
  const { startAuthentication } = await import("@simplewebauthn/browser");
  return startAuthentication({ optionsJSON: options });
}

export const signInByPasskey = async (token?: string): Promise<PersonSession> =>
  send<PersonSession>("POST", "/v1/identity/sign-in/passkey", {
    body: { token, response: await signByPasskey(token) },
  });

/** What the browser's own errors come to; undefined where it is none of those. */
export function passkeySentence(error: unknown): string | undefined {
  const name = error instanceof Error ? error.name : "";
  if (name === "NotAllowedError" || name === "AbortError")
    return t("The browser gave no passkey. Try again, or choose another way.");
  if (name === "InvalidStateError") return t("This device has a passkey of yours already.");
  if (name === "SecurityError" || name === "NotSupportedError")
    return t("This browser can't use passkeys here. Choose another way.");
  return undefined;
}
