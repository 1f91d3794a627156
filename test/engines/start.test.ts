import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, type TestContext, vi } from "vitest";
import { install } from "../../edge-agent/drivers/freeswitch/install.ts";
import { findFreeswitch, type Running, runFreeswitch } from "../../edge-agent/drivers/freeswitch/run.ts";
import { engineInstalled, eslOnce, type FreeswitchHost, startFreeswitch } from "../support/freeswitch.ts";
import { freeswitchConfig } from "../support/freeswitch-config.ts";
import { mediaPorts } from "../support/media-ports.ts";
import { createPbx, idOf } from "../support/pbx.ts";
import { freePort, play, went } from "../support/sipp.ts";

// each has an engine of its own, and mostly waits for it
describe.runIf(engineInstalled()).concurrent("FreeSWITCH", { timeout: 60_000 }, () => {
  async function alone({ onTestFinished }: TestContext) {
    const dir = mkdtempSync(join(tmpdir(), "dp-start-"));
    onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
    const esl = { host: "127.0.0.1", port: await freePort(), password: "0123456789abcdef" };
    const config = freeswitchConfig(dir, {
      ...{ esl, sipAddress: "127.0.0.1", sipPort: await freePort(), carriersPort: await freePort() },
      front: { address: "127.0.0.1", port: await freePort() },
    });
    const options = { program: findFreeswitch() ?? "", confDir: join(dir, "conf"), dataDir: join(dir, "data"), esl };
    const edgePort = await freePort();
    install({ dir: options.confDir, config, edgePort, switchname: "dp-test", rtp: mediaPorts() });
    return { options, esl };
  }
  const profiles = async (esl: Parameters<typeof eslOnce>[0]) =>
    [...(await eslOnce(esl, "sofia xmlstatus")).matchAll(/RUNNING/g)].length;

  it("starts with the agent down, with its profiles and voicemail", async (test) => {
    const { options, esl } = await alone(test);
    const running = await runFreeswitch(options);
    test.onTestFinished(running.stop);
    await vi.waitFor(async () => expect(await profiles(esl)).toBe(3), { timeout: 10_000 });
    for (const module of ["mod_sofia", "mod_voicemail", "mod_json_cdr"])
      expect(await eslOnce(esl, `module_exists ${module}`)).toBe("true");
  });

  it("left running by an agent that was killed is taken over, and stopped in the end", async (test) => {
    const { options, esl } = await alone(test);
    const first = await runFreeswitch(options);
    test.onTestFinished(first.stop);
    const second: Running = await runFreeswitch(options);
    expect(second.pid).toBe(first.pid);
    await second.stop();
    await first.exited;
    await expect(eslOnce(esl, "status")).rejects.toThrow();
  });

  it("comes back with its registrations, and without those of devices that went meanwhile", async (test) => {
    const pbx = createPbx();
    const host: FreeswitchHost = await startFreeswitch(pbx);
    test.onTestFinished(host.stop);
    const port = await freePort();
    for (const number of [1001, 1002])
      went(
        await play("register", pbx.acme.phone(number), {
          to: host.phones,
          port: number === 1001 ? port : await freePort(),
        }),
      );
    await host.restart(async () => {
      pbx.acme.noExtension(1002);
      const failures = await host.apply(pbx.acme.owner, pbx.acme.trunk(1, { name: "new" }));
      expect(failures).toMatchObject([{ kind: "trunk", id: idOf("trk", 1), retry: true }]);
      pbx.tenant(3, "third.test").settings();
    });
    expect(await host.registered("1001", "acme.test")).toBe(true);
    await vi.waitFor(async () => expect(await host.registered("1002", "acme.test")).toBe(false), { timeout: 5000 });
    expect(await host.api(`sofia xmlstatus gateway ${idOf("trk", 1)}`)).toContain("<state>NOREG</state>");
    expect(await host.api("sofia xmlstatus profile third.test")).toContain("<alias-of>phones</alias-of>");
  });

  it("takes a new tenant's domain, and drops the registrations of one that changed its own", async (test) => {
    const pbx = createPbx();
    const host: FreeswitchHost = await startFreeswitch(pbx);
    test.onTestFinished(host.stop);
    const third = pbx.tenant(3, "third.test");
    expect(await host.apply(third.owner, third.settings())).toEqual([]);
    expect(await host.api("sofia xmlstatus profile third.test")).toContain("<alias-of>phones</alias-of>");
    await host.apply(third.owner, third.extension(1001));
    went(await play("register", third.phone(1001), { to: host.phones }));
    expect(await host.registered("1001", "third.test")).toBe(true);
    expect(await host.apply(third.owner, third.settings({ domain: "renamed.test" }))).toEqual([]);
    expect(await host.registered("1001", "third.test")).toBe(false);
    expect(await host.api("sofia xmlstatus profile renamed.test")).toContain("<alias-of>phones</alias-of>");
    await host.apply(third.owner, third.extension(1001));
    went(await play("register", third.phone(1001), { to: host.phones }));
  });
});
