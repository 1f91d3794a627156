// The user data of the template's hosts, run for real in a root folder of its own against a real control plane: hosts join their pool, or say why not, and
// leave it drained.
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from "vitest";
import { render } from "../../../infra/edge-host/render.ts";
import { type TestControl, testControl } from "../../support/control.ts";
import { enrolEdge, type SignedEdge } from "../../support/signed-edge.ts";
import { needs, onPath } from "../../support/skip.ts";
import { cloudConfig, evaluate } from "./evaluate.ts";
import { type Answer, boot, type Call, isThere, type Machine, type World } from "./machine.ts";

type Fleet = "Kamailio" | "Freeswitch";
const template = JSON.parse(render());
const given = {
  ControlUrl: "https://pbx.example",
  ApiKey: "dp_given",
  SignalwireToken: "PT1",
  SipName: "sip.example.net",
};
const hostProgram = fileURLToPath(new URL("../../../infra/edge-host/host/dialplane-host.sh", import.meta.url));
const quick = { "metric-seconds": "0", "pause-seconds": "0.1", "settle-seconds": "0", "patience-seconds": "30" };

let control: TestControl;
let key = "";
beforeAll(async () => {
  control = await testControl();
  const pools = (await control.call("GET", "/v1/pools")).body.data as unknown as { id: string }[];
  const made = await control.call("POST", "/v1/api-keys", { name: "hosts", poolId: pools[0]?.id });
  key = String(made.body.key);
});
afterAll(() => control.stop());

const flag = (args: string[], name: string): string | undefined =>
  args.includes(name) ? args[args.indexOf(name) + 1] : undefined;

/** An account with these addresses, an instance in it, and the control plane at https://pbx.example. Each part may be bent. */
function account(
  fleet: Fleet,
  instance: string,
  bent: Partial<World> & { addresses?: string[]; taken?: string[] } = {},
) {
  const engine = fleet.toLowerCase();
  const holders = new Map<string, string>((bent.taken ?? []).map((address) => [address, "i-other"]));
  const addresses = bent.addresses ?? ["203.0.113.7"];
  const own = () => [...holders].find(([, by]) => by === instance)?.[0];
  const state = {
    lifecycle: "InService",
    edge: undefined as SignedEdge | undefined,
    installed: [] as string[][],
    liveCalls: 0,
  };

  function aws(args: string[]): Answer {
    const [service, verb] = args;
    if (service === "ec2" && verb === "describe-addresses") {
      expect(args).toContain(`Name=tag:dialplane:fleet,Values=hosts-${engine}`);
      if (args.includes(`Name=instance-id,Values=${instance}`)) {
        expect(flag(args, "--query")).toBe("Addresses[0].PublicIp");
        return { says: own() ?? "None" };
      }
      expect(flag(args, "--query")).toBe("Addresses[?AssociationId==null].AllocationId");
      return {
        says: addresses
          .filter((each) => !holders.has(each))
          .map((each) => `eipalloc-${each}`)
          .join("\t"),
      };
    }
    if (service === "ec2" && verb === "associate-address") {
      expect(args).toContain("--no-allow-reassociation");
      const address = (flag(args, "--allocation-id") ?? "").replace("eipalloc-", "");
      if (holders.has(address)) return { fails: "Resource.AlreadyAssociated" };
      holders.set(address, flag(args, "--instance-id") ?? "");
      return {};
    }
    if (service === "secretsmanager") {
      expect(flag(args, "--query")).toBe("SecretString");
      return { says: flag(args, "--secret-id") === "<KeyOfApi>" ? key : "PT1" };
    }
    return {};
  }

  const world: World = {
    program: ({ program, args }) => (program === "aws" ? aws(args) : {}),
    metadata: (path) =>
      ({
        "instance-id": instance,
        "placement/region": "eu-central-1",
        "local-ipv4": "10.80.0.9",
        "public-ipv4": own() ?? "198.51.100.200",
        "autoscaling/target-lifecycle-state": state.lifecycle,
      })[path],
    async web({ method, host, path, headers, body }) {
      if (host !== "pbx.example") return { status: 200, body: "a package" };
      if (path === "/install") return { status: 200, body: installer };
      if (path === "/installed") return installed(JSON.parse(body));
      const authorization = headers.authorization ?? "";
      const answer = await control.call(method, path, undefined, {
        key: authorization.replace("Bearer ", ""),
        ...(body !== "" && { raw: body, headers: { "content-type": "application/json" } }),
      });
      return { status: answer.status, body: answer.text };
    },
    ...bent,
  };

  /** What the agent would do: it enrols with the token, and says that it lives. */
  async function installed(args: string[]): Promise<{ status: number; body: string }> {
    state.installed.push(args);
    const [token = "", ...options] = args;
    const call = (method: string, path: string, ...rest: never[]) =>
      path === "/v1/edges" ? Promise.resolve({ body: { token }, text: "" }) : control.call(method, path, ...rest);
    const front = { address: flag(options, "--address"), port: 5062 };
    const sip = { server: flag(options, "--external-address"), port: 5060, transport: "udp" };
    const more = { name: flag(options, "--name"), engine: flag(options, "--engine"), front, sip };
    state.edge = await enrolEdge({ ctx: control.ctx, call: call as never }, undefined, more);
    const { request } = state.edge;
    const beat = (): Promise<unknown> => request("POST", "heartbeat", { ...alive, liveCalls: state.liveCalls, front });
    await beat();
    const beating = setInterval(() => void beat().catch(() => undefined), 100);
    onTestFinished(() => clearInterval(beating));
    return { status: 200, body: "" };
  }
  return { world, state, holders, own };
}

