// The command line against a real control plane.
import { spawn, spawnSync } from "node:child_process";
import { readFileSync, statSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { completionFor } from "../../cli/completion.ts";
import { commands } from "../../cli/main.ts";
import { createOutput, diff, json, members, table } from "../../cli/output.ts";
import { kindsAt } from "../../core/registry.ts";
import { type Cli, cliWith, entry, nodeArgs, processWith } from "../support/cli.ts";
import { newTenant, type TestControl, testControl } from "../support/control.ts";
import { around } from "../support/process.ts";
import { bringReleases } from "../support/releases.ts";
import { enrolEdge } from "../support/signed-edge.ts";

let control: TestControl;
let tenant: { id: string; path: string; domain: string };
let env: Record<string, string>;
let cli: Cli;

beforeAll(async () => {
  control = await testControl();
  tenant = await newTenant(control, { name: "Acme" });
  env = { XDG_CONFIG_HOME: join(control.dataDir, "config"), HOME: control.dataDir };
  cli = cliWith({ ...env, DIALPLANE_URL: control.url, DIALPLANE_API_KEY: control.key, DIALPLANE_TENANT: "Acme" });
});
afterAll(() => control.stop());

const told = async (args: string[], more?: Parameters<Cli>[1]) => {
  const ended = await cli(args, more);
  expect(ended.code, `${args.join(" ")}\n${ended.stderr}`).toBe(0);
  return ended.stdout;
};

describe("signing in", () => {
  test("keeps URL and key where only their owner reads them, by profile, and forgets them", async () => {
    const bare = cliWith(env);
    expect(await bare(["whoami"])).toMatchObject({ code: 2, stderr: expect.stringContaining("dialplane login") });
    expect((await bare(["login", "--url", control.url], { input: "dp_live_wrong\n" })).code).toBe(6);
    expect((await bare(["login", "--url", `${control.url}/`], { input: `${control.key}\n` })).code).toBe(0);
    const file = join(control.dataDir, "config", "dialplane", "profiles.json");
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(JSON.parse(readFileSync(file, "utf8"))).toEqual({ default: { url: control.url, key: control.key } });
    expect(JSON.parse((await bare(["whoami", "--json"])).stdout)).toMatchObject({ scopes: ["*"] });
    // a key is sent to the place that it was given for alone
    expect((await bare(["whoami", "--url", "http://127.0.0.1:1"])).code).toBe(2);
    expect((await bare(["whoami", "--profile", "other"])).code).toBe(2);
    expect((await bare(["logout"])).code).toBe(0);
    expect((await bare(["whoami"])).code).toBe(2);
  });
});

describe("resources", () => {
  test("are made, found by name, listed, changed and deleted; secrets are shown at once", async () => {
    const made = JSON.parse(
      await told(["create", "extension", "number=1001", "displayName=Ada", "outbound.permission=national", "--json"]),
    );
    expect(made).toMatchObject({ number: "1001", displayName: "Ada", outbound: { permission: "national" } });
    expect(made.sip.password).toMatch(/.{8,}/);
    expect(await told(["get", "extensions", "1001", "-t", tenant.domain])).toContain("displayName: Ada");
    expect(await told(["--json", "list", "extension", "displayName=Ada", "-t", tenant.id])).toContain(
      '"number": "1001"',
    );
    expect(await told(["list", "extension"])).toMatch(/^id +number +displayName.*\next_\w+ +1001 +Ada/);
    const group = { name: "sales", members: [{ extension: "1001" }] };
    await told(["create", "ring-group", "-f", "-"], { input: JSON.stringify(group) });
    const changed = [
      "update",
      "extension",
      "1001",
      "displayName=null",
      "ringSeconds=30",
      'devices:=[{"username":"desk"}]',
      "--json",
    ];
    expect(JSON.parse(await told(changed))).toMatchObject({ displayName: null, ringSeconds: 30, version: 2 });
    expect(await cli(["delete", "extension", "1001"])).toMatchObject({
      code: 4,
      stderr: expect.stringContaining("used by ring-group sales"),
    });
    await told(["delete", "ring-group", "sales"]);
    expect((await cli(["delete", "extension", "1001", "--if-version", "1"])).code).toBe(4);
    await told(["delete", "extension", "1001"]);
    expect((await cli(["get", "extension", "1001"])).code).toBe(3);
  });

  test("every kind of the registry has its list", async () => {
    const kinds = kindsAt("tenant");
    for (let at = 0; at < kinds.length; at += 6)
      await Promise.all(
        kinds
          .slice(at, at + 6)
          .map(async ({ kind }) => expect(await told(["list", kind, "--json"]), kind).toMatch(/^\[/)),
      );
  });

  test("a name of dots does not reach what is above it", async () => {
    await told(["create", "trunk", "name=..", "host=c.example"]);
    expect((await cli(["delete", "trunk", ".."])).code).toBe(3);
    expect(await told(["get", "tenant", "Acme"])).toContain(tenant.id);
    await told(["delete", "trunk", JSON.parse(await told(["list", "trunk", "name=..", "--json"]))[0].id]);
  });
});

describe("documents", () => {
  test("diff tells, apply does, history shows, rollback undoes, export gives what apply takes", async () => {
    const file = join(control.dataDir, "acme.yaml");
    writeFileSync(
      file,
      'extensions:\n  - number: "1002"\n    displayName: Grace\ntrunks:\n  - name: carrier\n    host: c.example\n',
    );
    const asked = await cli(["diff", "-f", file, "--exit-code"]);
    expect([asked.code, asked.stdout]).toEqual([7, expect.stringMatching(/\+ extension 1002\n +number: 1002/)]);
    expect(await told(["apply", "-f", file, "--dry-run"])).toBe(asked.stdout);
    const done = await cli(["apply", "-f", file]);
    expect(done).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/secret extension 1002 \/devices\/0\/password \S+/),
    });
    expect((await cli(["diff", "-f", file, "--exit-code"])).code).toBe(0);
    const { revision } = (await control.call("GET", tenant.path)).body as unknown as { revision: number };
    expect(done.stderr).toContain(`Revision ${revision}.`);
    expect((await told(["history", "--limit", "1"])).trim()).toMatch(new RegExp(`^${revision} `));
    expect(await told(["history", String(revision)])).toContain("+ trunk carrier");
    writeFileSync(file, "extensions:\n  - number: '1002'\n    displayName: Grace H.\n");
    expect(await told(["apply", "-f", file, "--prune", "trunks"])).toMatch(
      /~ extension 1002\n +displayName: Grace → Grace H\.\n- trunk carrier\n/,
    );
    expect((await cli(["apply", "-f", file, "--base-revision", "1"])).code).toBe(4);
    expect(await told(["rollback", String(revision)])).toContain("+ trunk carrier");
    const exported = await told(["export", "--yaml"]);
    expect(exported).toMatch(/extensions:\n {2}- callWaiting: true\n[\s\S]*number: "1002"/);
    expect((await cli(["diff", "-f", "-", "--exit-code"], { input: exported })).code).toBe(0);
    expect(await told(["sync"])).toContain(`revision ${revision + 2}`);
  });

  test("a large one is waited for: its job's result is told as any other's, and so is why it failed", {
    timeout: 60_000,
  }, async () => {
    const { id, path } = await newTenant(control, { name: "Large" });
    const apply = (displayName: string, ...more: string[]) => {
      const extensions = Array.from({ length: 501 }, (_, n) => ({ number: String(2000 + n), displayName }));
      return cli(["apply", "-f", "-", "-t", id, ...more], { input: JSON.stringify({ extensions }) });
    };
    const made = await apply("One", "--json");
    const { revision, diff: lines, secrets } = JSON.parse(made.stdout);
    expect([made.code, made.stderr, revision, lines.length, secrets.length]).toEqual([0, "", 1, 501, 501]);
    // somebody else writes between its check and its work
    const { startJob } = control.ctx;
    control.ctx.startJob = async (job) => {
      await control.call("PATCH", path, { name: "Moved" });
      await startJob(job);
    };
    const late = await apply("Two", "--base-revision", "1");
    control.ctx.startJob = startJob;
    expect(late).toMatchObject({
      code: 4,
      stdout: "",
      stderr: expect.stringMatching(/^It is large: job job_\w+ does it\.$/m),
    });
    const back = await cli(["rollback", "0", "-t", id]);
    expect(back).toMatchObject({ code: 0, stderr: expect.stringMatching(/Revision 3\./) });
    expect((await control.call("GET", `${path}/extensions`)).body.data).toEqual([]);
  });

  test("a file that is wrong is told by field, and changes nothing", async () => {
    const bad = await cli(["apply", "-f", "-"], { input: '{"extensions":[{"number":"x"}]}' });
    expect(bad).toMatchObject({ code: 1, stderr: expect.stringContaining("/extensions/0/number: ") });
    for (const input of ["{", "a: [", "- a", ""]) expect((await cli(["apply", "-f", "-"], { input })).code).toBe(2);
    expect((await cli(["apply", "-f", "/nowhere.yaml"])).code).toBe(2);
  });
});

