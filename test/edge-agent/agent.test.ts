import { existsSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import type { Delta, Roster } from "../../core/wire.ts";
import { startAgent } from "../../edge-agent/agent.ts";
import { type AgentConfig, parseConfig } from "../../edge-agent/config.ts";
import { listen } from "../../edge-agent/listen.ts";
import { silent } from "../../edge-agent/log.ts";
import { openState } from "../../edge-agent/state.ts";
import { createTenant, extensionBody, ulidOf } from "../support/document.ts";
import { joinFakeCloud } from "../support/edge.ts";
import { startFakeCloud } from "../support/fake-cloud.ts";
import { temporaryFolder } from "../support/folder.ts";
import { createNullDriver, type NullDriver } from "../support/null-driver.ts";
import { type Running, run, script } from "../support/process.ts";

async function startCloud(options?: Parameters<typeof startFakeCloud>[0]) {
  const cloud = await startFakeCloud(options);
  onTestFinished(() => cloud.stop());
  return cloud;
}

async function start(config: AgentConfig) {
  let driver: NullDriver | undefined;
  const agent = await startAgent(config, silent, ({ documents }) => {
    driver = createNullDriver(new Map(), documents);
    return driver;
  });
  onTestFinished(() => agent.stop());
  return { agent, driver: driver as NullDriver };
}

const configOf = (env: Record<string, string>): AgentConfig => parseConfig({ EDGE_PORT: "0", ...env }, []);
const last = (deltas: Delta[]): Delta => deltas.at(-1) as Delta;
const ext = (n: number) => `ext_${ulidOf(n)}`;
/** The lookup of the tests' driver, on a connection of its own as FreeSWITCH makes them. */
const lookUp = (port: number, user: string, domain = "t1.example"): Promise<string> =>
  fetch(`http://127.0.0.1:${port}/${domain}/${user}`, { headers: { connection: "close" } }).then((answer) =>
    answer.text(),
  );
const ha1 = "0123456789abcdef0123456789abcdef";

describe("the agent", () => {
  test("enrols, gets its documents, follows its queue, acknowledges, delivers events and shows signs of life", {
    timeout: 20_000,
  }, async () => {
    const cloud = await startCloud();
    const acme = cloud.add(createTenant(1, 2));
    const { agent } = await start(
      configOf({ CONTROL_URL: cloud.url, JOIN_TOKEN: cloud.stand.token, DATA_DIR: temporaryFolder() }),
    );
    await agent.enrolled;
    await vi.waitFor(async () => expect(await lookUp(agent.port, "1001")).toBe(ha1), { timeout: 5000 });
    await cloud.send("not base64 of anything");
    await cloud.send(Buffer.from('{"type":"delta"}').toString("base64"));
    acme.setSecret(`sec_${ulidOf(5)}#1`, "new");
    await cloud.send(acme.write({ kind: "extension", id: ext(5), body: extensionBody("1005", `sec_${ulidOf(5)}#1`) }));
    await vi.waitFor(async () => expect(await lookUp(agent.port, "1005")).toBe("new"), { timeout: 5000 });
    await cloud.send({
      type: "command",
      id: "cmd_1",
      deadline: "2030-01-01T00:00:00Z",
      owner: acme.owner,
      name: "park",
      arguments: {},
    });
    await vi.waitFor(
      () => expect(cloud.events).toMatchObject([{ type: "command.done", data: { command: "cmd_1", ok: true } }]),
      { timeout: 5000 },
    );
    await vi.waitFor(() => expect(cloud.acks.get(acme.owner)).toMatchObject({ ...acme.standing, failures: [] }));
    expect(cloud.stand.heartbeats).toBeGreaterThan(0);
  });

  test("looks for other names of its certificate when it is told of them, and not with each word of the pool's hosts", async () => {
    const cloud = await startCloud();
    const folder = temporaryFolder();
    const parts = { directory: null, email: null, caFile: null, binding: null, addresses: [], wssPort: null };
    const env = { CONTROL_URL: cloud.url, JOIN_TOKEN: cloud.stand.token, DATA_DIR: folder, COMPARE_SECONDS: "86400" };
    const rosters: number[] = [];
    const agent = await startAgent(
      { ...configOf(env), certificate: { dataDir: folder, ...parts } },
      silent,
      ({ documents }) =>
        Object.assign(createNullDriver(new Map(), documents), {
          certify: async () => {},
          onRoster: ({ version }: Roster) => void rosters.push(version),
        }),
    );
    onTestFinished(() => agent.stop());
    const looked = () => cloud.requests.filter(({ path }) => path.endsWith("/names")).length;
    const looks = (times: number) => vi.waitFor(() => expect(looked()).toBe(times));
    const tell = (version: number, namesAt?: string) =>
      cloud.send({ type: "roster", pool: "pol_1", version, hosts: [], ...(namesAt !== undefined && { namesAt }) });
    await looks(1);
    await tell(1);
    await tell(2, "2026-01-01T00:00:00Z");
    await looks(2);
    await tell(3, "2026-01-01T00:00:00Z");
    await tell(4, "2026-01-02T00:00:00Z");
    await looks(3);
    await tell(5, "2026-01-02T00:00:00Z");
    await vi.waitFor(() => expect(rosters).toEqual([1, 2, 3, 4, 5]));
    expect(looked()).toBe(3);
  });

  test("goes on with its queue when credentials are renewed, and loses no message", {
    timeout: 20_000,
  }, async () => {
    const cloud = await startCloud();
    cloud.stand.queueLifeSeconds = 2;
    const acme = cloud.add(createTenant(1, 1));
    const { agent } = await start(
      configOf({
        CONTROL_URL: cloud.url,
        JOIN_TOKEN: cloud.stand.token,
        DATA_DIR: temporaryFolder(),
        COMPARE_SECONDS: "86400",
      }),
    );
    const renewals = () => cloud.requests.filter(({ path }) => path.endsWith("/queue")).length;
    await vi.waitFor(() => expect(renewals()).toBeGreaterThanOrEqual(2), { timeout: 10_000 });
    for (const n of [5, 6, 7, 8])
      await cloud.send(acme.write({ kind: "extension", id: ext(n), body: extensionBody(`100${n}`) }));
    await vi.waitFor(() => expect(cloud.acks.get(acme.owner)?.revision).toBe(5), { timeout: 5000 });
    expect(await lookUp(agent.port, "1008")).not.toBe("not found");
    await vi.waitFor(() => expect(cloud.keysUsed.has("key1") && cloud.keysUsed.size > 2).toBe(true));
  });

  test("answers lookups from its disk when the cloud is gone at its start", async () => {
    const cloud = await startFakeCloud({ queue: false });
    const folder = temporaryFolder();
    await joinFakeCloud(cloud, folder);
    await cloud.stop();
    const state = openState(join(folder, "state.db"));
    state.apply(last(createTenant(1, 1).deltas));
    state.close();
    const { agent } = await start(configOf({ DATA_DIR: folder }));
    expect(await lookUp(agent.port, "1001")).toBe(ha1);
    await agent.stop();
  });

  test("whose files were damaged puts them aside and gets its documents again", async () => {
    const cloud = await startCloud({ queue: false });
    const folder = temporaryFolder();
    await joinFakeCloud(cloud, folder);
    cloud.add(createTenant(1, 1));
    for (const name of ["state.db", "spool.db"]) writeFileSync(join(folder, name), "no database at all".repeat(1000));
    const { agent } = await start(configOf({ DATA_DIR: folder }));
    await vi.waitFor(async () => expect(await lookUp(agent.port, "1001")).toBe(ha1), { timeout: 5000 });
    expect(existsSync(join(folder, "state.db.damaged"))).toBe(true);
  });

  test("without a token and not enrolled says what to do", async () => {
    await expect(start(configOf({ DATA_DIR: temporaryFolder() }))).rejects.toThrow("--join");
  });

  test("refuses to join another control plane with the same folder", async () => {
    const cloud = await startCloud({ queue: false });
    const folder = temporaryFolder();
    await joinFakeCloud(cloud, folder);
    const config = parseConfig({ EDGE_PORT: "0", DATA_DIR: folder }, ["--join", "https://other.example", "token"]);
    await expect(start(config)).rejects.toThrow("DATA_DIR");
  });

  test("whose token is refused says so and gives up", async () => {
    const cloud = await startCloud({ queue: false });
    const { agent } = await start(
      configOf({ CONTROL_URL: cloud.url, JOIN_TOKEN: "wrong", DATA_DIR: temporaryFolder() }),
    );
    await expect(agent.enrolled).rejects.toThrow("403");
  });

  test("with a bad configuration ends with code 2 and the variable's name", async () => {
    const main = new URL("../../edge-agent/main.ts", import.meta.url).pathname;
    const bad = run(process.execPath, ["--disable-warning=ExperimentalWarning", main], { EDGE_PORT: "many" });
    expect(await bad.ended).toBe(2);
    expect(bad.lines.join("\n")).toMatch(/^EDGE_PORT: /);
  });
});

describe("the agent's process", () => {
  async function startChild(env: Record<string, string>): Promise<Running & { port: number }> {
    const child = run(process.execPath, script("agent-child.ts"), { EDGE_PORT: "0", LOG_LEVEL: "warn", ...env });
    return { ...child, port: Number((await child.line(/^port (\d+)$/))[1]) };
  }

  test("killed with -9 between receiving and applying applies and acknowledges after its next start", {
    timeout: 30_000,
  }, async () => {
    const cloud = await startCloud();
    const folder = temporaryFolder();
    await joinFakeCloud(cloud, folder);
    const acme = cloud.add(createTenant(1, 1));
    const env = { CONTROL_URL: cloud.url, DATA_DIR: folder };
    const first = await startChild({ ...env, HANG: "1" });
    await first.line(/^run T#/);
    expect(await lookUp(first.port, "1001")).toBe(ha1);
    expect(cloud.acks.size).toBe(0);
    first.child.kill("SIGKILL");
    await first.ended;
    const second = await startChild(env);
    expect(await lookUp(second.port, "1001")).toBe(ha1);
    await second.line(new RegExp(`^run ${acme.owner} 2$`));
    await vi.waitFor(() => expect(cloud.acks.get(acme.owner)).toMatchObject({ ...acme.standing, failures: [] }), {
      timeout: 5000,
    });
  });

  test("killed with -9 at any moment while messages come ends at the cloud's digest", { timeout: 60_000 }, async () => {
    const cloud = await startCloud();
    const folder = temporaryFolder();
    await joinFakeCloud(cloud, folder);
    const documents = [1, 2, 3].map((n) => cloud.add(createTenant(n, 2)));
    const env = { CONTROL_URL: cloud.url, DATA_DIR: folder, COMPARE_SECONDS: "0.3" };
    for (const round of [1, 2, 3]) {
      const child = await startChild(env);
      for (let n = 0; n < 15; n++) {
        const document = documents[n % 3];
        const delta = document?.write({
          kind: "extension",
          id: ext(n),
          body: extensionBody(String(1000 + 20 * round + n)),
        });
        // every fourth is lost
        if (delta && n % 4 !== 3) await cloud.send(delta);
        if (n === 4 * round) child.child.kill("SIGKILL");
      }
      await child.ended;
    }
    const child = await startChild(env);
    await vi.waitFor(
      () => {
        for (const { owner, standing } of documents)
          expect(cloud.acks.get(owner)).toMatchObject({ ...standing, failures: [] });
      },
      { timeout: 20_000 },
    );
    child.child.kill("SIGTERM");
    expect(await child.ended).toBe(0);
    const state = openState(join(folder, "state.db"));
    onTestFinished(() => state.close());
    for (const { owner, standing } of documents) expect(state.standing(owner)).toEqual(standing);
  });

  test("restarted under lookups behind a held socket fails none of them", { timeout: 60_000 }, async () => {
    const cloud = await startCloud({ queue: false });
    const folder = temporaryFolder();
    await joinFakeCloud(cloud, folder);
    const state = openState(join(folder, "state.db"));
    state.apply(last(createTenant(1, 3).deltas));
    state.close();
    const holder = new URL("../support/hold-socket.pl", import.meta.url).pathname;
    const held = run("perl", [holder, process.execPath, ...script("agent-child.ts")], {
      DATA_DIR: folder,
      LOG_LEVEL: "warn",
    });
    const port = Number((await held.line(/^held (\d+)$/))[1]);
    const counts = { asked: 0, failed: 0, during: 0 };
    let going = true;
    let restarting = false;
    const asking = Array.from({ length: 4 }, async () => {
      while (going) {
        const answer = await lookUp(port, "1002").catch(String);
        counts.asked++;
        if (restarting) counts.during++;
        if (answer !== ha1) counts.failed++;
      }
    });
    const starts = () => held.lines.filter((line) => line === `port ${port}`).length;
    await vi.waitFor(() => expect(starts()).toBe(1), { timeout: 10_000 });
    for (const times of [2, 3, 4]) {
      restarting = true;
      held.child.kill("SIGHUP");
      await vi.waitFor(() => expect(starts()).toBe(times), { timeout: 10_000 });
      restarting = false;
      const before = counts.asked;
      await vi.waitFor(() => expect(counts.asked).toBeGreaterThan(before + 50), { timeout: 10_000 });
    }
    going = false;
    await Promise.all(asking);
    held.child.kill("SIGTERM");
    await held.ended;
    expect(held.lines.filter((line) => line.startsWith("ended"))).toEqual(Array(4).fill("ended 0"));
    expect(counts.failed, `of ${counts.asked}`).toBe(0);
    expect(counts.during).toBeGreaterThan(0);
  });
});

describe("the socket", () => {
  test("of our own is on loopback alone", async () => {
    const listening = await listen((_, response) => response.end("x"), 0, undefined);
    onTestFinished(() => listening.stop());
    const other = connect({ host: "127.0.0.2", port: listening.port });
    await expect(new Promise((done, failed) => other.once("connect", done).once("error", failed))).rejects.toThrow(
      "ECONNREFUSED",
    );
  });

  test("that is stopped finishes what was asked and cuts what never asks", async () => {
    let answer = (): void => {};
    const listening = await listen((_, response) => (answer = () => response.end("late")), 0, undefined);
    const idle = connect({ host: "127.0.0.1", port: listening.port });
    await new Promise((done) => idle.once("connect", done));
    const asked = lookUp(listening.port, "1");
    await vi.waitFor(() => expect(answer.toString()).toContain("late"));
    const stopped = listening.stop();
    answer();
    expect(await asked).toBe("late");
    await stopped;
    idle.destroy();
    await expect(lookUp(listening.port, "1")).rejects.toThrow();
  });

  test("that is taken by another fails at start", async () => {
    const first = await listen(() => {}, 0, undefined);
    onTestFinished(() => first.stop());
    await expect(listen(() => {}, first.port, undefined, 100)).rejects.toThrow("EADDRINUSE");
  });

  test("that another is about to leave is had once it left", async () => {
    const first = await listen(() => {}, 0, undefined);
    const second = listen((_, response) => response.end("second"), first.port, undefined);
    await first.stop();
    onTestFinished(async () => (await second).stop());
    expect((await second).port).toBe(first.port);
    expect(await lookUp(first.port, "1")).toBe("second");
  });
});