const alive = { version: "0.1.0", engine: { connected: true, version: "1" }, roster: null };
const installer = `jq -cn '$ARGS.positional' --args -- "$@" | curl -fsS --data-binary @- https://pbx.example/installed`;

async function bootFor(
  fleet: Fleet,
  world: World,
  settings: Record<string, string> = {},
  more: Record<string, string> = {},
): Promise<Machine> {
  const machine = await boot(cloudConfig(evaluate(template, { ...given, ...more }), fleet), world, {
    ...quick,
    ...settings,
  });
  onTestFinished(() => machine.stop());
  return machine;
}

const waitFor = (condition: () => void | Promise<void>) => vi.waitFor(condition, { timeout: 30_000 });
const verbs = (calls: Call[], ...names: string[]): Call[] =>
  calls.filter(({ args }) => names.some((name) => args.includes(name)));
/** What the group and the stack were told. */
const told = (calls: Call[]): string[] =>
  verbs(calls, "complete-lifecycle-action", "signal-resource").map(({ args }) => {
    const [of, result] = ["--lifecycle-hook-name", "--lifecycle-action-result"].map((name) => flag(args, name));
    return `${of ?? flag(args, "--logical-resource-id")} ${result ?? flag(args, "--status")}`;
  });
const edges = async (): Promise<{ name: string; state: string }[]> =>
  (await control.call("GET", "/v1/edges")).body.data as never;

