// `npm start`: the control plane, the console and a local edge agent; FreeSWITCH, and Kamailio with an agent of its own, where told to. Ctrl-C stops everything cleanly; a second start
// finds everything as it was.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { idOf, type Owner } from "../core/owner.ts";
import { findFreeswitch } from "../edge-agent/drivers/freeswitch/run.ts";
import { findKamailio } from "../edge-agent/drivers/kamailio/run.ts";
import { readHead } from "../functions/document/head.ts";
import { newToken } from "../functions/edges/edge.ts";
import * as keys from "../functions/keys.ts";
import { accepting, appears, type Child, supervise } from "./child.ts";
import { type Control, startControl } from "./control.ts";
import { freeswitchEnvironment, superviseFreeswitch, wantedFreeswitch } from "./freeswitch.ts";
import { superviseKamailio, wantedKamailio } from "./kamailio.ts";
import { superviseRtpengine } from "./rtpengine.ts";
import { aboveFront, parseSettings, type Settings } from "./settings.ts";

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

async function main(): Promise<void> {
  const settings = parseSettings(process.env, process.argv.slice(2));
  const program = settings.with.freeswitch && wantedFreeswitch(settings.with.freeswitch);
  const front = settings.with.kamailio && wantedKamailio(settings.with.kamailio);
  const control = await startControl({
    dataDir: settings.DATA_DIR,
    host: settings.HOST,
    port: settings.PORT,
    publicUrl: settings.PUBLIC_URL,
    trustedProxies: settings.TRUSTED_PROXIES,
    rateLimit: settings.RATE_LIMIT,
    sipZone: settings.SIP_ZONE,
    logLevel: settings.LOG_LEVEL,
    webhookAllow: settings.WEBHOOK_ALLOW,
    breachedPasswords: settings.BREACHED_PASSWORDS,
    webDir: here("../web/dist"),
  });
  const children: Child[] = [];
  let stopping: Promise<never> | undefined;
  const stop = (code: number): Promise<never> => {
    stopping ??= (async () => {
      for (const child of [...children].reverse()) await child.stop();
      await control.close();
      process.exit(code);
    })();
    return stopping;
  };
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => void stop(0));
  try {
    const environment = await edgeEnvironment(settings, control);
    children.push(supervise("edge agent", [here("../edge-agent/main.ts")], environment));
    await accepting(settings.EDGE_PORT, 60_000, "The edge agent");
    if (program) children.push(await superviseFreeswitch(program, settings.DATA_DIR, environment));
    if (front) {
      const own = await frontEnvironment(settings, control);
      const { told, child } = await superviseRtpengine(settings.RTPENGINE_PORT, own);
      if (child) children.push(child);
      const its = { ...own, ...told };
      children.push(await superviseKamailio(front, its));
      children.push(supervise("Kamailio's edge agent", [here("../edge-agent/main.ts")], its));
      // from now on phones are told where it is
      await appears(join(settings.DATA_DIR, "front/identity.json"), 30_000, "Kamailio's edge agent");
    }
    console.log(announcement(settings, control, program, front));
  } catch (error) {
    if (stopping) return;
    console.error(error instanceof Error ? error.message : error);
    await stop(1);
  }
}

/** The local agent's environment; with a join token as long as it has not enrolled. */
async function edgeEnvironment(settings: Settings, control: Control): Promise<Record<string, string>> {
  const ports = portsOf(settings);
  return {
    ...(await anyEnvironment(settings, control, "edge")),
    EDGE_PORT: String(settings.EDGE_PORT),
    EDGE_NAME: "local",
    SIP_PORT: String(ports.phones),
    CARRIERS_PORT: String(ports.carriers),
    FRONT_PORT: String(ports.front),
    ESL_PORT: String(settings.ESL_PORT),
    ...browserEnvironment(settings),
    ...freeswitchEnvironment(settings.DATA_DIR),
  };
}

/** A browser on this machine speaks to it without TLS where no certificate is given, as it would trust none that is made here. */
function browserEnvironment(settings: Settings): Record<string, string> {
  const { WSS_PORT, WS_PORT, WSS_CERTIFICATE, WSS_KEY, WSS_URL, SIP_ADDRESS } = settings;
  const isHere = SIP_ADDRESS.startsWith("127.") || SIP_ADDRESS === "::1";
  return {
    WSS_PORT: String(WSS_PORT + (settings.with.kamailio ? aboveFront : 0)),
    ...(isHere && { WS_PORT: String(WS_PORT) }),
    ...(WSS_CERTIFICATE !== undefined && { WSS_CERTIFICATE }),
    ...(WSS_KEY !== undefined && { WSS_KEY }),
    ...(WSS_URL !== undefined && { WSS_URL }),
  };
}