describe("calls and events", () => {
  test("a call is simulated", async () => {
    await told(["create", "extension", "number=1003"]);
    expect(await told(["simulate", "1003", "1003", "--assume", "1003=busy"])).toMatch(/extension\/1003/);
  });

  test("events are told as they come, and ^C ends it well", async () => {
    const child = spawn(process.execPath, [...nodeArgs, "events", "tail", "extension.*", "--json"], {
      env: { ...around, ...env, DIALPLANE_URL: control.url, DIALPLANE_API_KEY: control.key },
    });
    let out = "";
    child.stdout.on("data", (chunk) => {
      out += chunk;
    });
    const closed = new Promise((resolve) => child.on("close", resolve));
    let number = 1100;
    await vi.waitFor(
      async () => {
        // it tells of what comes after it began, whenever that is
        await control.call("POST", `${tenant.path}/extensions`, { number: String(number++) });
        expect(out).toContain("extension.created");
      },
      { timeout: 15_000, interval: 500 },
    );
    // what an earlier test did may come into the log after it began
    for (const line of out.trim().split("\n")) expect(JSON.parse(line).type).toMatch(/^extension\./);
    child.kill("SIGINT");
    expect(await closed).toBe(0);
  });

  test("calls are told as they end, of a tenant and of all below an account, and those since an event", {
    timeout: 40_000,
  }, async () => {
    const { body: account } = await control.call("POST", "/v1/accounts", { name: "Try", sandbox: true });
    const { id, path } = await newTenant(control, { name: "Trying", accountId: account.id });
    for (const number of ["1001", "1002"]) await control.call("POST", `${path}/extensions`, { number });
    const call = async (from: string, to: string) =>
      expect((await control.call("POST", `${path}/sandbox/calls`, { from, to })).status).toBe(201);
    const tails = [
      cli(["calls", "tail", "-t", id, "-n", "2"]),
      cli(["calls", "tail", "-a", String(account.id), "-n", "2"]),
    ];
    let ended = 0;
    for (const tail of tails) void tail.then(() => ended++);
    await vi.waitFor(
      async () => {
        // it tells of what ends after it began, whenever that is
        await call("1001", "1002");
        expect(ended).toBe(2);
      },
      { timeout: 30_000, interval: 200 },
    );
    for (const { code, stdout } of await Promise.all(tails)) {
      expect([code, stdout.trim().split("\n").length]).toEqual([0, 2]);
      expect(stdout).toMatch(/^\d{4}-\S+Z {2}internal {2}1001 → 1002 {2}answered {2}\d+ s$/m);
    }
    const log = await control.call("GET", `/v1/events?tenantId=${id}&type=call.completed&limit=2`);
    const [first, second] = log.body.data as unknown as { id: string }[];
    const tail = await told(["calls", "tail", "-t", id, "-n", "1", "--since", String(first?.id), "--json"]);
    expect(JSON.parse(tail)).toMatchObject({
      id: second?.id,
      type: "call.completed",
      data: { from: { number: "1001" } },
    });
    expect((await cli(["calls", "tail", "-n", "0"])).code).toBe(2);
  });

  test("no edge, no call, no key: said so", async () => {
    expect((await cli(["calls"])).stderr).toContain("There were no calls.");
    expect(await told(["edges"])).toMatch(/^id +name/);
    const made = JSON.parse(await told(["api-keys", "create", "reader", "tenants:read", "--json"]));
    expect(await told(["api-keys"])).toContain("reader");
    const reader = { DIALPLANE_API_KEY: made.key };
    expect(await cli(["create", "extension", "number=1"], { env: reader })).toMatchObject({
      code: 6,
      stderr: expect.stringContaining("extensions:write"),
    });
    await told(["api-keys", "revoke", made.id]);
    expect((await cli(["whoami"], { env: reader })).code).toBe(6);
  });
});

