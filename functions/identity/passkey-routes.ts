// The routes of passkeys: made, named, removed, and signed in by.
import { z } from "zod";
import { line } from "../../core/text.ts";
import { parse } from "../api/body.ts";
import { ok } from "../api/route.ts";
import { assertion, type Passkey, registration } from "./passkey.ts";
import {
  addPasskey,
  creationOptions,
  removePasskey,
  renamePasskey,
  requestOptions,
  signInByPasskey,
} from "./passkeys.ts";
import { byAnybody, bySession, type IdentityRoute, type Reply } from "./route.ts";
import type { Begun } from "./sign-in.ts";

const tag = "identity";
export const codes = z.array(z.string()).describe("Ten, each good once; they are shown here and never again");
const credential = { id: "c2FtcGxl", rawId: "c2FtcGxl", type: "public-key", clientExtensionResults: {} };
const sampleMade = { ...credential, response: { clientDataJSON: "e30", attestationObject: "o2NmbXQ" } };
const sampleSigned = {
  ...credential,
  response: { clientDataJSON: "e30", authenticatorData: "SZYN", signature: "MEUC" },
};
export const shownPasskey = z.object({
  id: z.string(),
  name: z.string(),
  site: z.string().describe("The host at which it is good"),
  createdAt: z.iso.datetime(),
  usedAt: z.iso.datetime().nullable(),
});
export const presentPasskey = ({ id, name, site, createdAt, usedAt }: Passkey) => ({
  id,
  name,
  site,
  createdAt,
  usedAt,
});
const naming = z.strictObject({ name: line(64) });
const newPasskey = naming.extend({
  response: registration.describe("What the browser made (RegistrationResponseJSON)"),
});
const wantedOptions = z.strictObject({
  token: z.string().min(1).max(200).optional().describe("Of half a sign-in that it is to finish"),
});
const byPasskey = wantedOptions.extend({
  response: assertion.describe("What the browser signed (AuthenticationResponseJSON)"),
});
/** As WebAuthn has them; the browser's own functions take them. */
const options = z.object({ options: z.looseObject({ challenge: z.string() }) });

export const passkeyRoutes = (
  begun: (made: Begun) => Reply,
  sessionAnswer: { about: string; schema: z.core.$ZodType },
): IdentityRoute[] => [
  byAnybody({
    method: "post",
    path: "/v1/identity/sign-in/passkey/options",
    tag,
    summary: "What a passkey is to sign, to sign in by it; for `navigator.credentials.get`",
    body: wantedOptions,
    example: {},
    answers: { 200: { about: "Good for five minutes and one answer", schema: options } },
    handle: async (ask) => ok({ options: await requestOptions(ask, parse(wantedOptions, ask.body).token) }),
  }),
  byAnybody({
    method: "post",
    path: "/v1/identity/sign-in/passkey",
    tag,
    summary: "Sign in by a passkey alone, or finish a sign-in by it",
    body: byPasskey,
    example: { response: sampleSigned },
    answers: { 200: sessionAnswer },
    async handle(ask) {
      const { response, token } = parse(byPasskey, ask.body);
      return begun(await signInByPasskey(ask, response, token));
    },
  }),
  bySession({
    method: "post",
    path: "/v1/identity/passkeys/options",
    tag,
    summary: "What a passkey is to be made by, for `navigator.credentials.create`",
    answers: { 200: { about: "Good for five minutes and one answer", schema: options } },
    handle: async (ask) => ok({ options: await creationOptions(ask) }),
  }),
  bySession({
    method: "post",
    path: "/v1/identity/passkeys",
    tag,
    summary: "Add a passkey that the browser made; with the first second factor all other sessions end",
    body: newPasskey,
    example: { name: "Laptop", response: sampleMade },
    answers: {
      201: {
        about: "Added",
        schema: z.object({
          passkey: shownPasskey,
          codes: codes.nullable().describe("Recovery codes, with the first second factor"),
        }),
      },
    },
    async handle(ask) {
      const { name, response } = parse(newPasskey, ask.body);
      const { passkey, codes, token } = await addPasskey(ask, name, response);
      return { status: 201, body: { passkey: presentPasskey(passkey), codes }, begun: token };
    },
  }),
  bySession({
    method: "patch",
    path: "/v1/identity/passkeys/{id}",
    tag,
    summary: "Give a passkey another name",
    body: naming,
    example: { name: "Work laptop" },
    answers: { 200: { about: "Renamed", schema: shownPasskey } },
    async handle(ask) {
      const { passkey, token } = await renamePasskey(ask, parse(naming, ask.body).name);
      return { ...ok(presentPasskey(passkey)), begun: token };
    },
  }),
  bySession({
    method: "delete",
    path: "/v1/identity/passkeys/{id}",
    tag,
    summary: "Remove a passkey; without another second factor the recovery codes and all other sessions go too",
    answers: { 204: { about: "Removed" } },
    handle: async (ask) => ({ status: 204, body: null, begun: await removePasskey(ask) }),
  }),
];
