import { readdirSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { engineInstalled, type FreeswitchHost, startFreeswitch } from "../../support/freeswitch.ts";
import { createPbx } from "../../support/pbx.ts";
import { freePort, play, sipp, went } from "../../support/sipp.ts";
import { samplesOf, toneIn } from "../../support/wav.ts";

type Told = { id: string; tenant: string; call: string; seconds: number; bytes: number };

describe.runIf(engineInstalled())("recordings on a real FreeSWITCH", { timeout: 40_000 }, () => {
  const pbx = createPbx();
  const { acme, globex } = pbx;
  let host: FreeswitchHost;
  let port: number;
  const told = () =>
    host.reported.filter(({ type }) => type === "recording.completed").map(({ data }) => data as unknown as Told);
  const left = () =>
    readdirSync(host.config.recordingsDir, { recursive: true, encoding: "utf8" }).filter((file) =>
      file.endsWith(".wav"),
    );

  async function talk(tenant = acme, talkMs = "1500"): Promise<void> {
    const callee = await sipp("answer", {}, { port });
    went(await play("call", { ...tenant.phone(1001), to: "1002", talk: talkMs }, { to: host.phones, tone: true }));
    went(await callee.done);
  }

  beforeAll(async () => {
    acme.extension(1002, { displayName: "Bob", ringSeconds: 5, recording: "inbound" });
    host = await startFreeswitch(pbx);
    port = await freePort();
    for (const tenant of [acme, globex]) went(await play("register", tenant.phone(1002), { to: host.phones, port }));
    const known = () => host.reported.filter(({ type }) => type === "registration.updated");
    await vi.waitFor(() => expect(known()).toHaveLength(2), { timeout: 5000 });
  }, 60_000);
  afterAll(() => host?.stop());

  it("a recorded extension's call is kept from its answer to its end, both sides apart, told with its call, and gone from this host", async () => {
    await talk();
    await vi.waitFor(() => expect(told()).toHaveLength(1), { timeout: 10_000 });
    const [recording] = told();
    const kept = host.media.uploaded.get(recording?.id ?? "");
    expect(kept).toMatchObject({ tenant: acme.id, kind: "recording" });
    const audio = samplesOf(kept?.bytes ?? Buffer.alloc(0));
    expect(audio.channels).toBe(2);
    // the caller's tone is 500 Hz, as sipp.ts makes it, and the called phone is silent
    expect(toneIn(audio, 500)).toBeGreaterThan(0.1);
    expect(toneIn(samplesOf(kept?.bytes ?? Buffer.alloc(0), 1), 500)).toBeLessThan(0.05);
    expect(audio.samples.length / audio.rate).toBeGreaterThan(1);
    expect(audio.samples.length / audio.rate).toBeLessThan(3);
    await vi.waitFor(() => expect(host.reported.filter(({ type }) => type === "call.completed")).not.toEqual([]), {
      timeout: 10_000,
    });
    const record = host.reported.find(({ type }) => type === "call.completed")?.data as unknown as { id: string };
    expect(recording).toMatchObject({ tenant: acme.id, call: record.id });
    await vi.waitFor(() => expect(left()).toEqual([]), { timeout: 2000 });
  });

  it("nobody else's call is recorded, not even the same number's in another tenant", async () => {
    await talk(globex, "300");
    expect(left()).toEqual([]);
    expect(told()).toHaveLength(1);
  });

  it("what the cloud could not take stays in its tenant's folder, and goes up later, once", async () => {
    host.media.broken = new Error("no route");
    await talk(acme, "600");
    await vi.waitFor(() => expect(left()).toEqual([expect.stringMatching(new RegExp(`^${acme.id}/`))]), {
      timeout: 5000,
    });
    expect(told()).toHaveLength(1);
    host.media.broken = undefined;
    await vi.waitFor(
      async () => {
        await host.reconcile();
        expect(told()).toHaveLength(2);
      },
      { timeout: 8000 },
    );
    await vi.waitFor(() => expect(readdirSync(join(host.config.recordingsDir, acme.id))).toEqual([]), {
      timeout: 2000,
    });
  });
});
