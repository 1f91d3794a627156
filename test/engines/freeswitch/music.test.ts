// What is really heard: a tenant's own audio, by its frequency in the RTP that a phone is sent.
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { type Ear, openEar } from "../../support/ear.ts";
import { engineInstalled, type FreeswitchHost, startFreeswitch } from "../../support/freeswitch.ts";
import { createPbx } from "../../support/pbx.ts";
import { createPhones } from "../../support/phones.ts";
import { inDialog, offer } from "../../support/sip.ts";
import { play, sipp, went } from "../../support/sipp.ts";
import { openRegistered, type Phone, requestsOf, takesCalls } from "../../support/talk.ts";
import { loudest, sine, wavOf } from "../../support/wav.ts";

describe.runIf(engineInstalled())("on a real FreeSWITCH", { timeout: 30_000 }, () => {
  const pbx = createPbx();
  const { acme } = pbx;
  const phones = createPhones(acme);
  const hertz = { welcome: 700, music: 900, other: 1100 };
  const music = acme.idOf("music-on-hold", "music");
  let host: FreeswitchHost;
  let bob: Phone;

  beforeAll(async () => {
    host = await startFreeswitch(pbx);
    const seconds = { welcome: 3, music: 1, other: 1 };
    for (const name of ["welcome", "music", "other"] as const) {
      const audio = host.media.put(wavOf(seconds[name], sine(hertz[name]), { rate: 16_000 }));
      expect(await host.apply(acme.owner, acme.put("prompt", name, { name, audio }))).toEqual([]);
      acme.put("music-on-hold", name, { name, prompts: [acme.idOf("prompt", name)] });
    }
    const prompt = acme.idOf("prompt", "welcome");
    acme.settings({ musicOnHold: music });
    acme.put("announcement", "a", { name: "a", extensionNumber: "810", prompt });
    acme.put("menu", "m", { name: "m", extensionNumber: "700", greeting: prompt });
    await host.apply(
      acme.owner,
      acme.put("queue", "q", { name: "q", extensionNumber: "600", joinEmpty: "yes", musicOnHold: music }),
    );
    const greeted = { name: "greeted", extensionNumber: "620", joinEmpty: "yes", greeting: prompt, musicOnHold: music };
    await host.apply(acme.owner, acme.put("queue", "greeted", greeted));
    const members = [{ extension: acme.ext(1003) }];
    acme.put("ring-group", "g", { name: "g", extensionNumber: "610", members, musicOnHold: music });
    const lot = { name: "lot", extensionNumber: "110", firstSlot: "111", slots: 2 };
    acme.put("parking-lot", "lot", lot);
    acme.put("parking-lot", "own", {
      ...{ name: "own", extensionNumber: "120", firstSlot: "121", slots: 2 },
      musicOnHold: acme.idOf("music-on-hold", "other"),
    });
    await phones.register(host, 1001, 1003);
    bob = await openRegistered(host, acme, 1002);
  }, 60_000);
  afterAll(() => {
    bob?.close();
    return host?.stop();
  });

  async function heardAt(to: string, talk: number): Promise<Ear> {
    const ear = await openEar();
    const call = { ...acme.phone(1001), to, talk: String(talk), ear: String(ear.port) };
    went(await play("hear", call, { to: host.phones }));
    ear.close();
    return ear;
  }

  it.concurrent.each([
    ["an announcement", "810", 1500, ["welcome"]],
    ["a menu's greeting", "700", 1500, ["welcome"]],
    ["a queue's music", "600", 2000, ["music"]],
    ["a queue's greeting, and its music after it", "620", 4500, ["welcome", "music"]],
    ["a parked call the tenant's music", "110", 3500, ["music"]],
    ["a parked call the lot's own music", "120", 3500, ["other"]],
  ] as const)("hears %s", async (_, to, talk, names) => {
    const ear = await heardAt(to, talk);
    const wanted: readonly string[] = names;
    for (const [one, frequency] of Object.entries(hertz))
      if (wanted.includes(one)) expect(loudest(ear.heard(), frequency)).toBeGreaterThan(0.3);
      else expect(loudest(ear.heard(), frequency)).toBeLessThan(0.05);
  });

  it("hears a ring group's music until somebody answers", async () => {
    const callee = await phones.is(1003, "answer", { wait: "3500" });
    const ear = await heardAt("610", 300);
    went(await callee.done);
    expect(loudest(ear.heard(), hertz.music)).toBeGreaterThan(0.3);
  });

  it.each([
    ["the tenant's music", music, hertz.music, 0.3],
    ["a soft chord where it has none", null, 392, 0.01],
  ] as const)("hears %s while it is on hold, and nothing of it before and after", async (_, id, frequency, level) => {
    acme.settings({ musicOnHold: id });
    takesCalls(bob);
    bob.requests.splice(0);
    const ear = await openEar();
    const call = { ...acme.phone(1001), to: "1002", talk: "4500", ear: String(ear.port) };
    const caller = await sipp("hear", call, { to: host.phones });
    const invite = await vi.waitFor(() => requestsOf(bob, "INVITE")[0] ?? expect.fail("no call"), { timeout: 3000 });
    await vi.waitFor(() => expect(requestsOf(bob, "ACK")).toHaveLength(1), { timeout: 3000 });
    const loud = () => loudest(ear.heard(), frequency);
    expect(loud()).toBeLessThan(level / 3);
    bob.send(inDialog(invite, "INVITE", 1, bob.port, [], offer("sendonly")));
    await vi.waitFor(() => expect(loud()).toBeGreaterThan(level), { timeout: 3000 });
    bob.send(inDialog(invite, "ACK", 1, bob.port, []));
    bob.send(inDialog(invite, "INVITE", 2, bob.port, [], offer("sendrecv")));
    await vi.waitFor(async () => expect(await host.api("show channels")).not.toContain("HELD"), { timeout: 3000 });
    bob.send(inDialog(invite, "ACK", 2, bob.port, []));
    went(await caller.done);
    ear.close();
  });
});
