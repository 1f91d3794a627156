// Limits that somebody sets on a tenant or an account: an account above it, or it itself. A document has one resource of them for each who set any, and each
// changes his own alone, so nobody raises what another set: of all that are set on a document and on the accounts above it, the tightest counts.
import { isSupportedCountry } from "libphonenumber-js/min";
import { z } from "zod";
import { lazy } from "../lazy.ts";
import { defineKind } from "./kind.ts";
import { e164 } from "./phone-number-format.ts";

const most = (max: number, about: string) => z.int().min(0).max(max).nullable().default(null).describe(about);

/** What can be limited; null is no limit. On an account each bounds all below it together. */
export const limitFields = {
  extensions: most(10_000_000, "Extensions"),
  phoneNumbers: most(10_000_000, "Phone numbers, an account's inventory included"),
  concurrentCalls: most(1_000_000, "Calls at a time on one host, inside ones too; further ones are refused"),
  callsPerSecond: most(100_000, "Calls that begin within a second on one host; further ones are refused"),
  recordingMinutesPerMonth: most(
    100_000_000,
    "Minutes of call recordings a month on one host; then calls go on unrecorded",
  ),
  apiRequestsPerMinute: z
    .int()
    .min(1)
    .max(1_000_000)
    .nullable()
    .default(null)
    .describe("Requests a minute of all API keys together, as each process of the API counts them"),
  countries: z
    .array(
      z
        .string()
        .refine((value): boolean => isSupportedCountry(value), "must be a country in ISO 3166-1 alpha-2, as in US"),
    )
    .max(260)
    .nullable()
    .default(null)
    .describe("Calls to the outside go to numbers of these countries alone, the tenant's own included"),
  onlyNumbers: z
    .array(e164)
    .max(100)
    .nullable()
    .default(null)
    .describe("Calls to the outside go to these numbers alone, whatever the countries; none listed: to none"),
  minutesPerDay: most(
    1_000_000,
    "Minutes talked a day on one host, inside calls too; then calls are refused, and those that go on end",
  ),
  dailySpend: z
    .strictObject({
      amount: z.number().min(0).max(1_000_000_000),
      currency: z.string().regex(/^[A-Z]{3}$/, "must be an ISO 4217 code, as in USD"),
    })
    .nullable()
    .default(null)
    .describe(
      "What calls to the outside may cost a day, by the rate tables, on one host; then they are refused or cut",
    ),
} as const;

const schema = lazy(() =>
  z.strictObject({
    by: z.string().describe("The id of the account that set them, or of the tenant itself"),
    plan: z.string().nullable().default(null).describe("The id of a plan of that account, or of one above it"),
    ...limitFields,
  }),
);

export const limits = defineKind({
  kind: "limits",
  plural: "limits",
  prefix: "lim",
  at: [],
  about: "What a tenant, or all below an account, may have and do.",
  schema,
  key: "by",
  filters: [],
});

export type Limits = z.output<ReturnType<typeof schema>>;
export type LimitName = keyof typeof limitFields;
export type LimitValues = { [L in LimitName]: Limits[L] };
export const limitNames = Object.keys(limitFields) as LimitName[];
