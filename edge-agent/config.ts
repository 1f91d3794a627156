// The agent's configuration: environment and command line, parsed once at start. What is wrong is said with the variable's name.
import { readFileSync } from "node:fs";
import { isIP } from "node:net";
import { hostname } from "node:os";
import { join, resolve } from "node:path";
import { z } from "zod";
import { type Front, webSocket } from "../core/wire.ts";
import type { CertificateConfig } from "./certificate/config.ts";
import { certificateFile } from "./certificate/files.ts";
import type { FreeswitchConfig } from "./drivers/freeswitch/config.ts";
import type { KamailioConfig } from "./drivers/kamailio/config.ts";

/** Between two comparisons with the cloud, if nobody says otherwise. */
export const compareSeconds = 60;

/** Of the package, whose units say so too, for who asks by hand; else where it is started from. */
const usualDataDir = import.meta.url.startsWith("file:///usr/lib/dialplane/")
  ? "/var/lib/dialplane-edge"
  : ".data/edge";

const port = z.coerce.number().int().min(0).max(65535);

const environment = z.object({
  CONTROL_URL: z
    .url({ protocol: /^https?$/ })
    .transform((url) => url.replace(/\/+$/, ""))
    .optional(),
  JOIN_TOKEN: z.string().optional(),
  DATA_DIR: z.string().optional(),
  /** Set by systemd's `StateDirectory=`. */
  STATE_DIRECTORY: z.string().optional(),
  ENGINE: z.enum(["freeswitch", "kamailio"]).default("freeswitch"),
  EDGE_PORT: port.default(9180),
  EDGE_NAME: z.string().min(1).max(64).optional(),
  SIP_ADDRESS: z.string().max(253).optional(),
  SIP_PORT: port.default(5060),
  SIP_TRANSPORT: z.enum(["udp", "tcp", "tls"]).default("udp"),
  FRONT_ADDRESS: z.union([z.ipv4(), z.ipv6()]).optional(),
  FRONT_PORT: port.min(1).default(5062),
  CARRIERS_PORT: port.default(5080),
  EXTERNAL_ADDRESS: z.string().max(253).optional(),
  PHONE_PING_SECONDS: z.coerce.number().int().min(5).max(100_000_000).default(30),
  WSS_PORT: port.default(7443),
  WS_PORT: port.min(1).optional(),
  WSS_CERTIFICATE: z.string().optional(),
  WSS_KEY: z.string().optional(),
  WSS_URL: z.optional(webSocket.def.innerType),
  /** `off`: no certificate is got. */
  ACME_DIRECTORY: z
    .union([z.literal("off"), z.url({ protocol: /^https$/ })], "must be an https URL, or off")
    .optional(),
  ACME_EMAIL: z.email().optional(),
  ACME_CA_FILE: z.string().optional(),
  ACME_EAB_KID: z.string().optional(),
  ACME_EAB_HMAC_KEY: z
    .string()
    .regex(/^[\w-]+$/, "must be base64url")
    .optional(),
  ESL_HOST: z.string().default("127.0.0.1"),
  ESL_PORT: port.default(8021),
  ESL_PASSWORD: z.string().optional(),
  ESL_PASSWORD_FILE: z.string().optional(),
  CDR_DIR: z.string().optional(),
  VOICEMAIL_DIR: z.string().optional(),
  RECORDINGS_DIR: z.string().optional(),
  SOUNDS_DIR: z.string().optional(),
  FREESWITCH_DIR: z.string().optional(),
  UPGRADE_DIR: z.string().optional(),
  UPGRADE_OUTCOME: z.string().default("/run/dialplane-upgrade/failed"),
  KAMAILIO_DIR: z.string().optional(),
  KAMAILIO_TLS_PORT: port.min(1).optional(),
  KAMAILIO_WSS_PORT: port.min(1).default(7443),
  KAMAILIO_CERTIFICATE: z.string().optional(),
  KAMAILIO_KEY: z.string().optional(),
  KAMAILIO_EVENTS_PORT: port.min(1).default(8448),
  KAMAILIO_RTPENGINE: z
    .string()
    .regex(/^(\d{1,3}\.){3}\d{1,3}:\d{1,5}$/, "must be an address and a port, as in 127.0.0.1:2223")
    .optional(),
  KAMAILIO_RELAY: z.enum(["browsers", "nat", "all"]).default("nat"),
  KAMAILIO_BAN_SECONDS: z.coerce.number().int().min(1).max(31_536_000).default(300),
  KAMAILIO_WORKERS: z.coerce.number().int().min(1).max(64).default(4),
  KAMAILIO_MEMORY_MEGABYTES: z.coerce.number().int().min(128).max(65_536).default(512),
  COMPARE_SECONDS: z.coerce.number().min(0.05).max(86400).default(compareSeconds),
  LOG_LEVEL: z.enum(["fatal", "error", "warn", "info", "debug", "trace", "silent"]).default("info"),
});

