// What is set of an account's single sign-on.
import { z } from "zod";
import { domain } from "../../core/resources/network.ts";
import { line } from "../../core/text.ts";
import { roleNames } from "../access/roles.ts";

export const settings = z.strictObject({
  issuer: z
    .url({ protocol: /^https?$/, error: "must be a URL, as in https://login.acme.example" })
    .max(500)
    .describe("The identity provider, as its discovery document names it"),
  clientId: line(256).describe("As which it knows this installation"),
  domains: z
    .array(domain)
    .min(1)
    .max(20)
    .describe("Of the mail addresses for which its word counts; a TXT record shows that each is the account's"),
  role: z
    .enum(roleNames)
    .exclude(["user"])
    .default("support")
    .describe("What who comes in for the first time may; it is no wider than the caller's rights"),
  required: z
    .boolean()
    .default(false)
    .describe("Whether whoever has an address of these domains signs in so alone, by no password and no passkey"),
});
export type Settings = z.output<typeof settings>;
