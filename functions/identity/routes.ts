// The routes of identity.
import { z } from "zod";
import { tenantOwner } from "../../core/owner.ts";
import { line } from "../../core/text.ts";
import { languages } from "../access/person.ts";
import { roleNames } from "../access/roles.ts";
import { sentEmail } from "../access/sent-email.ts";
import { type Session, type SignedIn, sessionsOf } from "../access/session.ts";
import { brandFor } from "../accounts/brand.ts";
import { parse } from "../api/body.ts";
import { ok } from "../api/route.ts";
import { notFound } from "../problem.ts";
import { describe, verify, wantAddress } from "./address.ts";
import { ways } from "./factor.ts";
import { impersonationRoutes, shownImpersonation } from "./impersonate.ts";
import { accept, look } from "./invitation.ts";
import { membershipsOf, presentMembership } from "./membership.ts";
import { sentPassword } from "./password.ts";
import { changePassword, endOthers, forgotten, reset } from "./recovery.ts";
import { type Ask, byAnybody, bySession, type IdentityRoute, type Reply } from "./route.ts";
import { type Admitted, admit } from "./second-step.ts";
import { securityRoutes } from "./security-routes.ts";
import { type Begun, proven, signOut, switchTo } from "./sign-in.ts";
import { brandAt, signUp, welcome } from "./sign-up.ts";
import { offeredTemplates } from "./sign-up-templates.ts";
import { ssoRoutes } from "./sso-routes.ts";

const tag = "identity";
const token = z.string().min(1).max(200).describe("What stands after # in the link");
const email = sentEmail;
const name = line(64);
const language = z.enum(languages);
const password = sentPassword.describe(
  "12 characters or more, or 8 that are hard to guess; none that was found out, none with the address or company in it",
);

const credentials = z.strictObject({ email, password: sentPassword });
const oneLink = z.strictObject({ token });
const acceptance = z.strictObject({
  token,
  password: password
    .optional()
    .describe("Of whoever has the address, or a new one where nobody does; not needed where he is signed in"),
  name: name.optional().describe("Of somebody new; as he was invited without it"),
  language: language.optional(),
});

const membership = z.object({
  id: z.string(),
  name: z.string(),
  role: z.enum(roleNames),
  place: z.string().describe("The name of the account or tenant"),
  accountId: z.string().nullable(),
  tenantId: z.string().nullable(),
});
const person = z.object({ id: z.string(), email: z.string(), name: z.string(), language });
const shownSession = z.object({
  person: person.nullable().describe("Null: nobody is signed in"),
  member: membership.nullable().describe("As whom the session acts; null: he is a member of nothing"),
  impersonation: z
    .nullable(shownImpersonation)
    .describe("In which tenant below he acts for the time being, as whom, and until when"),
  members: z.array(membership).describe("All that he may act as"),
  needs: z
    .literal("second-factor")
    .nullable()
    .describe("What is to be set up before anything else, since members need it where he acts"),
});
const half = z.object({
  half: z.object({
    token: z.string().describe("Is sent with the second factor, within ten minutes"),
    ways: z.array(z.enum(ways)).describe("What finishes the sign-in"),
  }),
});
const listed = z.object({
  id: z.string(),
  current: z.boolean(),
  address: z.string().nullable().describe("From where it was used last"),
  userAgent: z.string(),
  createdAt: z.iso.datetime(),
  lastSeenAt: z.iso.datetime().describe("To the minute"),
  expiresAt: z.iso.datetime(),
});

const presentPerson = ({ id, email, name, language }: SignedIn["person"]) => ({ id, email, name, language });

function presentSession({ session, person, memberships }: Omit<Begun, "token">) {
  const members = memberships.map(presentMembership);
  return {
    person: presentPerson(person),
    member: members.find(({ id }) => id === session.member?.id) ?? null,
    impersonation: session.acting && shownImpersonation.parse(session.acting),
    members,
    needs: memberships.some(
      ({ member, secondFactor }) => secondFactor && member.id === session.member?.id && !session.strong,
    )
      ? ("second-factor" as const)
      : null,
  };
}