export type AgentConfig = {
  /** Where to enrol, and where to go on from there if it differs from what enrolment saved. */
  controlUrl: string | undefined;
  joinToken: string | undefined;
  /** `--join` names a control plane on purpose; a folder that belongs to another one is then refused. */
  joining: boolean;
  /** The agent's own folder: key, state, spool. */
  dataDir: string;
  /** Loopback; 0 lets the system choose. */
  port: number;
  name: string;
  /** What phones are told; null where nobody said. */
  sip: { server: string; port: number; transport: "udp" | "tcp" | "tls" } | null;
  /** Where the other hosts of the pool reach this one; null where nobody said. */
  front: Front;
  /** Where browser phones reach this host, `wss://…`; null: nowhere. */
  webSocket: string | null;
  /** What is needed to get this host's certificate; null: it has one, needs none, or is not to get one. */
  certificate: CertificateConfig | null;
  compareSeconds: number;
  logLevel: string;
  engine: "freeswitch" | "kamailio";
  /** Where FreeSWITCH's configuration is written at each start, in `conf`; null: somebody else does. */
  freeswitchDir: string | null;
  /** Where another release's package is left, and the file in which root says why it was not taken. `dir` null: nobody installs one. */
  upgrade: { dir: string | null; outcome: string };
  /** For each engine's driver. */
  freeswitch: FreeswitchConfig;
  kamailio: KamailioConfig;
};

/** Something in the configuration that only a human can mend; the message says how. */
export class ConfigError extends Error {}

/** Reads the environment and `--join URL TOKEN`. Throws ConfigError with the variable's name. */
export function parseConfig(env: Record<string, string | undefined>, args: string[]): AgentConfig {
  const set = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined && value !== ""));
  const join = joinArguments(args);
  const read = environment.safeParse(join ? { ...set, CONTROL_URL: join.url, JOIN_TOKEN: join.token } : set);
  if (!read.success) {
    const issue = read.error.issues[0];
    throw new ConfigError(`${String(issue?.path[0])}: ${issue?.message}`);
  }
  return arrange(read.data, join !== undefined);
}

function arrange(v: z.output<typeof environment>, joining: boolean): AgentConfig {
  const dataDir = resolve(v.DATA_DIR ?? v.STATE_DIRECTORY ?? usualDataDir);
  const kamailio = kamailioOf(v, dataDir);
  const browsers = browsersOf(v, dataDir);
  // from outside a host behind NAT is reached at the address that NAT gives it
  const reached = v.EXTERNAL_ADDRESS ?? v.SIP_ADDRESS;
  return {
    controlUrl: v.CONTROL_URL,
    joinToken: v.JOIN_TOKEN,
    joining,
    dataDir,
    port: v.EDGE_PORT,
    name: v.EDGE_NAME ?? hostname().slice(0, 64),
    sip: reached ? { server: reached, port: v.SIP_PORT, transport: v.SIP_TRANSPORT } : null,
    front: v.ENGINE === "kamailio" ? kamailio.front : frontOf(v.FRONT_ADDRESS ?? v.SIP_ADDRESS, v.FRONT_PORT),
    webSocket: v.WSS_URL ?? (reached ? webSocketOf(v.ENGINE, reached, kamailio, browsers) : null),
    certificate: certificateOf(v, dataDir, kamailio, browsers),
    compareSeconds: v.COMPARE_SECONDS,
    logLevel: v.LOG_LEVEL,
    engine: v.ENGINE,
    upgrade: { dir: v.UPGRADE_DIR === undefined ? null : resolve(v.UPGRADE_DIR), outcome: v.UPGRADE_OUTCOME },
    freeswitchDir: v.FREESWITCH_DIR === undefined ? null : resolve(v.FREESWITCH_DIR),
    kamailio,
    freeswitch: {
      sipAddress: v.SIP_ADDRESS ?? "127.0.0.1",
      sipPort: v.SIP_PORT,
      carriersPort: v.CARRIERS_PORT,
      front: { address: v.FRONT_ADDRESS ?? v.SIP_ADDRESS ?? "127.0.0.1", port: v.FRONT_PORT },
      browsers,
      externalAddress: v.EXTERNAL_ADDRESS ?? null,
      pingSeconds: v.PHONE_PING_SECONDS,
      esl: {
        host: v.ESL_HOST,
        port: v.ESL_PORT,
        password: v.ESL_PASSWORD ?? readSecret("ESL_PASSWORD_FILE", v.ESL_PASSWORD_FILE),
      },
      cdrDir: v.CDR_DIR ?? join(dataDir, "cdr"),
      voicemailDir: v.VOICEMAIL_DIR ?? join(dataDir, "voicemail"),
      recordingsDir: v.RECORDINGS_DIR ?? join(dataDir, "recordings"),
      promptsDir: join(dataDir, "prompts"),
      lampsFile: join(dataDir, "lamps"),
      soundsDir: v.SOUNDS_DIR ?? null,
    },
  };
}

/** Port 0: no browsers. */
function browsersOf(v: z.output<typeof environment>, dataDir: string): FreeswitchConfig["browsers"] {
  const { WSS_CERTIFICATE: certificate, WSS_KEY: key } = v;
  if ((certificate === undefined) !== (key === undefined))
    throw new ConfigError("WSS_CERTIFICATE and WSS_KEY go together: set both, or none");
  if (v.WSS_PORT === 0) return null;
  return {
    ...{ wssPort: v.WSS_PORT, wsPort: v.WS_PORT ?? null, tlsDir: join(dataDir, "tls") },
    certificate: certificate !== undefined && key !== undefined ? { certificate, key } : null,
    obtained: certificateFile(dataDir),
  };
}

