// SIPp: plays a scenario of test/engines/sipp with its @places@ filled in, on loopback, and says how it went and what was received.
import { spawn } from "node:child_process";
import { createSocket } from "node:dgram";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { lengthOf, writeDigits } from "./dtmf.ts";
import { phonePort } from "./phone-port.ts";
import { onPath } from "./skip.ts";

export const sippInstalled = onPath("sipp") !== undefined;

export type Played = {
  /** 0: the scenario went as written. */
  code: number;
  /** The SIP messages received, in order. */
  received: string[];
  sent: string[];
  /** Why it did not go as written. */
  errors: string;
};

/** `heard`: packets of media that came by now, where it echoes. */
export type Playing = { port: number; done: Promise<Played>; heard(): number; stop(): void };

// each worker of a run has ports of its own, and gives none out twice before all of them
const portsEach = 5000;
const firstPort = 10_000 + (Number(process.env.VITEST_POOL_ID ?? 1) % 4) * portsEach;
/** Media takes the three behind it too. */
const step = 4;
let nextPort = Math.floor((Math.random() * portsEach) / step);

/**
 * A port of loopback that is free for UDP and TCP. Below the range that the system deals out by itself, as FreeSWITCH takes seconds before it binds
 * what it was given, and other tests run meanwhile.
 */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = firstPort + ((nextPort++ * step) % portsEach);
    if ((await bindsUdp(port)) && (await bindsTcp(port))) return port;
  }
}

const bindsUdp = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = createSocket("udp4");
    socket.on("error", () => resolve(false));
    socket.bind(port, "127.0.0.1", () => socket.close(() => resolve(true)));
  });

const bindsTcp = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const server = createServer();
    server.on("error", () => resolve(false));
    server.listen(port, "127.0.0.1", () => server.close(() => resolve(true)));
  });

/** An even port for RTP, with room behind it for RTCP and for video. */
async function freeMediaPort(): Promise<number> {
  for (;;) {
    const port = (await freePort()) & ~1;
    const free = await Promise.all([port, port + 1, port + 2, port + 3].map(bindsUdp));
    if (free.every(Boolean)) return port;
  }
}

const places = {
  from: "",
  media: "",
  talk: "300",
  expires: "300",
  ring: "",
  wait: "100",
  status: "200",
  realm: "",
  domain: "",
};

/** Digits that a caller types, one group after another: so many ms after the answer or the group before. */
export type Typed = readonly (readonly [afterMs: number, digits: string])[];

/**
 * Starts SIPp and resolves when it listens. `to` is where it sends; without one it waits for a call. `tone`: it plays half a second of noise, over and
 * over, once the call is answered. `echo`: what it hears it says. `typed`: digits once the call is answered (SIPp sends them over a raw socket, which only root may open).
 */