const presentListed = (one: Session, current: Session): z.output<typeof listed> => ({
  id: one.id,
  current: one.id === current.id,
  ...{ address: one.address, userAgent: one.userAgent },
  ...{ createdAt: one.createdAt, lastSeenAt: one.lastSeenAt, expiresAt: one.expiresAt },
});

const begun = (made: Begun): Reply => ({ ...ok(presentSession(made)), begun: made.token });
const admitted = (made: Admitted): Reply => ("half" in made ? { status: 202, body: made } : begun(made));
const secondAnswer = { about: "The password is right, and a second factor is to be shown", schema: half };
const sessionAnswer = { about: "Signed in; the session is in the cookie", schema: shownSession };
const sampleLink = "usr_01ARZ3NDEKTSV4RRFFQ69G5FAV.2TnXq0Yv3mC1kQ8rLw5Zb7Hs";
const samplePassword = "five quiet otters rowing";

const wantedTenant = z.strictObject({
  email,
  password,
  name,
  company: line(128).describe("The tenant's name"),
  template: line(64).optional().describe("One of those that `GET /v1/identity/brand` names; the first without it"),
  language: language.optional(),
});
const review = z.object({ review: z.literal(true) });
const shownBrand = z.object({
  name: z.string(),
  logo: z.string().nullable().describe("A data URL"),
  color: z.string().nullable(),
  signUp: z
    .object({
      templates: z.array(z.string()),
      review: z.boolean().describe("Whether somebody has to approve before the tenant is there"),
    })
    .nullable()
    .describe("Null: nobody signs up here by himself"),
});

const offered = z.object({
  name: z.string(),
  description: z.string(),
  contents: z.record(z.string(), z.int()).describe("How many resources of each kind it begins with"),
});
/** The nearest brand of where who is signed in acts. */
async function brandOf({ ctx, signed }: Ask) {
  const { acting = null, member = null } = signed?.session ?? {};
  const owner = acting ? tenantOwner(acting.tenantId) : member?.owner;
  return owner && (await brandFor(ctx.store, owner))?.brand;
}

const signUpRoutes = (): IdentityRoute[] => [
  byAnybody({
    method: "get",
    path: "/v1/identity/brand",
    tag,
    summary:
      "Whose console this is: by the place of who is signed in, else by the host that is asked; and whether one may sign up there",
    answers: { 200: { about: "What the sign-in page shows", schema: shownBrand } },
    async handle(ask) {
      const { brand: here } = await brandAt(ask);
      const { templates = [], review = false } = here?.signUp ?? {};
      const { name = "Dialplane", logo = null, color = null } = (await brandOf(ask)) ?? here ?? {};
      const signUp = here?.signUp;
      return ok({ name, logo, color, signUp: signUp ? { templates, review } : null });
    },
  }),
  byAnybody({
    method: "get",
    path: "/v1/identity/sign-up/templates",
    tag,
    summary: "The templates among which who signs up here chooses, and what is in each",
    answers: { 200: { about: "All of them", schema: z.object({ data: z.array(offered) }) } },
    handle: async (ask) => ok({ data: await offeredTemplates(ask) }),
  }),
  byAnybody({
    method: "post",
    path: "/v1/identity/sign-up",
    tag,
    summary:
      "Ask for a tenant of one's own: a link is mailed, by which it is made; the answer is the same whoever has the address",
    body: wantedTenant,
    example: { email: "ada@acme.example", password: samplePassword, name: "Ada", company: "Acme", language: "en" },
    answers: { 204: { about: "The mail is on its way" } },
    async handle(ask) {
      await signUp(ask, parse(wantedTenant, ask.body));
      return { status: 204, body: null };
    },
  }),
  byAnybody({
    method: "post",
    path: "/v1/identity/sign-up/verify",
    tag,
    summary:
      "Show by the link that was mailed that one reads mail at the address: the tenant is made, and who asked is signed in as its owner",
    body: oneLink,
    example: { token: sampleLink },
    answers: {
      200: sessionAnswer,
      202: {
        about: "The address is proven, and the tenant there when somebody has approved it; a mail says so",
        schema: review,
      },
    },
    async handle(ask) {
      const made = await welcome(ask, parse(oneLink, ask.body).token);
      return made ? begun(made) : { status: 202, body: { review: true } };
    },
  }),
];

