// Writes a folder that is ready for Kamailio: the shipped kamailio.cfg, this host's values beside it, and a certificate where none was given.
import { randomBytes } from "node:crypto";
import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { isIP } from "node:net";
import { join } from "node:path";
import { readCertificate } from "../../certificate/files.ts";
import { type Certificate, selfSigned } from "../../certificate/self-signed.ts";
import { asKamailioHas } from "./address.ts";
import type { KamailioConfig } from "./config.ts";
import { openLocation } from "./location.ts";
import { serverId } from "./peers.ts";
import { openTables } from "./tables.ts";

const shipped = new URL("conf/kamailio.cfg", import.meta.url);
const mark = "dialplane";
/** In the order of the configuration's numbers. */
const whose: readonly NonNullable<KamailioConfig["relay"]>["of"][] = ["browsers", "nat", "all"];

/** Requests of a stranger within two seconds that are a flood, and the shortest registration: tests have their own. */
export type Tuning = { density?: number; minExpires?: number };

/**
 * Writes or refreshes `config.dir`; its secrets stay. Throws, and touches nothing, if the folder holds a configuration that is not ours, or where a
 * value can't stand in one.
 */
export function install(config: KamailioConfig, { density = 160, minExpires = 60 }: Tuning = {}): void {
  const { dir } = config;
  if (existsSync(join(dir, "kamailio.cfg")) && !existsSync(join(dir, mark)))
    throw new Error(
      `${dir} holds a Kamailio configuration that Dialplane did not write; set KAMAILIO_DIR to another folder`,
    );
  const host = hostConfiguration(config, { density, minExpires });
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  chmodSync(dir, 0o700);
  write(join(dir, mark), "This folder is written by Dialplane's edge agent at every start. Changes are lost.\n");
  const nonces = secretIn(dir, "nonce.secret");
  write(
    join(dir, "host.cfg"),
    `${host}${substitution("DP_NONCE_SECRET", nonces)}${substitution("DP_EVENTS_SECRET", eventsSecret(dir))}`,
  );
  if (!existsSync(join(dir, "dispatcher.list"))) write(join(dir, "dispatcher.list"), "");
  openTables(tablesFile(dir)).close();
  openLocation(locationFile(dir)).close();
  writeTls(config);
  write(join(dir, "kamailio.cfg"), readFileSync(shipped, "utf8"));
}

/** Names the certificate that is to be presented: the one that was given, else the one that the agent got, else one that only tests trust. */
export function writeTls(config: KamailioConfig): void {
  if (config.tls) write(join(config.dir, "tls.cfg"), tlsConfiguration(config.tls, config));
}

export const tablesFile = (dir: string): string => join(dir, "tables.db");
export const locationFile = (dir: string): string => join(dir, "location.db");
export const controlSocket = (dir: string): string => join(dir, "ctl");

/** What the agent shows to be given events: another user of this host must not. */
export const eventsSecret = (dir: string): string => secretIn(dir, "events.secret");

function hostConfiguration(config: KamailioConfig, tuning: Required<Tuning>): string {
  const { dir, sipAddress, front, externalAddress, tls } = config;
  if (!/^\/[\w./-]+$/.test(dir) || controlSocket(dir).length > 100)
    throw new Error(
      `KAMAILIO_DIR: ${JSON.stringify(dir)} must be an absolute path of at most 96 letters, digits and ._-/`,
    );
  const address = bracketed(sipAddress, "SIP_ADDRESS");
  const socket = (protocol: string, port: number, name: string): string => {
    const advertise =
      externalAddress === null ? "" : ` advertise ${bracketed(externalAddress, "EXTERNAL_ADDRESS")}:${port}`;
    return `listen=${protocol}:${address}:${port}${advertise} name "${name}"`;
  };
  const inside = `${bracketed(front.address, "FRONT_ADDRESS")}:${front.port}`;
  return [
    "# This host, written by Dialplane's edge agent at every start. Changes are lost.",
    socket("udp", config.sipPort, "phones"),
    socket("tcp", config.sipPort, "phonestcp"),
    socket("udp", config.carriersPort, "carriers"),
    socket("tcp", config.carriersPort, "carrierstcp"),
    `listen=udp:${inside} name "front"`,
    ...(tls
      ? ["#!define WITH_TLS", "enable_tls=yes", socket("tls", tls.port, "tls"), socket("tls", tls.wssPort, "wss")]
      : []),
    ...(config.relay ? ["#!define WITH_RELAY"] : []),
    ...Object.entries({
      DP_RELAY: config.relay ? `${bracketed(config.relay.address, "KAMAILIO_RTPENGINE")}:${config.relay.port}` : "",
      DP_WHOSE_MEDIA: config.relay ? whose.indexOf(config.relay.of) : 0,
      DP_DIR: dir,
      DP_WORKERS: config.workers,
      DP_FRONT: `${asKamailioHas(front.address)}:${front.port}`,
      DP_INSIDE: inside,
      DP_SELF: serverId(front),
      DP_CARRIERS_PORT: config.carriersPort,
      DP_WSS_PORT: tls?.wssPort ?? 0,
      DP_EVENTS_PORT: config.eventsPort,
      DP_PING_SECONDS: config.pingSeconds,
      DP_BAN_SECONDS: config.banSeconds,
      DP_DENSITY: tuning.density,
      DP_MIN_EXPIRES: tuning.minExpires,
    }).map(([name, value]) => substitution(name, value).trimEnd()),
    "",
  ].join("\n");
}

/** Replaced in strings and where it stands by itself. No name may begin another. */
const substitution = (name: string, value: string | number): string => `#!substdef "!${name}!${value}!g"\n`;

function bracketed(address: string, variable: string): string {
  const version = isIP(address);
  if (version === 0)
    throw new Error(`${variable}: ${JSON.stringify(address)} must be an address of this host for Kamailio`);
  return version === 6 ? `[${address}]` : address;
}

function tlsConfiguration(tls: NonNullable<KamailioConfig["tls"]>, { dir, sipAddress }: KamailioConfig): string {
  const { certificate, key } =
    tls.certificate && tls.key
      ? { certificate: tls.certificate, key: tls.key }
      : tls.obtained && readCertificate(tls.obtained)
        ? { certificate: tls.obtained, key: tls.obtained }
        : selfSignedIn(dir, sipAddress);
  return [
    "[server:default]",
    "method = TLSv1.2+",
    `certificate = ${certificate}`,
    `private_key = ${key}`,
    "verify_certificate = no",
    "require_certificate = no",
    "",
    "[client:default]",
    "method = TLSv1.2+",
    "verify_certificate = no",
    "",
  ].join("\n");
}

function selfSignedIn(dir: string, address: string): Certificate {
  const made = selfSigned(dir, address);
  if (made) return made;
  throw new Error(
    "KAMAILIO_CERTIFICATE: name a certificate and KAMAILIO_KEY its key; openssl is not there to make one for tests",
  );
}

function secretIn(dir: string, name: string): string {
  const file = join(dir, name);
  if (!existsSync(file)) write(file, randomBytes(24).toString("hex"));
  return readFileSync(file, "utf8").trim();
}

function write(file: string, text: string): void {
  writeFileSync(`${file}.new`, text, { mode: 0o600 });
  renameSync(`${file}.new`, file);
}
