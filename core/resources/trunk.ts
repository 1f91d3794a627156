// A trunk: the way to and from a carrier. A tenant's own come first, then those of its accounts, from the nearest to the farthest.
import { z } from "zod";
import { lazy } from "../lazy.ts";
import { line } from "../text.ts";
import { defineKind } from "./kind.ts";
import { secret } from "./marks.ts";
import { cidr, host } from "./network.ts";

const schema = lazy(() =>
  z.strictObject({
    name: line(64),
    enabled: z.boolean().default(true),
    host: host.describe("The carrier's host name or address"),
    port: z
      .int()
      .min(1)
      .max(65535)
      .nullable()
      .default(null)
      .describe("Without one, the transport's own (5060, 5061) or DNS decides"),
    transport: z.enum(["udp", "tcp", "tls"]).default("udp"),
    username: z
      .string()
      .regex(/^[A-Za-z0-9._+@-]{1,64}$/, "must be 1 to 64 of letters, digits and ._+@-")
      .nullable()
      .default(null),
    password: secret("password", false)
      .nullable()
      .optional()
      .describe("For registration and for the carrier's challenges"),
    register: z.boolean().default(false).describe("Register with the carrier; needs a user name and a password"),
    inboundAddresses: z
      .array(cidr)
      .max(64)
      .default([])
      .describe("Where its calls come from. A host that is an address counts by itself"),
    priority: z.int().min(0).max(1000).default(100).describe("Trunks are tried from the lowest to the highest"),
    numberFormat: z
      .enum(["e164", "e164-without-plus", "national"])
      .default("e164")
      .describe("How it wants numbers: +15550100, 15550100, or as dialled in the country"),
    prefix: z
      .string()
      .regex(/^[0-9*#+]{0,10}$/, "must be up to 10 of 0-9, *, # and +")
      .default("")
      .describe("Put before every number"),
    codecs: z
      .array(z.enum(["opus", "g722", "pcmu", "pcma"]))
      .max(4)
      .default([])
      .describe("Offered in this order; none: the host's own list"),
    maxChannels: z
      .int()
      .min(1)
      .max(10_000)
      .nullable()
      .default(null)
      .describe(
        "So many calls at once, those that come in counted too; further ones take the next trunk. Emergency calls always go",
      ),
    pingSeconds: z
      .int()
      .min(10)
      .max(3600)
      .nullable()
      .default(null)
      .describe(
        "Ask it by OPTIONS whether it is there, and pass it over while it is not. Some carriers don't answer: then leave it out",
      ),
  }),
);

export const trunk = defineKind({
  kind: "trunk",
  plural: "trunks",
  prefix: "trk",
  at: ["tenant", "account"],
  about: "The way to and from a carrier.",
  schema,
  key: "name",
  filters: ["name", "enabled"],
  search: ["name"],
  check: (body) =>
    body.register && !(body.username && body.password)
      ? [
          {
            pointer: "/register",
            detail: "registering needs a username and a password; add them or set register to false",
          },
        ]
      : [],
});

export type Trunk = z.output<ReturnType<typeof schema>>;