export const identityRoutes = (): IdentityRoute[] => [
  ...signUpRoutes(),
  ...impersonationRoutes(begun, { 200: sessionAnswer }),
  byAnybody({
    method: "post",
    path: "/v1/identity/sign-in",
    tag,
    summary: "Sign in with address and password",
    body: credentials,
    example: { email: "ada@acme.example", password: samplePassword },
    answers: { 200: sessionAnswer, 202: secondAnswer },
    async handle(ask) {
      const { email, password } = parse(credentials, ask.body);
      return admitted(await admit(ask, await proven(ask, email, password)));
    },
  }),
  ...securityRoutes(begun, sessionAnswer),
  ...ssoRoutes(begun, sessionAnswer),
  byAnybody({
    method: "get",
    path: "/v1/identity/session",
    tag,
    summary: "Who is signed in, as whom he acts and may act",
    answers: { 200: { about: "The session that the cookie is of", schema: shownSession } },
    async handle({ ctx, signed }) {
      if (!signed) return ok({ person: null, member: null, impersonation: null, members: [], needs: null });
      return ok(
        presentSession({ ...signed, memberships: await membershipsOf(ctx, signed.person.id, signed.session.sso) }),
      );
    },
  }),
  bySession({
    method: "post",
    path: "/v1/identity/session/member",
    tag,
    summary: "Act as another of one's members from now on",
    body: z.strictObject({ memberId: z.string() }),
    example: { memberId: "mbr_01ARZ3NDEKTSV4RRFFQ69G5FAV" },
    answers: { 200: sessionAnswer },
    async handle(ask) {
      const { memberId } = parse(z.strictObject({ memberId: z.string() }), ask.body);
      return begun(await switchTo(ask, ask.signed, memberId));
    },
  }),
  byAnybody({
    method: "post",
    path: "/v1/identity/sign-out",
    tag,
    summary: "End the session, if there is one",
    answers: { 204: { about: "Nobody is signed in" } },
    async handle(ask) {
      if (ask.signed) await signOut(ask, ask.signed);
      return { status: 204, body: null, begun: null };
    },
  }),
  bySession({
    method: "get",
    path: "/v1/identity/sessions",
    tag,
    summary: "One's sessions, the last used first",
    answers: { 200: { about: "All of them", schema: z.object({ data: z.array(listed) }) } },
    async handle({ ctx, signed: { session, person } }) {
      return ok({ data: (await sessionsOf(ctx, person)).map((one) => presentListed(one, session)) });
    },
  }),
  bySession({
    method: "post",
    path: "/v1/identity/sessions/end",
    tag,
    summary: "End all of one's sessions but this one",
    answers: { 204: { about: "They are over" } },
    async handle({ ctx, signed }) {
      const { token } = await endOthers(ctx, signed);
      return { status: 204, body: null, begun: token };
    },
  }),
  bySession({
    method: "delete",
    path: "/v1/identity/sessions/{id}",
    tag,
    summary: "End one of one's sessions",
    answers: { 204: { about: "It is over" } },
    async handle(ask) {
      const { session, person } = ask.signed;
      const found = (await sessionsOf(ask.ctx, person)).find(({ id }) => id === ask.params.id);
      if (!found) throw notFound("session", (ask.params.id ?? "").slice(0, 64));
      await signOut(ask, { session: found, person });
      return { status: 204, body: null, ...(found.id === session.id && { begun: null }) };
    },
  }),
  bySession({
    method: "patch",
    path: "/v1/identity/person",
    tag,
    summary: "Change one's name or language",
    body: z.strictObject({ name, language }).partial(),
    example: { language: "fr" },
    answers: { 200: { about: "Changed", schema: person } },
    async handle({ ctx, signed, body }) {
      return ok(presentPerson(await describe(ctx, signed, parse(z.strictObject({ name, language }).partial(), body))));
    },
  }),
  bySession({
    method: "post",
    path: "/v1/identity/address",
    tag,
    summary: "Ask for another address: a link is mailed to it, by which it becomes one's own",
    body: z.strictObject({ email, password: sentPassword }),
    example: { email: "ada@lovelace.example", password: samplePassword },
    answers: { 204: { about: "The mail is on its way" } },
    async handle(ask) {
      const { email, password } = parse(credentials, ask.body);
      await wantAddress(ask, email, password);
      return { status: 204, body: null };
    },
  }),
  byAnybody({
    method: "post",
    path: "/v1/identity/address/verify",
    tag,
    summary: "Show by the link that was mailed that one reads mail at an address",
    body: oneLink,
    example: { token: sampleLink },
    answers: { 204: { about: "The address is his" } },
    async handle(ask) {
      await verify(ask, parse(oneLink, ask.body).token);
      return { status: 204, body: null };
    },
  }),
  bySession({
    method: "post",
    path: "/v1/identity/password",
    tag,
    summary: "Change one's password; all other sessions end",
    body: z.strictObject({ current: sentPassword, next: password }),
    example: { current: samplePassword, next: "nine loud herons sleeping" },
    answers: { 204: { about: "Changed" } },
    async handle(ask) {
      const { current, next } = parse(z.strictObject({ current: sentPassword, next: password }), ask.body);
      const { token } = await changePassword(ask, current, next);
      return { status: 204, body: null, begun: token };
    },
  }),
  byAnybody({
    method: "post",
    path: "/v1/identity/password/forgotten",
    tag,
    summary:
      "Have a link to choose a new password mailed; the answer is the same whether or not anybody has the address",
    body: z.strictObject({ email }),
    example: { email: "ada@acme.example" },
    answers: { 204: { about: "If somebody has the address, the mail is on its way" } },
    async handle(ask) {
      await forgotten(ask, parse(z.strictObject({ email }), ask.body).email);
      return { status: 204, body: null };
    },
  }),
  byAnybody({
    method: "post",
    path: "/v1/identity/password/reset",
    tag,
    summary: "Choose a new password by the link that was mailed; all sessions end",
    body: z.strictObject({ token, password }),
    example: { token: sampleLink, password: samplePassword },
    answers: { 204: { about: "Chosen; sign in with it" } },
    async handle(ask) {
      const sent = parse(z.strictObject({ token, password }), ask.body);
      await reset(ask, sent.token, sent.password);
      return { status: 204, body: null, begun: null };
    },
  }),
  byAnybody({
    method: "post",
    path: "/v1/identity/invitation",
    tag,
    summary: "What an invitation is about, for who has its link",
    body: oneLink,
    example: { token: sampleLink },
    answers: {
      200: {
        about: "The invitation",
        schema: z.object({
          name: z.string(),
          email: z.string(),
          role: z.enum(roleNames),
          place: z.string().describe("The name of the account or tenant"),
          tenantId: z.string().nullable(),
          known: z.boolean().describe("Whether somebody has the address already, and accepts with his password"),
          signedIn: z.boolean().describe("Whether it is who is signed in: he needs no password"),
        }),
      },
    },
    async handle(ask) {
      return ok(await look(ask, parse(oneLink, ask.body).token));
    },
  }),
  byAnybody({
    method: "post",
    path: "/v1/identity/invitation/accept",
    tag,
    summary: "Accept an invitation, and be signed in as that member",
    body: acceptance,
    example: { token: sampleLink, password: samplePassword },
    answers: { 200: sessionAnswer, 202: secondAnswer },
    async handle(ask) {
      const { token, ...sent } = parse(acceptance, ask.body);
      return admitted(await accept(ask, token, sent));
    },
  }),
];