describe("what scripts and terminals see", () => {
  test("a command starts at once: what it needs beside Node itself is short", { timeout: 60_000 }, () => {
    const took = (args: string[]): number => {
      const began = performance.now();
      const { status } = spawnSync(process.execPath, args, { env: { ...env, PATH: process.env.PATH ?? "" } });
      expect(status).toBe(0);
      return performance.now() - began;
    };
    const [bare, help]: [number[], number[]] = [[], []];
    for (let round = 0; round < 4; round++) {
      bare.push(took(["-e", "0"]));
      help.push(took([...nodeArgs, "--help"]));
    }
    expect(Math.min(...help) / Math.min(...bare)).toBeLessThan(2.2);
  });

  test("a wrong command line is 2, whoever is not there is 5", async () => {
    for (const args of [
      ["nothing"],
      ["get", "extension"],
      ["get", "colour", "1"],
      ["list", "extension", "--colour"],
      ["create", "extension", "colour=red"],
      ["create", "extension", "ringSeconds=soon"],
      ["create", "extension", "a.__proto__.b=1"],
      ["rollback", "x"],
    ])
      expect((await cli(args)).code, args.join(" ")).toBe(2);
    expect((await cli(["create", "tenant", "name=x"], { env: { DIALPLANE_URL: "http://127.0.0.1:1" } })).code).toBe(5);
  });

  test("a busy server is asked again with the same key, after the pause that it wants", async () => {
    const seen: (string | undefined)[] = [];
    const server = createServer((request, response) => {
      seen.push(request.headers["idempotency-key"] as string | undefined);
      const again = seen.length < 3;
      response.writeHead(again ? 503 : 201, {
        "content-type": "application/json",
        ...(again && { "retry-after": "0" }),
      });
      response.end(again ? '{"code":"unavailable","status":503}' : '{"id":"ten_1"}');
    }).listen(0, "127.0.0.1");
    await new Promise((resolve) => server.once("listening", resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    expect((await cli(["create", "tenant", "name=x"], { env: { DIALPLANE_URL: url } })).code).toBe(0);
    expect([seen.length, new Set(seen).size]).toEqual([3, 1]);
    expect(seen[0]).toMatch(/^[0-9a-f]{32}$/);
    server.close();
  });

  test("what a tenant wrote commands no terminal", async () => {
    const lines: string[] = [];
    const stream = { write: (text: string) => lines.push(text), isTTY: true };
    const evil = "\u001b]0;owned\u0007\u009b31m\u202e\r\n\u2066";
    const output = createOutput(stream, stream, { NO_COLOR: "1" });
    table(output, ["name"], [[evil], [{ [evil]: evil }]]);
    members(output, { [evil]: [evil, { a: evil }], b: evil });
    diff(output, [
      { op: "update", kind: evil, key: evil, before: { a: evil }, after: { a: evil }, fields: ["a", evil] },
    ]);
    output.line(json({ [evil]: evil }));
    expect(lines.join("")).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/);
    expect(JSON.parse(json({ [evil]: evil }))).toEqual({ [evil]: evil });
  });

  test("colours are on a terminal alone, and not where NO_COLOR is set", async () => {
    const run = { ...process.env, ...env, TERM: "xterm" };
    const onTerminal = (more: Record<string, string>) =>
      spawnSync("script", ["-qec", `'${process.execPath}' ${nodeArgs.join(" ")} --help`, "/dev/null"], {
        env: { ...run, NO_COLOR: "", ...more },
      });
    if (!spawnSync("script", ["--version"]).error) {
      expect(onTerminal({}).stdout.toString()).toContain("\u001b[1mdialplane");
      expect(onTerminal({ NO_COLOR: "1" }).stdout.toString()).not.toContain("\u001b");
    }
    expect(await told(["--help"])).not.toContain("\u001b");
  });

  test("each command says how it is used, and is completed by each shell", async () => {
    const all = await told(["--help"]);
    for (const { name } of commands) expect(all).toContain(`  ${name}`);
    expect(await told(["calls", "tail", "--help"])).toContain("dialplane calls tail");
    const script = await told(["completion", "bash"]);
    const asked = [
      ["roll", "rollback"],
      ["create ring", "ring-group"],
      ["apply --dry", "--dry-run"],
      ["api-keys ro", "rotate"],
    ] as const;
    const each = asked.map(([words]) => {
      const count = words.split(" ").length;
      return `COMP_WORDS=(dialplane ${words}); COMP_CWORD=${count}; _dialplane; echo "\${COMPREPLY[@]}"`;
    });
    const { stdout } = spawnSync("bash", ["--norc", "-c", [script, ...each].join("\n")]);
    expect(stdout.toString().trim().split("\n")).toEqual(asked.map(([, wanted]) => wanted));
    const fish = completionFor("fish", commands);
    for (const { name } of commands) expect(fish).toContain(` ${name.split(" ")[0]}`);
    expect(await told(["completion", "zsh"])).toMatch(/^#compdef dialplane/);
  });

  test("the process ends with the code and writes what was said", async () => {
    const run = processWith({ DIALPLANE_URL: control.url, DIALPLANE_API_KEY: control.key });
    expect(await run(["get", "extension", "9999", "-t", "Acme"])).toMatchObject({
      code: 3,
      stdout: "",
      stderr: expect.stringMatching(/^dialplane: There is no extension/),
    });
  });

  test("npx can run it", () => {
    expect(readFileSync(entry, "utf8")).toMatch(/^#!\/usr\/bin\/env node\n/);
    expect(statSync(entry).mode & 0o111).toBe(0o111);
  });
});

describe("releases of the agent", () => {
  test("are told, brought to a pool's hosts by its name, stopped and taken back", async () => {
    await bringReleases(control, ["0.1.0", "0.2.0"]);
    const { body: pool } = await control.call("POST", "/v1/pools", { name: "Frankfurt" });
    const edge = await enrolEdge(control, String(pool.id), { name: "fra-1" });
    const beat = { version: "0.1.0", engine: { connected: true, version: "1" }, liveCalls: 0, inStep: true };
    expect((await edge.request("POST", "heartbeat", beat)).status).toBe(200);
    expect(await told(["releases", "Frankfurt"])).toBe("there are 0.1.0, 0.2.0; latest 0.2.0\nnone was begun\n");
    const start = ["releases", "start", "Frankfurt", "0.2.0"];
    expect(JSON.parse(await told([...start, "--soak", "30", "--json"]))).toMatchObject({
      release: { version: "0.2.0", state: "canary", canary: edge.id, soakMinutes: 30 },
    });
    expect(await cli(start)).toMatchObject({ code: expect.toSatisfy((code) => code > 0) });
    expect(await told(["releases", "stop", String(pool.id)])).toContain("0.2.0 is stopped: stopped by hand");
    expect(await told(["releases", "rollback", "Frankfurt"])).toMatch(/0\.2\.0 is roll/);
    for (const [args, says] of [
      [["releases", "Nowhere"], `Frankfurt (${pool.id})`],
      [[...start, "--soak", "long"], "--soak"],
    ] as const)
      expect(await cli([...args])).toMatchObject({ code: 2, stderr: expect.stringContaining(says) });
  });
});
