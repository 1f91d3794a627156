// What `npm start` takes from the environment and its command line; a bad variable fails with its name.
import { resolve } from "node:path";
import { z } from "zod";
import { domain } from "../core/resources/network.ts";
import { networks } from "../functions/access/address.ts";
import { perMinute } from "../functions/access/rate-limit.ts";
import { takeWith } from "./freeswitch.ts";

const port = z.coerce.number().int().min(0).max(65535);
const environment = z.object({
  PORT: port.default(3000),
  HOST: z.string().default("127.0.0.1"),
  DATA_DIR: z.string().default(".data"),
  EDGE_PORT: port.default(9180),
  TRUSTED_PROXIES: networks,
  RATE_LIMIT: perMinute,
  PUBLIC_URL: z.url({ protocol: /^https?$/ }).optional(),
  SIP_ZONE: domain.default("pbx.internal"),
  SIP_ADDRESS: z.union([z.ipv4(), z.ipv6()]).default("127.0.0.1"),
  SIP_PORT: port.default(5060),
  CARRIERS_PORT: port.default(5080),
  FRONT_PORT: port.default(5062),
  ESL_PORT: port.default(8021),
  /** Of one's own network: where webhooks may go all the same, also by http. */
  WEBHOOK_ALLOW: z
    .string()
    .transform((list) => list.split(",").map((one) => one.trim()))
    .pipe(
      z.array(
        z.union(
          [z.ipv4(), z.ipv6(), z.cidrv4(), z.cidrv6()],
          "must be addresses or ranges (CIDR), with commas between",
        ),
      ),
    )
    .optional(),
  LOG_LEVEL: z.enum(["fatal", "error", "warn", "info", "debug", "trace", "silent"]).default("warn"),
});

export type Settings = z.output<typeof environment> & { freeswitch: { path: string | undefined } | undefined };

/** Throws an Error whose message names the variable or argument. */
export function parseSettings(env: Record<string, string | undefined>, args: string[]): Settings {
  const set = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined && value !== ""));
  const read = environment.safeParse(set);
  if (!read.success) throw new Error(`${String(read.error.issues[0]?.path[0])}: ${read.error.issues[0]?.message}`);
  const { wanted, rest } = takeWith(args);
  if (rest[0] !== undefined) throw new Error(`${rest[0]}: unknown argument; known is --with freeswitch[=path]`);
  return { ...read.data, DATA_DIR: resolve(read.data.DATA_DIR), freeswitch: wanted };
}