export async function sipp(
  scenario: string,
  values: Record<string, string>,
  options: { to?: number; port?: number; timeoutSeconds?: number; tone?: boolean; echo?: boolean; typed?: Typed } = {},
): Promise<Playing> {
  const folder = mkdtempSync(join(tmpdir(), "dp-sipp-"));
  const port = options.port ?? (await freePort());
  const tone = join(folder, "tone.ulaw");
  writeFileSync(tone, Buffer.from(Array.from({ length: 4000 }, (_, i) => (i % 16 < 8 ? 0x20 : 0xa0))));
  const talk = options.tone ? `<nop><action><exec rtp_stream="${tone},-1,0"/></action></nop>` : "";
  const media = talk + keys(folder, options.typed ?? []);
  const filled = { ...places, media, from: `<sip:${values.user}@${values.domain}>`, ...values };
  const text = readFileSync(new URL(`../engines/sipp/${scenario}.xml`, import.meta.url), "utf8");
  const file = join(folder, `${scenario}.xml`);
  const echo = options.echo ? await echoing() : undefined;
  const at = echo ? text.replaceAll(/\[(auto_)?media_port\]/g, String(echo.port)) : text;
  writeFileSync(file, fill(at, filled));
  // a caller that nobody calls needs no port of its own
  const phone = options.port === undefined ? undefined : await phonePort(port, options.to);
  const own = phone ? await freePort() : port;
  const listening = ["-sf", file, "-m", "1", "-i", "127.0.0.1", "-p", String(own), "-nostdin", "-mi", "127.0.0.1"];
  const mediaPort = String(await freeMediaPort());
  const limits = ["-timeout", `${options.timeoutSeconds ?? 20}s`, "-timeout_error", "-mp", mediaPort];
  const traces = [
    "-trace_msg",
    "-message_file",
    join(folder, "messages"),
    "-trace_err",
    "-error_file",
    join(folder, "e"),
  ];
  const target = options.to === undefined ? [] : [`127.0.0.1:${phone ? port : options.to}`];
  const child = spawn("sipp", [...target, ...listening, ...limits, ...traces], {
    stdio: "ignore",
    cwd: folder,
  });
  const done = new Promise<Played>((resolve) => {
    child.on("exit", (code) => {
      const { received, sent } = readMessages(join(folder, "messages"));
      const errors = readOr(join(folder, "e"));
      rmSync(folder, { recursive: true, force: true });
      phone?.giveBack();
      echo?.close();
      resolve({ code: code ?? -1, received, sent, errors });
    });
  });
  phone?.lend(own);
  await listens(own, child);
  return { port, done, heard: () => echo?.heard() ?? 0, stop: () => child.kill("SIGKILL") };
}

/** The scenario's steps that type, with the captures they need. The call's own thread goes on while SIPp plays one: it waits for its end. */
function keys(folder: string, typed: Typed): string {
  const steps = typed.map(([afterMs, digits], index) => {
    const file = join(folder, `typed-${index}.pcap`);
    writeDigits(file, digits);
    const wait = (milliseconds: number) => `<pause milliseconds="${milliseconds}"/>`;
    return `${wait(afterMs)}<nop><action><exec play_pcap_audio="${file}"/></action></nop>${wait(lengthOf(digits))}`;
  });
  return steps.join("");
}

/** Sends each packet of media back to where it came from, and counts them. (SIPp's own stops after some.) */
async function echoing() {
  const port = await freeMediaPort();
  const socket = createSocket("udp4");
  await new Promise<void>((resolve) => socket.bind(port, "127.0.0.1", resolve));
  let heard = 0;
  socket.on("message", (packet, from) => {
    heard += 1;
    socket.send(packet, from.port, from.address);
  });
  return { port, heard: () => heard, close: () => socket.close() };
}

/** Plays it to the end. */
export const play = async (...args: Parameters<typeof sipp>): Promise<Played> => (await sipp(...args)).done;

/** Throws with SIPp's own words where the scenario did not go as written. */
export function went(played: Played): Played {
  if (played.code !== 0) throw new Error(`SIPp ended with ${played.code}: ${played.errors}`);
  return played;
}

/** `@name@` of a scenario; in SIP text also directly before an address's own `@`. */
function fill(text: string, values: Record<string, string | undefined>): string {
  return text.replace(/@(\w+)@/g, (_, name: string) => {
    const value = values[name];
    if (value === undefined) throw new Error(`the scenario wants @${name}@`);
    return value;
  });
}

function readOr(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}

function readMessages(file: string): { received: string[]; sent: string[] } {
  const found = { received: [] as string[], sent: [] as string[] };
  const parts = readOr(file).split(/^-{20,} .*$/m);
  for (const part of parts) {
    const [, way, text] = /^\s*\S+ message (received|sent).*?:\s*\n\n?([\s\S]*)$/.exec(part) ?? [];
    if (text !== undefined) (way === "received" ? found.received : found.sent).push(text.trim());
  }
  return found;
}

/** Linux says who listens; where it does not, SIPp's retransmissions bridge the gap. */
async function listens(port: number, child: { exitCode: number | null }): Promise<void> {
  const hex = `:${port.toString(16).toUpperCase().padStart(4, "0")} `;
  for (let tries = 0; tries < 100 && child.exitCode === null; tries++) {
    if (readOr("/proc/net/udp").includes(hex)) return;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