describe.runIf(needs("a root of its own (unshare and chroot as root, jq, curl)", isThere))(
  "a host",
  { timeout: 60_000 },
  () => {
    test("takes an address, joins its pool with its engine, counts once it is in step, goes on where it was after a restart, and leaves its pool when it is to go", async () => {
      const { world, state } = account("Kamailio", "i-1");
      const machine = await bootFor("Kamailio", world);
      expect(machine.calls.splice(0)).toEqual([
        { program: "systemctl", args: ["daemon-reload"] },
        { program: "systemctl", args: ["enable", "--now", "--no-block", "dialplane-host.service"] },
      ]);
      const running = machine.run();
      await waitFor(() => expect(told(machine.calls)).toEqual(["enrolled CONTINUE", "Kamailio SUCCESS"]));
      expect(await edges()).toMatchObject([{ name: "kamailio-i-1", state: "up", engine: "kamailio" }]);
      expect(state.installed).toEqual([
        [expect.stringMatching(/^dpj_/), "--engine", "kamailio", "--name", "kamailio-i-1"].concat(
          ["--address", "10.80.0.9"],
          ["--external-address", "203.0.113.7"],
        ),
      ]);
      expect(machine.read("etc/dialplane/edge.env")?.split("\n")).toEqual([
        "FRONT_ADDRESS=10.80.0.9",
        "KAMAILIO_TLS_PORT=5061",
        "KAMAILIO_WSS_PORT=7443",
        "WSS_URL=wss://sip.example.net:7443",
        "",
      ]);
      const installs = machine.calls.filter(({ program }) => program === "apt-get").map(({ args }) => args.join(" "));
      expect(installs).toContainEqual(
        expect.stringMatching(/install -y --no-install-recommends kamailio .*kamailio-outbound-modules$/),
      );
      expect(machine.calls).toContainEqual({ program: "systemctl", args: ["disable", "--now", "kamailio"] });

      // as if the power went
      await machine.end();
      await running;
      state.lifecycle = "Terminated";
      expect(await machine.run()).toMatchObject({ code: 0 });
      expect(verbs(machine.calls, "associate-address")).toHaveLength(1);
      expect(state.installed).toHaveLength(1);
      expect(told(machine.calls).slice(2)).toEqual(["drained CONTINUE"]);
      expect(machine.calls).toContainEqual({ program: "systemctl", args: ["stop", "dialplane-edge"] });
      expect(await edges()).toEqual([]);
    });

    test("tries again what others are in the way of; waits with its going for calls to end and for recordings to be fetched, and says that it needs the time", async () => {
      let [away, broken] = [4, 2];
      const { world, state, holders } = account("Freeswitch", "i-2", { addresses: ["203.0.113.1", "203.0.113.2"] });
      const { web, program } = world;
      const machine = await bootFor("Freeswitch", {
        ...world,
        web: async (request) =>
          request.host === "pbx.example" && away-- > 0 ? { status: 503, body: "" } : web(request),
        program(call) {
          if (call.program === "apt-get" && call.args.includes("freeswitch") && broken-- > 0)
            return { fails: "no route" };
          // another host is faster
          if (call.args.includes("associate-address")) holders.set("203.0.113.1", "i-other");
          return program(call);
        },
      });
      const running = machine.run();
      await waitFor(() => expect(told(machine.calls)).toHaveLength(2));
      expect(state.installed).toEqual([expect.arrayContaining(["--external-address", "203.0.113.2"])]);
      expect([away, broken]).toEqual([expect.toSatisfy((left) => left < 0), expect.toSatisfy((left) => left < 0)]);
      expect(machine.read("etc/apt/auth.conf.d/freeswitch.conf")).toBe(
        "machine freeswitch.signalwire.com login signalwire password PT1\n",
      );
      const said = machine.calls.flatMap(({ args }) => args);
      expect(said).not.toContain("PT1");
      expect(said).not.toContain(key);
      state.liveCalls = 1;
      const figures = () => verbs(machine.calls, "put-metric-data").map(({ args }) => args.join(" "));
      await waitFor(() =>
        expect(figures().at(-1)).toMatch(/LiveCalls .*--dimensions Fleet=hosts-freeswitch --value 1$/),
      );
      const recordings = join(machine.root, "var/lib/dialplane-edge/recordings");
      mkdirSync(recordings, { recursive: true });
      writeFileSync(join(recordings, "one.wav"), "");
      state.lifecycle = "Terminated";
      const countBefore = figures().filter((one) => one.endsWith(" 0")).length;
      const beats = () => verbs(machine.calls, "record-lifecycle-action-heartbeat").length;
      await waitFor(() => expect(beats()).toBeGreaterThan(1));
      await waitFor(async () => expect(await edges()).toMatchObject([{ drain: { state: "draining", callsLeft: 1 } }]));
      state.liveCalls = 0;
      const before = beats();
      await waitFor(() => expect(beats()).toBeGreaterThan(before + 2));
      expect(await edges()).toHaveLength(1);
      rmSync(recordings, { recursive: true });
      // a host that is drained is no part of the average
      expect(figures().filter((one) => one.endsWith(" 0"))).toHaveLength(countBefore);
      expect(await running).toMatchObject({ code: 0 });
      expect(await edges()).toEqual([]);
      expect(told(machine.calls).at(-1)).toBe("drained CONTINUE");
    });

    test.each<[string, Fleet, RegExp, Partial<World> & { addresses?: string[] }, Record<string, string>]>([
      [
        "the control plane does not answer",
        "Kamailio",
        /Joining the pool/,
        { web: async () => ({ status: 502, body: "" }) },
        {},
      ],
      ["there is no free address", "Kamailio", /A fixed address/, { addresses: [] }, {}],
      ["its image has no engine", "Freeswitch", /the image has no FreeSWITCH/, {}, { EngineSetup: "image" }],
    ])(
      "where %s, gives up with the reason, and its group and its stack hear of it",
      async (_, fleet, reason, bent, more) => {
        const { world } = account(fleet, "i-5", bent);
        const machine = await bootFor(fleet, world, { "patience-seconds": "0" }, more);
        const { code, output } = await machine.run();
        expect(output).toMatch(/GIVEN UP/);
        expect(output).toMatch(reason);
        expect(code).toBe(3);
        expect(told(machine.calls)).toEqual(["enrolled ABANDON", `${fleet} FAILURE`]);
        expect(await edges()).toEqual([]);
      },
    );

    test("runs nothing of what a parameter says, and hands it on as it is", async () => {
      const harm = [
        "$(touch /tmp/harm)",
        "`touch /tmp/harm`",
        "'; touch /tmp/harm; '",
        '"; touch /tmp/harm #',
        "\n- [touch, /tmp/harm]\n-",
        "${IFS}",
        "%s%n",
        "* ?",
        "--config=/tmp/x",
        "'}",
        "\\",
        "é",
      ];
      const hostile = fc
        .array(fc.oneof(fc.constantFrom(...harm), fc.string({ maxLength: 8 })), { minLength: 1, maxLength: 4 })
        .map((parts) => `x${parts.join("")}x`.replaceAll("\0", ""));
      const property = fc.asyncProperty(
        fc.constantFrom<Fleet>("Kamailio", "Freeswitch"),
        hostile,
        hostile,
        hostile,
        hostile,
        async (fleet, url, pool, name, arn) => {
          const { world } = account(fleet, "i-6");
          const parameters = {
            ControlUrl: `https://pbx.example/${url}`,
            PoolId: pool,
            SipName: name,
            ApiKey: "",
            ApiKeySecretArn: arn,
            SignalwireToken: "",
            SignalwireTokenSecretArn: arn,
            EngineSetup: "signalwire",
          };
          const machine = await boot(cloudConfig(evaluate(template, parameters), fleet), world, {
            ...quick,
            "patience-seconds": "0",
          });
          try {
            expect(machine.read("etc/dialplane-host/control-url")).toBe(parameters.ControlUrl);
            expect(machine.read("etc/dialplane-host/pool")).toBe(pool);
            expect((await machine.run()).code).toBe(3);
            expect(told(machine.calls)).toContain("enrolled ABANDON");
            for (const { args } of verbs(machine.calls, "get-secret-value"))
              expect(flag(args, "--secret-id")).toBe(arn);
            for (const folder of [machine.root, ""]) expect(existsSync(`${folder}/tmp/harm`)).toBe(false);
          } finally {
            await machine.stop();
          }
        },
      );
      await fc.assert(property, { numRuns: 3, endOnFailure: true });
    });
  },
);

