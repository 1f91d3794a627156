// A host's certificate from end to end on FreeSWITCH: the control plane and its zone, a real CA (Pebble), the agent, and browser phones that are in a call while
// another certificate comes.
import { once } from "node:events";
import { connect as connectTcp } from "node:net";
import { connect } from "node:tls";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { openBrowserLine, startMediaBrowser } from "../../support/browser-line.ts";
import { wholeChromiumPath } from "../../support/chromium.ts";
import { engineInstalled } from "../../support/freeswitch.ts";
import { type Pebble, pebbleInstalled, startPebble, zoneOf } from "../../support/pebble.ts";
import { sipp, went } from "../../support/sipp.ts";
import { needs } from "../../support/skip.ts";
import { phoneOf, type Stack, startStack } from "../../support/stack.ts";

type Line = Awaited<ReturnType<typeof openBrowserLine>>;
type Health = { certificate: { names: string[]; expiresAt: string; problem: string | null } | null };
const all = engineInstalled() && pebbleInstalled() && needs("Chromium", wholeChromiumPath !== undefined);

describe.runIf(all)("browser phones at a FreeSWITCH that gets its certificate by itself", { timeout: 60_000 }, () => {
  let ca: Pebble;
  let root: string;
  let stack: Stack;
  let browser: Browser;
  let tenant: string;
  let own: string;
  let bob: Awaited<ReturnType<typeof phoneOf>>;
  const ids = new Map<string, string>();

  /** The serial number of what the host shows to who trusts the CA alone and wants the host's own name; throws where that is not it. */
  async function shown(): Promise<string> {
    const socket = connect({ host: "127.0.0.1", port: stack.wssPort, ca: root, servername: own });
    await once(socket, "secureConnect");
    const { serialNumber } = socket.getPeerCertificate();
    socket.destroy();
    return serialNumber;
  }
  const health = async (): Promise<Health> => {
    const { data } = (await stack.call("GET", "/v1/edges")).body as unknown as { data: { health: Health }[] };
    return data[0]?.health ?? expect.fail("no host");
  };
  async function renewed(): Promise<void> {
    const before = await shown();
    stack.signalAgent("SIGHUP");
    await vi.waitFor(async () => expect(await shown()).not.toBe(before), { timeout: 20_000, interval: 20 });
  }

  async function line(number: string): Promise<Line> {
    const lent = (await stack.call("POST", `${tenant}/extensions/${ids.get(number)}/sip-token`)).body as never;
    const opened = await openBrowserLine(browser, lent);
    await expect.poll(opened.standing, { timeout: 10_000 }).toBe("ready");
    return opened;
  }
  const states = async (of: Line) => (await of.calls()).map(({ state, held }) => (held ? "held" : state));
  /** Packets go both ways, protected, and the hum of its own microphone comes back from a phone that says what it hears. */
  async function talks(of: Line): Promise<void> {
    const before = await of.heard();
    const grown = async () => {
      const { received, sent, energy, secured } = await of.heard();
      const more = [received - before.received, sent - before.sent].map((packets) => packets > 10);
      return { packets: more, hum: energy - before.energy > 0.000_01, secured };
    };
    const both = { packets: [true, true], hum: true, secured: true };
    await expect.poll(grown, { interval: 50, timeout: 10_000 }).toEqual(both);
  }
  const isCalled = () => sipp("answer", {}, { port: bob.port, echo: true, timeoutSeconds: 60 });
  const calls = (to: string) =>
    sipp(
      "call-until-bye",
      { user: bob.user, domain: bob.domain, password: bob.password, to },
      {
        ...{ to: stack.phones, port: bob.port, echo: true, timeoutSeconds: 60 },
      },
    );
  /** From a phone to the browser and the other way round. */
  async function callsBothWays(of: Line, number: string): Promise<void> {
    const callee = await isCalled();
    await of.dial("1002");
    await talks(of);
    await of.with("hangUp");
    went(await callee.done);
    await expect.poll(() => states(of)).toEqual([]);
    const caller = await calls(number);
    await expect.poll(() => states(of), { timeout: 10_000 }).toEqual(["ringing"]);
    await of.with("answer");
    await talks(of);
    await of.with("hangUp");
    went(await caller.done);
    await expect.poll(() => states(of)).toEqual([]);
  }

  beforeAll(async () => {
    ca = await startPebble();
    root = await ca.root();
    const { zone } = zoneOf(ca);
    [stack, browser] = await Promise.all([
      startStack({ freeswitch: true, zone, more: { ACME_CA_FILE: ca.trustedFile } }),
      startMediaBrowser(),
    ]);
    tenant = `/v1/tenants/${(await stack.call("POST", "/v1/tenants", { name: "Acme", domain: "acme.example" })).body.id}`;
    for (const number of ["1001", "1002", "1003"]) {
      const { body } = await stack.call("POST", `${tenant}/extensions`, { number });
      ids.set(number, String(body.id));
      if (number === "1002") {
        const { username, domain, password } = body.sip as unknown as Record<
          "username" | "domain" | "password",
          string
        >;
        bob = await phoneOf(stack, { user: username, domain, password });
      }
    }
    await stack.inStep(tenant);
    await stack.engineReady();
    went(await bob.register());
    const [edge] = (await stack.call("GET", "/v1/edges")).body.data as unknown as { id: string }[];
    own = `${edge?.id.slice(4).toLowerCase()}.hosts.sip.example`;
    await vi.waitFor(shown, { timeout: 20_000, interval: 50 });
  }, 120_000);
  afterAll(async () => {
    await browser?.close();
    await stack?.stop();
    await ca?.stop();
  });

  it("show a certificate that the CA signed, of the host's own name, and its page tells until when", async () => {
    // while the engine starts, that it is not there is told
    await expect
      .poll(async () => (await health()).certificate, { timeout: 40_000, interval: 200 })
      .toMatchObject({ names: expect.arrayContaining([own]), problem: null });
  });

  it("that hold a call while another certificate comes have it afterwards, and are called and call on the same connection", async () => {
    const ada = await line("1001");
    const callee = await isCalled();
    await ada.dial("1002");
    await talks(ada);
    await ada.with("hold");
    await expect.poll(() => states(ada)).toEqual(["held"]);
    // one that has connected and said nothing yet
    const silent = connectTcp({ host: "127.0.0.1", port: stack.wssPort });
    await once(silent, "connect");
    await renewed();
    expect(await states(ada)).toEqual(["held"]);
    await ada.with("resume");
    await talks(ada);
    const heard = callee.heard();
    await expect.poll(() => callee.heard() - heard).toBeGreaterThan(10);
    await ada.with("hangUp");
    went(await callee.done);
    const late = connect({ socket: silent, ca: root, servername: own });
    await once(late, "secureConnect");
    late.destroy();
    await callsBothWays(ada, "1001");
    expect(await ada.standing()).toBe("ready");
    await ada.vanish();
  });

  it("that come after it register and call and are called, over and over", async () => {
    for (const _ of [1, 2]) {
      await renewed();
      const carol = await line("1003");
      await callsBothWays(carol, "1003");
      await carol.vanish();
    }
    expect((await health()).certificate).toMatchObject({ problem: null });
  });
});
