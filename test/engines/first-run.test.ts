// Somebody without a company yet, in a real browser: from the sign-up page to a phone that rings in it and is heard both ways, in under three minutes.
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { buildWeb } from "../../scripts/build-web.ts";
import { startBrowser, wholeChromiumPath } from "../support/chromium.ts";
import { engineInstalled } from "../support/freeswitch.ts";
import { linkTo } from "../support/mailed.ts";
import { offerSignUp } from "../support/offering.ts";
import { needs } from "../support/skip.ts";
import { type Stack, startStack } from "../support/stack.ts";
import { goodPassword } from "../support/visitor.ts";

/** A microphone that hums, and a host whose certificate nobody signed. */
const media = [
  "--use-fake-device-for-media-stream",
  "--use-fake-ui-for-media-stream",
  "--autoplay-policy=no-user-gesture-required",
  "--ignore-certificate-errors",
];

describe.runIf(engineInstalled() && needs("Chromium", wholeChromiumPath !== undefined))("the first run", () => {
  let stack: Stack;
  let browser: Browser;
  let page: Page;

  beforeAll(async () => {
    const webDir = await buildWeb();
    stack = await startStack({ freeswitch: true, webDir });
    await offerSignUp(stack.control, "+15557770001");
    await stack.engineReady();
    browser = await startBrowser(media, wholeChromiumPath);
    const context = await browser.newContext({
      baseURL: stack.control.url,
      locale: "en-GB",
      ignoreHTTPSErrors: true,
    });
    await context.addInitScript(() => {
      const all: RTCPeerConnection[] = [];
      const Real = window.RTCPeerConnection;
      Object.assign(window, {
        peers: all,
        RTCPeerConnection: class extends Real {
          constructor(...given: ConstructorParameters<typeof Real>) {
            super(...given);
            all.push(this);
          }
        },
      });
    });
    page = await context.newPage();
    page.setDefaultTimeout(30_000);
  }, 120_000);
  afterAll(async () => {
    await browser?.close();
    await stack?.stop();
  });

  /** How much sound has come out of the newest call, and how many packets went each way. */
  const soundNow = () =>
    page.evaluate(async () => {
      const found = { energy: 0, received: 0, sent: 0 };
      const all = (window as unknown as { peers: RTCPeerConnection[] }).peers;
      for (const report of (await all.at(-1)?.getStats())?.values() ?? []) {
        if (report.type === "inbound-rtp") {
          found.energy += report.totalAudioEnergy;
          found.received += report.packetsReceived;
        }
        if (report.type === "outbound-rtp") found.sent += report.packetsSent;
      }
      return found;
    });

  it("signs up, names two people, has a number lead somewhere, and the browser rings and is heard both ways", {
    timeout: 200_000,
  }, async () => {
    const began = Date.now();
    const email = "ada@first.example";
    await page.goto("/sign-up");
    await page.getByLabel("Company").fill("Ada & Sons");
    await page.getByRole("radio", { name: /clinic/ }).check();
    await page.getByLabel("Your name").fill("Ada");
    await page.getByLabel("Email address").fill(email);
    await page.getByLabel("New password").fill(goodPassword);
    await page.getByRole("button", { name: "Sign up" }).click();
    await page.goto(await linkTo(stack.control.dataDir, email));
    await page.getByRole("button", { name: "Make my phone system" }).click();
    await page.getByRole("group", { name: "Extension 1002" }).getByLabel("Name").fill("Bob");
    await page.getByRole("button", { name: "Save and go on" }).click();
    await page.getByText("+15557770001").waitFor();
    await page.getByRole("button", { name: "Save and go on" }).click();
    await page.getByRole("button", { name: "Turn on the phone" }).click();
    await page.getByRole("status").filter({ hasText: "Ready" }).first().waitFor();
    await page.getByRole("button", { name: "Ring me" }).click();
    await page.getByRole("button", { name: "Answer", exact: true }).click();
    // the words before it are the host's own and over by then: what is heard is the microphone's hum, there and back
    const packets = async () => Math.min((await soundNow()).received, (await soundNow()).sent);
    await expect.poll(packets, { timeout: 30_000 }).toBeGreaterThan(250);
    const { energy } = await soundNow();
    const since = async () => (await soundNow()).energy - energy;
    await expect.poll(since, { timeout: 15_000, interval: 50 }).toBeGreaterThan(0.000_01);
    const seconds = (Date.now() - began) / 1000;
    console.log(`from the sign-up page to a call that is heard both ways: ${seconds.toFixed(1)} s`);
    expect(seconds).toBeLessThan(180);
    await page.getByRole("button", { name: "Hang up", exact: true }).click();
    await page.getByText("That went through.").waitFor();
    await page.getByRole("button", { name: "I heard it: done" }).click();
    const list = page.getByRole("region", { name: "First steps" });
    await list.getByText("2 left").waitFor();
    expect(await list.getByRole("link").allTextContents()).toEqual([
      "Say where the phones are",
      "Protect your account",
    ]);
  });
});
