// Single sign-on of an account: its identity provider, and for whose mail that counts.
import { z } from "zod";
import type { Domains } from "../accounts/domain.ts";
import { settings } from "../accounts/sso-settings.ts";
import { parse } from "./body.ts";
import type { Route } from "./route.ts";

const path = "/v1/accounts/{account}/sso";
const tag = "accounts";
const body = settings.extend({
  clientSecret: z
    .string()
    .min(1)
    .max(1000)
    .optional()
    .describe("The provider's secret for this installation; without it the one that was stays. It is never shown"),
});
const shown = settings.extend({
  redirectUri: z
    .string()
    .describe("What the provider is to be told as redirect URI; at a brand's domain it is that with /sso"),
});
const example = {
  ...{ issuer: "https://login.acme.example", clientId: "dialplane" },
  ...{ domains: ["acme.example"], role: "support", required: false },
};
const answers = {
  200: {
    about: "The single sign-on",
    schema: shown.meta({ title: "Sso" }),
    example: { ...example, redirectUri: "https://pbx.example.com/sso" },
  },
};

export const ssoRoutes = (proofs: Domains): Route[] => [
  {
    method: "get",
    path,
    tag,
    summary: "The account's single sign-on",
    scope: "accounts:read",
    answers,
    async handle(request) {
      const { show } = await import("./sso-handlers.ts");
      return show(request);
    },
  },
  {
    method: "put",
    path,
    tag,
    summary: "Set the identity provider (OpenID Connect) by which people of these mail domains sign in",
    scope: "accounts:write",
    body: body.meta({ title: "NewSso" }),
    example: { ...example, clientSecret: "s3cret" },
    answers,
    async handle(request) {
      const { set } = await import("./sso-handlers.ts");
      return set(request, proofs, parse(body, request.body));
    },
  },
  {
    method: "delete",
    path,
    tag,
    summary: "Remove it: people sign in by password or passkey",
    scope: "accounts:write",
    answers: { 204: { about: "There is none" } },
    async handle(request) {
      const { remove } = await import("./sso-handlers.ts");
      return remove(request);
    },
  },
];
