// The routes by which somebody finishes a sign-in, and sees and changes what he signs in with.
import { z } from "zod";
import { parse } from "../api/body.ts";
import { ok } from "../api/route.ts";
import { factorsOf } from "./factor.ts";
import { assertion, siteAt } from "./passkey.ts";
import { codes, passkeyRoutes, presentPasskey, shownPasskey } from "./passkey-routes.ts";
import { sentPassword } from "./password.ts";
import { byAnybody, bySession, type IdentityRoute, type Reply } from "./route.ts";
import { secondStep } from "./second-step.ts";
import { beginTotp, confirmTotp, endTotp, newCodes } from "./security.ts";
import type { Begun } from "./sign-in.ts";
import { prove, provenUntil } from "./step-up.ts";

const tag = "identity";
const code = z.string().trim().min(6).max(40).describe("Six digits of the app, or a recovery code");
const second = z.strictObject({ token: z.string().min(1).max(200).describe("From the sign-in's answer"), code });
const proof = z.union([
  z.strictObject({ password: sentPassword }),
  z.strictObject({ code }),
  z.strictObject({ passkey: assertion }),
]);
const confirmation = z.strictObject({ code: z.string().trim().min(6).max(20).describe("What the app shows") });
const shown = z.object({
  password: z.boolean().describe("Whether he has one"),
  totp: z.object({ since: z.iso.datetime() }).nullable().describe("The authenticator app"),
  passkeys: z.array(shownPasskey),
  passkeySite: z
    .string()
    .nullable()
    .describe("The host for which passkeys made here are good; null: here none can be made"),
  recoveryCodes: z.object({ left: z.int(), madeAt: z.iso.datetime() }).nullable(),
  provenUntil: z.iso
    .datetime()
    .nullable()
    .describe("Until when these things may be changed; null: he has to show that it is he first"),
});

export const securityRoutes = (
  begun: (made: Begun) => Reply,
  sessionAnswer: { about: string; schema: z.core.$ZodType },
): IdentityRoute[] => [
  byAnybody({
    method: "post",
    path: "/v1/identity/sign-in/second",
    tag,
    summary: "Finish a sign-in by a code of the authenticator app, or a recovery code",
    body: second,
    example: { token: "2TnXq0Yv3mC1kQ8rLw5Zb7Hs", code: "123456" },
    answers: { 200: sessionAnswer },
    async handle(ask) {
      const { token, code } = parse(second, ask.body);
      return begun(await secondStep(ask, token, code));
    },
  }),
  bySession({
    method: "get",
    path: "/v1/identity/security",
    tag,
    summary: "What one signs in with",
    answers: { 200: { about: "All of it", schema: shown } },
    async handle({ ctx, signed, host }) {
      const { totp, codes, passkeys } = await factorsOf(ctx, signed.person.id);
      return ok({
        passkeys: passkeys.map(presentPasskey),
        passkeySite: (await siteAt(ctx, host))?.id ?? null,
        password: signed.person.password !== null,
        totp: totp ? { since: totp.since } : null,
        recoveryCodes: codes ? { left: codes.hashes.length, madeAt: codes.madeAt } : null,
        provenUntil: provenUntil(signed, ctx.now()),
      });
    },
  }),
  bySession({
    method: "post",
    path: "/v1/identity/proof",
    tag,
    summary:
      "Show again that it is you, by password, code or passkey: for ten minutes you may change what you sign in with",
    body: proof,
    example: { password: "five quiet otters rowing" },
    answers: { 204: { about: "Shown" } },
    async handle(ask) {
      const { token } = await prove(ask, parse(proof, ask.body));
      return { status: 204, body: null, begun: token };
    },
  }),
  ...passkeyRoutes(begun, sessionAnswer),
  bySession({
    method: "post",
    path: "/v1/identity/totp",
    tag,
    summary: "Begin with an authenticator app: it is told this secret, and counts when a code of it was sent",
    answers: {
      200: {
        about: "What the app is to be told, within half an hour",
        schema: z.object({ uri: z.string().describe("otpauth://…, as text or QR code") }),
      },
    },
    handle: async (ask) => ok(await beginTotp(ask)),
  }),
  bySession({
    method: "post",
    path: "/v1/identity/totp/confirm",
    tag,
    summary: "Show a code of the app, which is a second factor from now on; with the first one all other sessions end",
    body: confirmation,
    example: { code: "123456" },
    answers: {
      200: {
        about: "Turned on",
        schema: z.object({ codes: codes.nullable().describe("Recovery codes, with the first second factor") }),
      },
    },
    async handle(ask) {
      const { codes, token } = await confirmTotp(ask, parse(confirmation, ask.body).code);
      return { ...ok({ codes }), begun: token };
    },
  }),
  bySession({
    method: "delete",
    path: "/v1/identity/totp",
    tag,
    summary:
      "Turn the authenticator app off; without another second factor the recovery codes and all other sessions go too",
    answers: { 204: { about: "Turned off" } },
    handle: async (ask) => ({ status: 204, body: null, begun: await endTotp(ask) }),
  }),
  bySession({
    method: "post",
    path: "/v1/identity/recovery-codes",
    tag,
    summary: "Have ten new recovery codes in the place of those that were",
    answers: { 200: { about: "The codes", schema: z.object({ codes }) } },
    async handle(ask) {
      const { codes, token } = await newCodes(ask);
      return { ...ok({ codes }), begun: token };
    },
  }),
];
