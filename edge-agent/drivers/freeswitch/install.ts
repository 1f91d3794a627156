// Writes a configuration folder that is ready for FreeSWITCH: the shipped freeswitch.xml, this host's values, and the static fall-backs.
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { readCertificate } from "../../certificate/files.ts";
import { selfSigned } from "../../certificate/self-signed.ts";
import { writeWss } from "./certify.ts";
import type { FreeswitchConfig } from "./config.ts";
import { configuration, fallback, names } from "./configuration.ts";
import { wanted } from "./fields.ts";
import { element, param, params, type Xml } from "./xml.ts";

export type Installation = {
  /** Where the configuration goes. */
  dir: string;
  config: FreeswitchConfig;
  /** Where the agent answers lookups, on loopback. */
  edgePort: number;
  switchname: string;
  rtp: { start: number; end: number };
  loglevel?: "debug" | "info" | "notice" | "warning";
};

const shipped = new URL("conf/freeswitch.xml", import.meta.url);
const mark = "dialplane";

/**
 * Writes or refreshes the folder; an event socket password that is there already stays valid by being handed in again. Throws, and touches nothing,
 * if the folder holds a configuration that is not ours.
 */
export function install({ dir, config, edgePort, switchname, rtp, loglevel = "notice" }: Installation): void {
  const ours = join(dir, mark);
  if (existsSync(join(dir, "freeswitch.xml")) && !existsSync(ours))
    throw new Error(`${dir} holds a FreeSWITCH configuration that Dialplane did not write; name another folder`);
  playable(config.promptsDir);
  if (config.soundsDir !== null) playable(config.soundsDir);
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  certify(config);
  for (const folder of [config.cdrDir, config.voicemailDir, config.recordingsDir, config.promptsDir])
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  write(ours, "This folder is written by Dialplane's edge agent at every start. Changes are lost.\n");
  write(
    join(dir, "vars.xml"),
    variables({
      dp_switchname: switchname,
      dp_rtp_start: String(rtp.start),
      dp_rtp_end: String(rtp.end),
      dp_loglevel: loglevel,
      dp_edge_port: String(edgePort),
      dp_cdr_dir: config.cdrDir,
    }),
  );
  write(join(dir, "event_socket.xml"), `${configuration("event_socket.conf", eventSocket(config.esl))}\n`);
  // without these FreeSWITCH sends all it knows of a call, some 180 fields
  write(join(dir, "lookup_fields.xml"), `${wanted.map((name) => param("enable-post-var", name)).join("\n")}\n`);
  write(join(dir, "fallback.xml"), `${names.map((name) => fallback(config, name)).join("\n")}\n`);
  write(join(dir, "freeswitch.xml"), readFileSync(shipped, "utf8"));
}

/** For WebSocket FreeSWITCH reads certificate, chain and key from one file. Without openssl it makes one by itself. */
function certify({ browsers, sipAddress }: FreeswitchConfig): void {
  if (browsers === null) return;
  mkdirSync(browsers.tlsDir, { recursive: true, mode: 0o700 });
  const held = browsers.certificate || browsers.obtained === null ? undefined : readCertificate(browsers.obtained);
  if (held) {
    writeWss(browsers.tlsDir, held.pem);
    return;
  }
  const files = browsers.certificate ?? selfSigned(browsers.tlsDir, sipAddress);
  if (files === undefined) return;
  const read = (file: string) => readFileSync(file, "utf8").trim();
  writeWss(browsers.tlsDir, `${read(files.certificate)}\n${read(files.key)}\n`);
}

const eventSocket = ({ host, port, password }: FreeswitchConfig["esl"]): Xml[] => {
  if (password === "") throw new Error("the event socket needs a password");
  const stops = { "nat-map": false, "stop-on-bind-error": true };
  return [element("settings", {}, params({ "listen-ip": host, "listen-port": port, password, ...stops }))];
};

/** Sounds are named in lists that these characters divide. */
function playable(folder: string): void {
  if (/[!'\\${}[\]]/.test(folder))
    throw new Error(`FreeSWITCH can't play sounds from ${JSON.stringify(folder)}; name another folder`);
}

/** The preprocessor takes a value as it stands up to the quote. */
function variables(values: Record<string, string>): string {
  for (const [name, value] of Object.entries(values))
    if (!/^[\x20-\x7e]+$/.test(value) || /["<>&$=]/.test(value))
      throw new Error(`${name}: FreeSWITCH's configuration can't hold ${JSON.stringify(value)}`);
  const lines = Object.entries(values).map(([name, value]) => `<X-PRE-PROCESS cmd="set" data="${name}=${value}"/>\n`);
  return lines.join("");
}

/** All or nothing: FreeSWITCH may read at any time. */
function write(file: string, text: string): void {
  writeFileSync(`${file}.new`, text, { mode: 0o600 });
  renameSync(`${file}.new`, file);
}
