// `npm start` as a process: killed with -9 under load and started again it has everything that it acknowledged, the same operator, and stops cleanly.
import { once } from "node:events";
import { readFileSync, statSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test, vi } from "vitest";
import { ha1 } from "../../functions/vault/owner-secrets.ts";
import { parseSettings } from "../../local/settings.ts";
import { auth, body } from "../edge-agent/drivers/freeswitch/requests.ts";
import { temporaryFolder } from "../support/folder.ts";
import { type Running, run } from "../support/process.ts";
import { freePort } from "../support/sipp.ts";

const program = fileURLToPath(new URL("../../local/start.ts", import.meta.url));

/** Ports that stay the same over restarts, and a folder. */
async function place(): Promise<Record<string, string>> {
  const dataDir = join(temporaryFolder(), "data");
  return {
    DATA_DIR: dataDir,
    PORT: String(await freePort()),
    EDGE_PORT: String(await freePort()),
    SIP_PORT: String(await freePort()),
    CARRIERS_PORT: String(await freePort()),
    FRONT_PORT: String(await freePort()),
    ESL_PORT: String(await freePort()),
  };
}

const start = (env: Record<string, string>, args: string[] = []): Running =>
  run(process.execPath, ["--disable-warning=ExperimentalWarning", program, ...args], env);
const ready = (running: Running) => running.line(/^Edge lookups/);

async function call(env: Record<string, string>, method: string, path: string, sent?: unknown) {
  const key = readFileSync(join(String(env.DATA_DIR), "operator.key"), "utf8").trim();
  const answer = await fetch(`http://127.0.0.1:${env.PORT}${path}`, {
    method,
    headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
    ...(sent !== undefined && { body: JSON.stringify(sent) }),
  });
  return { status: answer.status, body: (answer.status === 204 ? {} : await answer.json()) as Record<string, unknown> };
}

/** What the edge answers when FreeSWITCH asks for a phone that registers. */
async function directory(env: Record<string, string>, user: string, domain: string): Promise<string> {
  const fields = body(auth("REGISTER", user, domain));
  return (await fetch(`http://127.0.0.1:${env.EDGE_PORT}/`, { method: "POST", body: fields })).text();
}