/** Null where somebody gave a certificate, or the engine has no TLS. */
function certificateOf(
  v: z.output<typeof environment>,
  dataDir: string,
  { tls }: KamailioConfig,
  browsers: FreeswitchConfig["browsers"],
): AgentConfig["certificate"] {
  const { ACME_EAB_KID: kid, ACME_EAB_HMAC_KEY: hmacKey } = v;
  if ((kid === undefined) !== (hmacKey === undefined))
    throw new ConfigError("ACME_EAB_KID and ACME_EAB_HMAC_KEY go together: set both, or none");
  const engine = v.ENGINE === "kamailio" ? tls : browsers;
  if (v.ACME_DIRECTORY === "off" || !engine || engine.certificate !== null) return null;
  const addresses = [...new Set([v.EXTERNAL_ADDRESS ?? v.SIP_ADDRESS ?? ""])].filter((one) => isIP(one) !== 0);
  const isReached = addresses.some((one) => !/^(127\.|0\.|::1?$)/.test(one));
  return {
    ...{ dataDir, addresses, directory: v.ACME_DIRECTORY ?? null, email: v.ACME_EMAIL ?? null },
    caFile: v.ACME_CA_FILE ?? null,
    binding: kid !== undefined && hmacKey !== undefined ? { kid, hmacKey } : null,
    wssPort: v.WSS_URL === undefined && isReached ? engine.wssPort : null,
  };
}

/** What browsers are told where nobody said it: a certificate that they don't trust is of less use than none. */
function webSocketOf(
  engine: AgentConfig["engine"],
  address: string,
  { tls }: KamailioConfig,
  browsers: FreeswitchConfig["browsers"],
): string | null {
  const at = (scheme: string, host: string, port: number) =>
    `${scheme}://${host.includes(":") ? `[${host}]` : host}:${port}`;
  if (engine === "kamailio") return tls && at("wss", address, tls.wssPort);
  if (browsers === null) return null;
  const { wsPort, wssPort, certificate } = browsers;
  return wsPort !== null && certificate === null ? at("ws", "127.0.0.1", wsPort) : at("wss", address, wssPort);
}

function kamailioOf(v: z.output<typeof environment>, dataDir: string): KamailioConfig {
  const { KAMAILIO_CERTIFICATE: certificate = null, KAMAILIO_KEY: key = null } = v;
  if ((certificate === null) !== (key === null))
    throw new ConfigError("KAMAILIO_CERTIFICATE and KAMAILIO_KEY go together: set both, or none");
  const sipAddress = v.SIP_ADDRESS ?? "127.0.0.1";
  const secure = certificate !== null || v.KAMAILIO_TLS_PORT !== undefined;
  return {
    ...{ dir: resolve(v.KAMAILIO_DIR ?? join(dataDir, "kamailio")), sipAddress },
    ...{ sipPort: v.SIP_PORT, carriersPort: v.CARRIERS_PORT, externalAddress: v.EXTERNAL_ADDRESS ?? null },
    front: { address: v.FRONT_ADDRESS ?? sipAddress, port: v.FRONT_PORT },
    tls: secure
      ? {
          ...{ port: v.KAMAILIO_TLS_PORT ?? 5061, wssPort: v.KAMAILIO_WSS_PORT, certificate, key },
          obtained: certificateFile(dataDir),
        }
      : null,
    relay: relayOf(v.KAMAILIO_RTPENGINE, v.KAMAILIO_RELAY),
    ...{ eventsPort: v.KAMAILIO_EVENTS_PORT, pingSeconds: v.PHONE_PING_SECONDS, banSeconds: v.KAMAILIO_BAN_SECONDS },
    ...{ workers: v.KAMAILIO_WORKERS, sharedMegabytes: v.KAMAILIO_MEMORY_MEGABYTES },
  };
}

function relayOf(given: string | undefined, of: "browsers" | "nat" | "all"): KamailioConfig["relay"] {
  if (given === undefined) return null;
  const [address = "", at] = given.split(":");
  return { address, port: Number(at), of };
}

const frontOf = (address: string | undefined, at: number): Front =>
  address === undefined ? null : { address, port: at };

function joinArguments(args: string[]): { url: string; token: string } | undefined {
  const at = args.indexOf("--join");
  if (at < 0) return undefined;
  const [url, token] = args.slice(at + 1);
  if (!url || !token)
    throw new ConfigError("--join: needs the control plane's URL and a token, as in --join https://pbx.example TOKEN");
  return { url, token };
}

function readSecret(variable: string, file: string | undefined): string {
  if (!file) return "";
  try {
    return readFileSync(file, "utf8").trim();
  } catch (error) {
    throw new ConfigError(`${variable}: can't read ${file}: ${error instanceof Error ? error.message : String(error)}`);
  }
}