/** Where FreeSWITCH listens: with Kamailio in front, that has the ports that phones and carriers know. */
function portsOf(settings: Settings): { phones: number; carriers: number; front: number } {
  const above = settings.with.kamailio ? aboveFront : 0;
  return {
    phones: settings.SIP_PORT + above,
    carriers: settings.CARRIERS_PORT + above,
    front: settings.FRONT_PORT + above,
  };
}

/** Of the agent that serves Kamailio: an edge of its own. */
async function frontEnvironment(settings: Settings, control: Control): Promise<Record<string, string>> {
  const {
    KAMAILIO_TLS_PORT: tls,
    KAMAILIO_WSS_PORT: wss,
    KAMAILIO_RTPENGINE: rtpengine,
    KAMAILIO_RELAY: whose,
  } = settings;
  return {
    ...(await anyEnvironment(settings, control, "front")),
    ENGINE: "kamailio",
    // it is not asked for anything
    EDGE_PORT: "0",
    EDGE_NAME: "front",
    SIP_PORT: String(settings.SIP_PORT),
    CARRIERS_PORT: String(settings.CARRIERS_PORT),
    FRONT_PORT: String(settings.FRONT_PORT),
    KAMAILIO_EVENTS_PORT: String(settings.KAMAILIO_EVENTS_PORT),
    ...(tls !== undefined && { KAMAILIO_TLS_PORT: String(tls) }),
    ...(wss !== undefined && { KAMAILIO_WSS_PORT: String(wss) }),
    ...(rtpengine !== undefined && { KAMAILIO_RTPENGINE: rtpengine }),
    ...(whose !== undefined && { KAMAILIO_RELAY: whose }),
  };
}

async function anyEnvironment(settings: Settings, control: Control, name: string): Promise<Record<string, string>> {
  const folder = join(settings.DATA_DIR, name);
  const loopback = control.url.replace("//0.0.0.0:", "//127.0.0.1:").replace("//[::]:", "//127.0.0.1:");
  return {
    CONTROL_URL: loopback,
    DATA_DIR: folder,
    SIP_ADDRESS: settings.SIP_ADDRESS,
    LOG_LEVEL: settings.LOG_LEVEL,
    ...(!existsSync(join(folder, "identity.json")) && { JOIN_TOKEN: await joinToken(control) }),
  };
}

/** A one-time token for the operator's default pool. */
async function joinToken({ ctx }: Control): Promise<string> {
  const operator = await ctx.store.get(keys.operator);
  const head = await readHead(ctx.store, operator?.owner as Owner);
  if (!head?.defaultPool) throw new Error("the operator's account has no default pool; the data folder is damaged");
  return (await newToken(ctx, idOf(head.owner), head.defaultPool)).token;
}

function announcement(
  settings: Settings,
  control: Control,
  program: string | undefined,
  front: string | undefined,
): string {
  const installed = findFreeswitch();
  const { SIP_ADDRESS: address } = settings;
  const { phones, carriers } = portsOf(settings);
  const engine = program
    ? `FreeSWITCH runs: phones at ${address}:${phones}, carriers at ${address}:${carriers}`
    : installed
      ? `FreeSWITCH is installed (${installed}) and was not started: npm start -- --with freeswitch`
      : "No FreeSWITCH on this host; its lookups are answered all the same, so curl shows the XML";
  return [
    `Dialplane     ${control.url}   (console; API reference at /docs)`,
    `Operator key  in ${control.operatorKeyFile}`,
    `Mail          in ${join(settings.DATA_DIR, "mail")}, and at ${control.url}/dev/mail`,
    `Edge lookups  http://127.0.0.1:${settings.EDGE_PORT}/`,
    `Engine        ${engine}`,
    ...frontLine(settings, front),
  ].join("\n");
}

function frontLine({ SIP_ADDRESS: address, SIP_PORT, CARRIERS_PORT }: Settings, front: string | undefined): string[] {
  if (front)
    return [`Front         Kamailio runs: phones at ${address}:${SIP_PORT}, carriers at ${address}:${CARRIERS_PORT}`];
  const installed = findKamailio();
  return installed
    ? [`Front         Kamailio is installed (${installed}) and was not started: npm start -- --with kamailio`]
    : [];
}

try {
  await main();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
}
