// The routes of single sign-on; what they do comes late, with all that it needs.
import { z } from "zod";
import { sentEmail } from "../access/sent-email.ts";
import { parse } from "../api/body.ts";
import { ok } from "../api/route.ts";
import { byAnybody, type IdentityRoute, type Reply } from "./route.ts";
import type { Begun } from "./sign-in.ts";

const tag = "identity";
const wish = z.strictObject({ email: sentEmail });
const answer = z.strictObject({
  token: z.string().min(1).max(200).describe("That the browser kept"),
  query: z.string().max(8000).describe("With what the provider sent the browser back, without the question mark"),
});

export const ssoRoutes = (
  begun: (made: Begun) => Reply,
  sessionAnswer: { about: string; schema: z.core.$ZodType },
): IdentityRoute[] => [
  byAnybody({
    method: "post",
    path: "/v1/identity/sso",
    tag,
    summary: "Begin a single sign-on, at the provider of the company whose mail the address is",
    body: wish,
    example: { email: "ada@acme.example" },
    answers: {
      200: {
        about: "Where the browser is to go; it is good for a quarter of an hour",
        schema: z.object({ url: z.string(), token: z.string().describe("The browser keeps it, and finishes by it") }),
      },
    },
    async handle(ask) {
      const { beginSso } = await import("./sso.ts");
      return ok(await beginSso(ask, parse(wish, ask.body).email));
    },
  }),
  byAnybody({
    method: "post",
    path: "/v1/identity/sso/finish",
    tag,
    summary: "Finish a single sign-on; who comes for the first time becomes a member of the account",
    body: answer,
    example: { token: "2TnXq0Yv3mC1kQ8rLw5Zb7Hs", query: "code=abc&state=def" },
    answers: { 200: sessionAnswer },
    async handle(ask) {
      const { token, query } = parse(answer, ask.body);
      const { finishSso } = await import("./sso.ts");
      return begun(await finishSso(ask, token, query));
    },
  }),
];
