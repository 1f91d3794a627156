// The console's phone line (web/phone/line.ts) in a page of its own, in a real browser: SIP over WSS and WebRTC, with a microphone that hums.
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import type { Browser } from "playwright-core";
import type { Call, Credential, Ended, Line, Listening } from "../../web/phone/line.ts";
import { startBrowser, wholeChromiumPath } from "./chromium.ts";

/** A microphone that hums, and a host whose certificate nobody signed. */
export const startMediaBrowser = (): Promise<Browser> =>
  startBrowser(
    [
      "--use-fake-device-for-media-stream",
      "--use-fake-ui-for-media-stream",
      "--autoplay-policy=no-user-gesture-required",
      "--ignore-certificate-errors",
    ],
    wholeChromiumPath,
  );

type Page = { line: Line; calls: Call[]; ended: Ended[]; standing: string; peers: RTCPeerConnection[] };
type Opener = { openLine(credential: Credential, listening: Listening): Promise<Line> };
/** Of all calls so far: packets of audio, those that came and those that were sent, and how loud what came was. */
export type Heard = { received: number; sent: number; energy: number; secured: boolean };

/** Turns the line on, in a page of this host's: others may not ask loopback, nor have a microphone without https. */
export async function openBrowserLine(browser: Browser, credential: Credential) {
  const root = fileURLToPath(new URL("../..", import.meta.url));
  const contents = 'import { openLine } from "./web/phone/line.ts"; Object.assign(window, { openLine });';
  const made = await build({
    ...{ stdin: { contents, resolveDir: root }, bundle: true, format: "iife", write: false, logLevel: "silent" },
  });
  const server = createServer((_, response) => {
    response.setHeader("content-type", "text/html").end("<!doctype html><title>phone</title>");
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const context = await browser.newContext({ ignoreHTTPSErrors: true });
  await context.addInitScript(() => {
    const peers: RTCPeerConnection[] = [];
    const Real = window.RTCPeerConnection;
    class Kept extends Real {
      constructor(...given: ConstructorParameters<typeof Real>) {
        super(...given);
        peers.push(this);
      }
    }
    Object.assign(window, { RTCPeerConnection: Kept, peers, calls: [], ended: [], standing: "" });
  });
  const page = await context.newPage();
  await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
  server.close().closeAllConnections();
  await page.addScriptTag({ content: made.outputFiles[0]?.text ?? "" });
  await page.evaluate(async (given) => {
    const here = window as unknown as Page & Opener;
    here.line = await here.openLine(given, {
      onCalls: (calls) => void Object.assign(window, { calls }),
      onStanding: (standing) => void Object.assign(window, { standing }),
      onRinging: () => undefined,
      onEnded: (ended) => void here.ended.push(ended),
    });
  }, credential);
  return {
    standing: (): Promise<string> => page.evaluate(() => (window as unknown as Page).standing),
    calls: (): Promise<Call[]> => page.evaluate(() => (window as unknown as Page).calls),
    /** By what status each call ended that came to nothing; null: it simply ended. */
    ended: (): Promise<(number | null)[]> =>
      page.evaluate(() => (window as unknown as Page).ended.map(({ status }) => status)),
    dial: (number: string): Promise<void> => page.evaluate((to) => (window as unknown as Page).line.dial(to), number),
    /** With the one call that there is. */
    with: (verb: "answer" | "hangUp" | "hold" | "resume"): Promise<void> =>
      page.evaluate(async (what) => {
        const { line, calls } = window as unknown as Page;
        const id = calls[0]?.id ?? "";
        if (what === "answer") await line.answer(id);
        else if (what === "hangUp") await line.hangUp(id);
        else await line.hold(id, what === "hold");
      }, verb),
    /** By the browser's own count (getStats). */
    heard: (): Promise<Heard> =>
      page.evaluate(async () => {
        const sum = { received: 0, sent: 0, energy: 0, secured: false };
        for (const peer of (window as unknown as Page).peers) {
          // of a connection that was closed nothing is known any more
          for (const report of (await peer.getStats()).values()) {
            if (report.type === "inbound-rtp") sum.received += report.packetsReceived;
            if (report.type === "inbound-rtp") sum.energy += report.totalAudioEnergy ?? 0;
            if (report.type === "outbound-rtp") sum.sent += report.packetsSent;
            if (report.type === "transport" && report.dtlsState === "connected") sum.secured = true;
          }
        }
        return sum;
      }),
    /** Its process is gone, without a word to anybody. */
    vanish: (): Promise<void> => context.close(),
  };
}
