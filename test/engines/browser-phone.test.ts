// The browser phone: the console in a real browser, on a control plane, an agent and a FreeSWITCH, with phones that SIPp plays.
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { buildWeb } from "../../scripts/build-web.ts";
import { startBrowser, wholeChromiumPath } from "../support/chromium.ts";
import { engineInstalled } from "../support/freeswitch.ts";
import { sipp, went } from "../support/sipp.ts";
import { needs } from "../support/skip.ts";
import { phoneOf, type Stack, startStack } from "../support/stack.ts";

type CallRecord = { id: string; outcome: string; hangupBy: string; from: Party; to: Party; legs: unknown[] };
type Party = { number: string | null; name: string | null };

/** A microphone that hums, and a host whose certificate nobody signed. */
const media = [
  "--use-fake-device-for-media-stream",
  "--use-fake-ui-for-media-stream",
  "--autoplay-policy=no-user-gesture-required",
  "--ignore-certificate-errors",
];

describe.runIf(engineInstalled() && needs("Chromium", wholeChromiumPath !== undefined))(
  "the browser phone",
  { timeout: 60_000 },
  () => {
    let stack: Stack;
    let browser: Browser;
    let page: Page;
    let acme: string;
    let bob: Awaited<ReturnType<typeof phoneOf>>;
    let carol: Awaited<ReturnType<typeof phoneOf>>;

    const made = async (path: string, body: Record<string, unknown>) => {
      const reply = await stack.call("POST", path, body);
      expect(reply.status, reply.text).toBe(201);
      return reply.body as unknown as {
        id: string;
        key: string;
        sip: { username: string; domain: string; password: string };
      };
    };
    const extension = async (number: string, displayName: string) => {
      const { sip } = await made(`${acme}/extensions`, { number, displayName });
      return phoneOf(stack, { user: sip.username, domain: sip.domain, password: sip.password });
    };
    const records = async () =>
      (await stack.call("GET", `${acme}/calls?limit=100`)).body.data as unknown as CallRecord[];
    /** The one record beyond those that were there. */
    async function recordAfter(before: CallRecord[]): Promise<CallRecord> {
      const known = new Set(before.map(({ id }) => id));
      const fresh = async () => (await records()).filter(({ id }) => !known.has(id));
      await expect.poll(async () => (await fresh()).length).toBeGreaterThan(0);
      const found = await fresh();
      expect(found.length, JSON.stringify(found)).toBe(1);
      return found[0] as CallRecord;
    }
    const panel = () => page.getByRole("region", { name: "Phone" });
    const card = (who: string) => panel().getByRole("article", { name: `Call with ${who}` });
    const press = (who: string, name: string) => card(who).getByRole("button", { name, exact: true }).click();
    /** How much sound came out of the newest call by now. What the phones get they say, so it is the browser's own, there and back. */
    const energy = () =>
      page.evaluate(async () => {
        const all = (window as unknown as { peers: RTCPeerConnection[] }).peers;
        let sum = 0;
        for (const report of (await all.at(-1)?.getStats())?.values() ?? [])
          if (report.type === "inbound-rtp") sum += report.totalAudioEnergy;
        return sum;
      });
    async function heardItself(): Promise<void> {
      const before = await energy();
      await expect.poll(async () => (await energy()) - before, { interval: 50 }).toBeGreaterThan(0.000_01);
    }
    const idle = () => expect.poll(() => panel().getByRole("article").count()).toBe(0);
    async function dial(number: string): Promise<void> {
      await panel().getByRole("combobox").fill(number);
      await panel().getByRole("button", { name: "Call", exact: true }).click();
    }
    const is = (phone: typeof bob, scenario = "answer") => sipp(scenario, {}, { port: phone.port, echo: true });
    const calls = (phone: typeof bob, to: string, scenario: string, more: Record<string, string> = {}) => {
      const { user, domain, password } = phone;
      const at = { to: stack.phones, port: phone.port, echo: true };
      return sipp(scenario, { user, domain, password, ...more, to }, at);
    };

    type Played = Awaited<ReturnType<typeof sipp>>;
    /** The two talk to each other, and the one call that there is ends both. */
    async function talkAndEnd(one: Played, other: Played): Promise<void> {
      const live = async () =>
        (await stack.call("GET", `${acme}/calls/live`)).body.data as unknown as { id: string; state: string }[];
      await expect.poll(live).toMatchObject([{ state: "answered" }]);
      const [call] = await live();
      // what the other plays
      const before = one.heard();
      await expect.poll(() => one.heard() - before).toBeGreaterThan(10);
      expect((await stack.call("POST", `${acme}/calls/live/${call?.id}/hangup`)).status).toBe(202);
      for (const phone of [one, other]) went(await phone.done);
    }

    async function signedIn(path: string, key: string): Promise<Page> {
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
      const page = await context.newPage();
      page.on("console", (m) => process.env.PAGE_LOG && console.log(m.text()));
      page.setDefaultTimeout(10_000);
      await page.goto(path);
      await page.getByRole("button", { name: "Sign in with an API key" }).click();
      await page.getByLabel("API key").fill(key);
      await page.keyboard.press("Enter");
      return page;
    }

    beforeAll(async () => {
      const webDir = await buildWeb();
      stack = await startStack({ freeswitch: true, webDir });
      acme = `/v1/tenants/${(await made("/v1/tenants", { name: "Acme", domain: "acme.example" })).id}`;
      await extension("1001", "Ada");
      bob = await extension("1002", "Bob");
      carol = await extension("1003", "Carol");
      await made(`${acme}/menus`, {
        ...{ name: "Office", extensionNumber: "800" },
        options: [{ digits: "1", destination: { kind: "extension", ref: "1003" } }],
      });
      await stack.inStep(acme);
      await stack.engineReady();
      browser = await startBrowser(media, wholeChromiumPath);
      page = await signedIn(acme.replace("/v1", ""), stack.control.key);
      for (const phone of [bob, carol]) went(await phone.register());
    }, 180_000);
    afterAll(async () => {
      await browser?.close();
      await stack?.stop();
    });

    it("is turned on as an extension's, and registers over WSS with a credential that was lent", async () => {
      await page.getByRole("button", { name: "Phone", exact: true }).click();
      await panel().getByRole("button", { name: "Ada 1001" }).click();
      await expect.poll(() => panel().getByRole("status").first().textContent()).toBe("Ready");
      const contact = async () => {
        const { body } = await stack.call("GET", `${acme}/registrations`);
        const found = body.data as unknown as { username: string; contact: string }[];
        return found.find(({ username }) => username === "1001~web")?.contact;
      };
      await expect.poll(contact).toContain("transport=wss");
    });

    it("calls a phone, hears it and is heard, and hangs up: one record", async () => {
      const before = await records();
      const callee = await is(bob);
      await dial("1002");
      await heardItself();
      await expect.poll(() => callee.heard()).toBeGreaterThan(10);
      await press("1002", "Hang up");
      went(await callee.done);
      await idle();
      expect(await recordAfter(before)).toMatchObject({
        ...{ outcome: "answered", hangupBy: "caller" },
        ...{ from: { number: "1001", name: "Ada" }, to: { number: "1002" } },
      });
    });

    it("is called by its extension's number, answers, holds, is heard again, and is hung up on: one record", async () => {
      const before = await records();
      const caller = await calls(bob, "1001", "call-until-bye");
      await press("Bob", "Answer");
      await heardItself();
      await press("Bob", "Hold");
      await expect.poll(() => card("Bob").getByRole("status").textContent()).toBe("On hold");
      await press("Bob", "Resume");
      await heardItself();
      await press("Bob", "Hang up");
      went(await caller.done);
      await idle();
      expect(await recordAfter(before)).toMatchObject({
        ...{ outcome: "answered", hangupBy: "callee", from: { number: "1002" }, to: { number: "1001" } },
      });
    });

    it("declines a call", async () => {
      const caller = await calls(bob, "1001", "call-refused", { status: "486" });
      await press("Bob", "Decline");
      went(await caller.done);
      await idle();
    });

    it("types digits that arrive", async () => {
      const callee = await is(carol);
      await dial("800");
      // the menu's tone
      await heardItself();
      await card("800").getByRole("button", { name: "Keypad", exact: true }).click();
      await card("800").getByRole("button", { name: "1", exact: true }).click();
      await expect.poll(callee.heard).toBeGreaterThan(10);
      await press("800", "Hang up");
      went(await callee.done);
      await idle();
    });

    it("sends a caller on to somebody else", async () => {
      const caller = await calls(bob, "1001", "call-until-bye");
      const other = await sipp("answer", {}, { port: carol.port, tone: true });
      await press("Bob", "Answer");
      await press("Bob", "Transfer");
      await card("Bob").getByRole("combobox").fill("1003");
      await press("Bob", "Transfer now");
      await idle();
      await talkAndEnd(caller, other);
    });

    it("asks somebody first, and connects the two", async () => {
      const caller = await calls(bob, "1001", "call-until-bye");
      const other = await sipp("answer", {}, { port: carol.port, tone: true });
      await press("Bob", "Answer");
      await press("Bob", "Transfer");
      await card("Bob").getByRole("combobox").fill("1003");
      await press("Bob", "Ask first");
      await expect.poll(() => card("Bob").getByRole("status").textContent()).toBe("On hold");
      await heardItself();
      await press("1003", "Connect Bob with 1003");
      await idle();
      await talkAndEnd(caller, other);
    });

    it("is a user's own, who needs no other right, and calls by it", async () => {
      const tenantId = acme.slice("/v1/tenants/".length);
      const person = { email: "bob@acme.example", name: "Bob", role: "user", tenantId, extension: "1002" };
      const { id: memberId } = await made("/v1/members", person);
      const { key } = await made("/v1/api-keys", { name: "Bob", tenantId, memberId });
      page = await signedIn("/", key);
      await page.getByRole("heading", { level: 1, name: "My phone" }).waitFor();
      const lent = page.waitForResponse((answer) => answer.url().endsWith("/sip-token"));
      await page.getByRole("button", { name: "Phone", exact: true }).click();
      await panel().getByRole("button", { name: "Turn my phone on" }).click();
      expect(new URL((await lent).url()).pathname).toBe("/v1/me/sip-token");
      await expect.poll(() => panel().getByRole("status").first().textContent()).toBe("Ready");
      const before = await records();
      const callee = await is(carol);
      await dial("1003");
      await heardItself();
      await expect.poll(() => callee.heard()).toBeGreaterThan(10);
      await press("1003", "Hang up");
      went(await callee.done);
      await idle();
      expect(await recordAfter(before)).toMatchObject({ outcome: "answered", from: { number: "1002", name: "Bob" } });
    });
  },
);
