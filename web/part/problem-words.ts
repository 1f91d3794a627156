// What common problems of the API say, in the user's language. In English the API's own words stand, which know more.
import { ApiProblem } from "../../client/problem.ts";
import { heard, translated } from "../i18n/heard.ts";
import { currentLanguage, t, text } from "../i18n/t.ts";

type Said = { title: string; detail?: string };

const words: Record<string, Said> = {
  unauthenticated: { title: text("You are not signed in"), detail: text("Sign in again.") },
  sign_in_refused: {
    title: text("The sign-in was refused"),
    detail: text("Address and password do not go together; check both, or choose a new password."),
  },
  code_refused: {
    title: text("The code was refused"),
    detail: text("This code is not good: it is wrong, too old, or was used before."),
  },
  passkey_refused: {
    title: text("The passkey was refused"),
    detail: text("This passkey is not good here, or it took too long; try again, or sign in another way."),
  },
  sso_refused: {
    title: text("The single sign-on was refused"),
    detail: text("Begin again; if it stays, tell whoever runs your company's sign-in."),
  },
  sso_required: {
    title: text("Sign in by single sign-on"),
    detail: text("Addresses of your company sign in by single sign-on; choose that on the sign-in page."),
  },
  proof_needed: { title: text("Show again that it is you"), detail: text("Reload this page and try again.") },
  second_factor_needed: {
    title: text("A second factor is needed here"),
    detail: text("Set one up, or choose another of your places."),
  },
  link_spent: {
    title: text("The link is no longer good"),
    detail: text("This link was used, replaced by a later one, or is too old; ask for another."),
  },
  impersonation_over: {
    title: text("You no longer act for the company"),
    detail: text("Leave it, and open it again."),
  },
  cross_site: { title: text("The request came from another site"), detail: text("Reload this page and try again.") },
  forbidden: { title: text("You may not do this"), detail: text("Ask whoever gave you access for more.") },
  suspended: { title: text("The account or tenant is suspended") },
  not_found: { title: text("Nothing here"), detail: text("It may have been deleted, or belong to somebody else.") },
  conflict: { title: text("The state of things forbids it") },
  taken: { title: text("The value is taken"), detail: text("Somebody else has it already; choose another.") },
  in_use: { title: text("Others refer to it"), detail: text("Still in use by these; change them first.") },
  busy: { title: text("Somebody else is writing"), detail: text("Try again in a moment.") },
  version_mismatch: {
    title: text("It has changed since"),
    detail: text("Somebody else changed it while you were writing."),
  },
  too_large: { title: text("The request is too large") },
  invalid: { title: text("The content is not valid") },
  reference_not_found: {
    title: text("A reference leads nowhere"),
    detail: text("What it refers to is not there; choose another."),
  },
  limit_reached: { title: text("A limit is reached"), detail: text("Ask your provider to raise it.") },
  rate_limited: { title: text("Too many requests"), detail: text("Wait a moment, then try again.") },
  internal: {
    title: text("Something broke on our side"),
    detail: text("Try again; if it stays, tell us the number of the request."),
  },
  unavailable: { title: text("A part is not reachable"), detail: text("Try again in a moment.") },
  silence: {
    title: text("No answer"),
    detail: text(
      "The control plane did not answer; check that it runs and that this device is online, then try again.",
    ),
  },
};

/** Undefined in English. What is known of its sentence goes before what is said of its code. */
export function saidOf({
  status,
  code,
  title,
  message,
  errors,
}: ApiProblem): { title: string; detail: string } | undefined {
  if (currentLanguage() === "en") return undefined;
  const name = status === 0 ? "silence" : code;
  const said = Object.hasOwn(words, name) ? words[name] : undefined;
  const atFields = errors.slice(0, 3).map(({ pointer, detail }) => `${pointer} ${heard(detail)}`.trim());
  return {
    title: said ? t(said.title) : heard(title),
    detail:
      translated(message) ??
      (said?.detail !== undefined ? t(said.detail) : atFields.length > 0 ? atFields.join(" · ") : heard(message)),
  };
}

/** An error's sentence. What is no problem of the API is said in the user's language already. */
export function wordsOf(error: unknown): string {
  if (error instanceof ApiProblem) return saidOf(error)?.detail ?? error.message;
  return error instanceof Error ? error.message : String(error);
}