test.runIf(needs("shellcheck", onPath("shellcheck") !== undefined))(
  "shellcheck finds nothing in what hosts run",
  () => {
    expect(spawnSync("shellcheck", [hostProgram], { encoding: "utf8" })).toMatchObject({ status: 0, stdout: "" });
  },
);

test("whatever FreeSWITCH's configuration loads is installed with it, and what the installer is asked it understands", () => {
  const program = readFileSync(hostProgram, "utf8");
  const conf = readFileSync(
    new URL("../../../edge-agent/drivers/freeswitch/conf/freeswitch.xml", import.meta.url),
    "utf8",
  );
  const modules = [...conf.matchAll(/<load module="mod_(\w+)"/g)].map(([, name = ""]) => name.replaceAll("_", "-"));
  expect(modules).toContain("sofia");
  for (const name of modules) expect(program).toContain(`freeswitch-mod-${name}`);
  const asked = [
    "dpj_x",
    "--engine",
    "kamailio",
    "--name",
    "kamailio-i-1",
    "--address",
    "10.80.0.9",
    "--external-address",
    "203.0.113.7",
  ];
  const installer = fileURLToPath(new URL("../../../functions/edges/install.sh", import.meta.url));
  for (const option of asked.filter((each) => each.startsWith("--"))) expect(program).toContain(` ${option} "$`);
  expect(spawnSync("sh", [installer, ...asked, "--help"], { encoding: "utf8" })).toMatchObject({
    status: 0,
    stderr: "",
  });
});
