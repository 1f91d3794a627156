import { readdirSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import type { LiveCall } from "../../../core/wire-events.ts";
import { engineInstalled, type FreeswitchHost, startFreeswitch } from "../../support/freeswitch.ts";
import { createPbx } from "../../support/pbx.ts";
import { freePort, play, sipp, went } from "../../support/sipp.ts";
import { samplesOf, toneIn } from "../../support/wav.ts";

type Told = { id: string; tenant: string; call: string; seconds: number; bytes: number; onDemand: boolean };

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

  const part = (bytes: Buffer, from: number, to: number) => {
    const { rate, channels, samples } = samplesOf(bytes);
    return { rate, channels, samples: samples.slice(from * rate, to * rate) };
  };
  const isSilent = ({ samples }: { samples: Float64Array }) =>
    samples.length > 0 && samples.every((each) => each === 0);
  /** Who called, and how, of the recording's segments of the last call. */
  const recorded = async (count: number) => {
    const found = () =>
      host
        .records()
        .at(-1)
        ?.segments?.filter(({ kind }) => kind === "recording") ?? [];
    await vi.waitFor(() => expect(found()).toHaveLength(count), { timeout: 10_000 });
    return found().map(({ number, outcome }) => [number, outcome]);
  };

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

  it("a phone's code starts one, silences it for a while and ends it; the record says when and by whom", async () => {
    acme.extension(1002, { displayName: "Bob", recordOnDemand: "own" });
    host.reported.length = 0;
    const typed = [
      [400, "*1"],
      [1000, "*2"],
      [1500, "*2"],
      [1000, "*1"],
    ] as const;
    const callee = await sipp("answer", {}, { port, typed });
    went(await play("call", { ...acme.phone(1001), to: "1002", talk: "7000" }, { to: host.phones, tone: true }));
    went(await callee.done);
    await vi.waitFor(() => expect(told()).toHaveLength(1), { timeout: 10_000 });
    const [recording] = told();
    const bytes = host.media.uploaded.get(recording?.id ?? "")?.bytes ?? Buffer.alloc(0);
    expect(toneIn(part(bytes, 0.3, 1.2), 500)).toBeGreaterThan(0.1);
    expect(isSilent(part(bytes, 1.9, 3.3))).toBe(true);
    expect(toneIn(part(bytes, 4, 4.8), 500)).toBeGreaterThan(0.1);
    expect(await recorded(3)).toEqual([
      ["1002", "recorded"],
      ["1002", "paused"],
      ["1002", "recorded"],
    ]);
    expect(recording).toMatchObject({ tenant: acme.id, call: host.records().at(-1)?.id, onDemand: true });
    expect(recording?.seconds).toBeGreaterThan(3);
    expect(recording?.seconds).toBeLessThan(7);
  });

  it("one that settings began is paused by the API only where an extension on the call may, and never by another tenant", async () => {
    const mode = (recordOnDemand: string) =>
      acme.extension(1002, { displayName: "Bob", recording: "inbound", recordOnDemand });
    mode("own");
    host.reported.length = 0;
    const callee = await sipp("answer", {}, { port, typed: [[300, "*1"]] });
    const caller = await sipp(
      "call",
      { ...acme.phone(1001), to: "1002", talk: "5000" },
      { to: host.phones, tone: true },
    );
    const live = () =>
      host.reported.find(({ data }) => (data as LiveCall).state === "answered")?.data as LiveCall | undefined;
    await vi.waitFor(() => expect(live()).toBeDefined(), { timeout: 5000 });
    const order = (action: string, tenant = acme) =>
      host.command(tenant.owner, "recording", { call: live()?.id, action });
    for (const action of ["pause", "stop"])
      await expect(order(action)).rejects.toThrow("no extension on this call may");
    await expect(order("start")).rejects.toThrow("it is recorded already");
    mode("pause");
    await expect(order("pause", globex)).rejects.toThrow("the call is over");
    await expect(order("stop")).rejects.toThrow("no extension on this call may");
    await vi.waitFor(() => expect(left().length).toBe(1));
    await order("pause");
    went(await caller.done);
    went(await callee.done);
    await vi.waitFor(() => expect(told()).toHaveLength(1), { timeout: 10_000 });
    const bytes = host.media.uploaded.get(told()[0]?.id ?? "")?.bytes ?? Buffer.alloc(0);
    expect(isSilent(part(bytes, 3, 4))).toBe(true);
    expect(await recorded(1)).toEqual([[null, "paused"]]);
    expect(told()[0]?.onDemand).toBe(false);
  });

  it("the caller's phone has the codes too; on a phone that may not record they are digits for the other side alone", async () => {
    acme.extension(1001, { displayName: "Alice", recordOnDemand: "own" });
    acme.extension(1002, { displayName: "Bob" });
    host.reported.length = 0;
    const callee = await sipp("answer", {}, { port, typed: [[200, "*1"]] });
    const to = { to: host.phones, typed: [[1500, "*1"]] as const };
    went(await play("call", { ...acme.phone(1001), to: "1002", talk: "800" }, to));
    went(await callee.done);
    expect(await recorded(1)).toEqual([["1001", "recorded"]]);
    await vi.waitFor(() => expect(told()).toHaveLength(1), { timeout: 10_000 });
    expect(told()[0]?.seconds).toBeLessThanOrEqual(1);
    expect(left()).toEqual([]);
  });
});
