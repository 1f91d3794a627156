// What `npm start` takes from the environment and its command line; a bad variable fails with its name.
import { resolve } from "node:path";
import { z } from "zod";
import { domain } from "../core/resources/network.ts";
import { networks } from "../functions/access/address.ts";
import { perMinute } from "../functions/access/rate-limit.ts";
import type { Reader } from "../functions/environment.ts";
import { onlyWith, type Wanted } from "./with.ts";

const readBy = <T>(read: Reader<T>) =>
  z
    .string()
    .optional()
    .transform((text, ctx): T => {
      try {
        return read(text);
      } catch (error) {
        ctx.addIssue((error as Error).message);
        return z.NEVER;
      }
    });

const port = z.coerce.number().int().min(0).max(65535);
const environment = z.object({
  PORT: port.default(3000),
  HOST: z.string().default("127.0.0.1"),
  DATA_DIR: z.string().default(".data"),
  EDGE_PORT: port.default(9180),
  TRUSTED_PROXIES: readBy(networks),
  RATE_LIMIT: readBy(perMinute),
  PUBLIC_URL: z.url({ protocol: /^https?$/ }).optional(),
  SIP_ZONE: domain.default("pbx.internal"),
  SIP_ADDRESS: z.union([z.ipv4(), z.ipv6()]).default("127.0.0.1"),
  SIP_PORT: port.default(5060),
  CARRIERS_PORT: port.default(5080),
  FRONT_PORT: port.default(5062),
  ESL_PORT: port.default(8021),
  WSS_PORT: port.default(7443),
  WS_PORT: port.min(1).default(5066),
  WSS_CERTIFICATE: z.string().optional(),
  WSS_KEY: z.string().optional(),
  WSS_URL: z.string().optional(),
  KAMAILIO_TLS_PORT: port.optional(),
  KAMAILIO_WSS_PORT: port.optional(),
  KAMAILIO_EVENTS_PORT: port.default(8448),
  KAMAILIO_RTPENGINE: z.string().optional(),
  KAMAILIO_RELAY: z.string().optional(),
  RTPENGINE_PORT: port.min(1).default(2223),
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
  /** A range service that knows breached passwords: https://api.pwnedpasswords.com/range/. */
  BREACHED_PASSWORDS: z.url({ protocol: /^https?$/ }).optional(),
  LOG_LEVEL: z.enum(["fatal", "error", "warn", "info", "debug", "trace", "silent"]).default("warn"),
});

/** With Kamailio, FreeSWITCH's ports are so far above those that Kamailio has. */
export const aboveFront = 100;

export type Settings = z.output<typeof environment> & { with: Wanted };

/** Throws an Error whose message names the variable or argument. */
export function parseSettings(env: Record<string, string | undefined>, args: string[]): Settings {
  const set = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined && value !== ""));
  const read = environment.safeParse(set);
  if (!read.success) throw new Error(`${String(read.error.issues[0]?.path[0])}: ${read.error.issues[0]?.message}`);
  const wanted = onlyWith(args);
  for (const name of ["SIP_PORT", "CARRIERS_PORT", "FRONT_PORT"] as const)
    if (wanted.kamailio && read.data[name] > 65_535 - aboveFront)
      throw new Error(
        `${name}: must be at most ${65_535 - aboveFront} with Kamailio, as FreeSWITCH's is ${aboveFront} above it`,
      );
  return { ...read.data, DATA_DIR: resolve(read.data.DATA_DIR), with: wanted };
}
