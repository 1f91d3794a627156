// What an account's customers see of it: its name, logo and colour, at an address of its own; and whether they may sign up by themselves. An account has one
// at most, with routes of its own; edges have no use for it.
import { z } from "zod";
import { contrast } from "../contrast.ts";
import { lazy } from "../lazy.ts";
import { line, mailAddress } from "../text.ts";
import { defineKind } from "./kind.ts";
import { domain } from "./network.ts";

const signUp = z.strictObject({
  templates: z
    .array(line(64))
    .max(20)
    .default([])
    .describe(
      "Templates of the account or one above it, by name, among which who signs up chooses; none: an empty tenant",
    ),
  plan: line(64).nullable().default(null).describe("The plan that new tenants have, of the account or one above it"),
  poolId: z
    .string()
    .max(64)
    .nullable()
    .default(null)
    .describe("Where their calls live; the account's default pool by default"),
  areaPrefix: z
    .string()
    .regex(/^\+\d{1,14}$/, "must be + and 1 to 14 digits")
    .nullable()
    .default(null)
    .describe("A free number of the inventory that begins so is lent for 14 days; null: none is"),
  review: z.boolean().default(false).describe("Whether somebody of the account has to approve each"),
  accountId: z
    .string()
    .max(64)
    .nullable()
    .default(null)
    .describe("The account, it or one below it, in which the tenants are made; null: it itself"),
});

const schema = lazy(() =>
  z.strictObject({
    name: line(64).describe("What stands above the sign-in and below mails"),
    domain: domain
      .nullable()
      .default(null)
      .describe("Where its customers reach the console. Point it there; a TXT record shows that it is the account's"),
    color: z
      .string()
      .regex(/^#[0-9a-fA-F]{6}$/, { error: "must be a colour, as in #1d50cf", abort: true })
      .refine(
        (value) => contrast(value, "#ffffff") >= 4.5,
        "must be dark enough to read white text on it; choose a darker one",
      )
      .nullable()
      .default(null)
      .describe("Of buttons"),
    logo: z
      .string()
      .max(64_000)
      .regex(
        /^data:image\/(?:png|webp|svg\+xml);base64,[A-Za-z0-9+/]+=*$/,
        "must be a PNG, WebP or SVG picture as a data URL, as in data:image/png;base64,…",
      )
      .nullable()
      .default(null),
    replyTo: mailAddress.nullable().default(null).describe("Where answers to its mails go"),
    signUp: signUp.nullable().default(null).describe("Null: nobody signs up by himself"),
  }),
);

export const brand = defineKind({
  kind: "brand",
  plural: "brands",
  prefix: "brd",
  at: [],
  edges: false,
  about: "What an account's customers see of it, and whether they may sign up by themselves.",
  schema,
  key: "name",
  filters: [],
  globals: (body) => (body.domain === null ? [] : [["consoleDomain", body.domain]]),
});

export type Brand = z.output<ReturnType<typeof schema>>;
export type SignUpSettings = z.output<typeof signUp>;