describe("npm start", { timeout: 120_000 }, () => {
  test("killed with -9 while it is written to, and started again: what was acknowledged is there, the key is the same, and the edge has it", async () => {
    const env = await place();
    const first = start(env);
    await ready(first);
    const key = readFileSync(join(String(env.DATA_DIR), "operator.key"), "utf8");
    expect(statSync(join(String(env.DATA_DIR), "operator.key")).mode & 0o777).toBe(0o600);
    expect(statSync(String(env.DATA_DIR)).mode & 0o777).toBe(0o700);
    const tenant = (await call(env, "POST", "/v1/tenants", { name: "Acme" })).body;
    const path = `/v1/tenants/${tenant.id}`;
    const acknowledged: { number: string; password: string }[] = [];
    const writing = Array.from({ length: 4 }, async (_, writer) => {
      for (let index = 0; ; index++) {
        const number = String(1000 + writer * 1000 + index);
        const made = await call(env, "POST", `${path}/extensions`, { number }).catch(() => undefined);
        if (made?.status !== 201) return;
        acknowledged.push({ number, password: String((made.body.sip as { password: string }).password) });
      }
    });
    await vi.waitFor(() => expect(acknowledged.length).toBeGreaterThan(20), { timeout: 20_000, interval: 5 });
    first.child.kill("SIGKILL");
    await Promise.all([first.ended, ...writing]);

    const second = start(env);
    await ready(second);
    expect(readFileSync(join(String(env.DATA_DIR), "operator.key"), "utf8")).toBe(key);
    const accounts = await call(env, "GET", "/v1/me");
    expect(accounts.body).toMatchObject({ name: "operator", scopes: ["*"] });
    const found = (
      await Promise.all(acknowledged.map(({ number }) => call(env, "GET", `${path}/extensions/${number}`)))
    ).map(({ status }) => status);
    expect(found).toEqual(acknowledged.map(() => 200));
    const { revision } = (await call(env, "GET", path)).body;
    expect(Number(revision)).toBeGreaterThanOrEqual(acknowledged.length);
    const changes = (await call(env, "GET", `${path}/changes?limit=1`)).body.data as { revision: number }[];
    expect(changes[0]?.revision).toBe(revision);
    await vi.waitFor(
      async () => {
        const { edges } = (await call(env, "GET", `${path}/sync`)).body as {
          edges: { applied: number; inStep: boolean }[];
        };
        expect(edges).toEqual([expect.objectContaining({ applied: revision, inStep: true })]);
      },
      { timeout: 20_000, interval: 20 },
    );
    const last = acknowledged.at(-1) ?? { number: "", password: "" };
    const xml = await directory(env, last.number, String(tenant.domain));
    expect(xml).toContain(ha1(last.number, String(tenant.domain), last.password));
    expect(xml).not.toContain(last.password);

    second.child.kill("SIGINT");
    expect(await second.ended, second.lines.join("\n")).toBe(0);
    expect(second.lines.filter((line) => /error|warn|ended/i.test(line))).toEqual([]);
    const third = start(env);
    await ready(third);
    const list = await call(env, "GET", "/v1/edges");
    expect(list.body.data).toHaveLength(1);
    expect((await call(env, "GET", "/v1/pools")).body.data).toHaveLength(1);
    third.child.kill("SIGTERM");
    expect(await third.ended).toBe(0);
    await expect(fetch(`http://127.0.0.1:${env.EDGE_PORT}/`)).rejects.toThrow();
  });

  test("killed with -9 at any moment of its very first start, the next start has an operator whose key works", async () => {
    const env = await place();
    for (const after of [0, 200, 400, 600, 800]) {
      const running = start(env);
      const deadline = performance.now() + after;
      await vi.waitFor(() => expect(performance.now()).toBeGreaterThan(deadline), { timeout: 5000, interval: 5 });
      running.child.kill("SIGKILL");
      await running.ended;
    }
    const running = start(env);
    await ready(running);
    expect((await call(env, "GET", "/v1/me")).status).toBe(200);
    expect((await call(env, "GET", "/v1/pools")).body.data).toHaveLength(1);
    expect((await call(env, "POST", "/v1/tenants", { name: "Acme" })).status).toBe(201);
    running.child.kill("SIGINT");
    expect(await running.ended).toBe(0);
  });

  test("a variable or argument that is wrong is named", () => {
    const wrong = [
      [{ PORT: "many" }, [], /^PORT: /],
      [{ EDGE_PORT: "70000" }, [], /^EDGE_PORT: /],
      [{ SIP_ZONE: "zone" }, [], /^SIP_ZONE: /],
      [{ PUBLIC_URL: "ftp://x" }, [], /^PUBLIC_URL: /],
      [{}, ["--with", "asterisk"], /--with asterisk/],
      [{}, ["--verbose"], /^--verbose: /],
    ] as const;
    for (const [env, args, words] of wrong) expect(() => parseSettings(env, [...args])).toThrow(words);
  });

  test("with a wrong setting, without its FreeSWITCH or on a port that is taken it says so, and ends with 1", async () => {
    const env = await place();
    const taken = createServer().listen(Number(env.PORT), "127.0.0.1");
    await once(taken, "listening");
    const wrong = [
      [{ SIP_ZONE: "zone" }, [], /^SIP_ZONE: /],
      [{}, ["--with", "freeswitch=/nowhere/freeswitch"], /nowhere/],
      [{}, [], new RegExp(String(env.PORT))],
    ] as const;
    const check = async ([more, args, words]: (typeof wrong)[number]): Promise<void> => {
      const running = start({ ...env, ...more }, [...args]);
      expect(await running.ended).toBe(1);
      expect(running.lines.join("\n")).toMatch(words);
      expect(running.lines.join("\n")).not.toMatch(/ {4}at /);
    };
    await Promise.all(wrong.map(check));
    taken.close();
  });
});
