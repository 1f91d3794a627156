// Write to live: from sending a PATCH to the edge's answer with the new value, against one store write and one SQS hop, each measured alone and added.
// The control plane, the agent and the receiving end of the hop run in processes of their own, as in an installation.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { openSqlite } from "../functions/store/sqlite.ts";
import type { Operation } from "../functions/store/store.ts";
import { exchange } from "./exchange.ts";
import { type Line, ms, p50, serve, show } from "./measure.ts";
import { ask, opened } from "./requests.ts";

const counts = (process.env.TENANTS ?? "10,10000").split(",").map(Number);
const writes = 300;
/** Until what is measured has been compiled. */
const warmUp = 200;

type ControlReady = { url: string; key: string; tenants: string[]; token: string; queue: string; endpoint: string };

export async function* run(): AsyncGenerator<Line> {
  const medians: number[] = [];
  for (const tenants of counts) yield await at(tenants, medians);
  const [few, many] = [medians[0] ?? Number.NaN, medians.at(-1) ?? Number.NaN];
  yield {
    what: `write to live, ${counts.at(-1)} tenants against ${counts[0]}`,
    figures: `p50 ${ms(many)} against ${ms(few)}`,
    ratio: many / few,
    limit: { atMost: 1.2 },
  };
}

/** Puts its median, in ms, at the end of `medians`. */
async function at(tenants: number, medians: number[]): Promise<Line> {
  const folder = mkdtempSync(join(tmpdir(), "dialplane-bench-"));
  const control = await serve<ControlReady>("control-process.ts", [folder, String(tenants)]);
  const { url, key, token, queue, endpoint } = control.ready;
  const edgePort = 20_000 + Math.floor(Math.random() * 20_000);
  const agent = await serve<{ ready: true }>("agent-process.ts", [], {
    CONTROL_URL: url,
    JOIN_TOKEN: token,
    DATA_DIR: join(folder, "edge"),
    EDGE_PORT: String(edgePort),
    LOG_LEVEL: "silent",
    ESL_PORT: "1",
    ESL_PASSWORD: "none",
  });
  const receiver = await serve<{ ready: true }>("hop-receiver.ts", [endpoint, queue]);
  try {
    const first = control.ready.tenants[0] ?? "";
    const path = `/v1/tenants/${first}/extensions/1001`;
    const lookup = await asking(edgePort, first);
    await until(async () => (await lookup()).includes("1001"), "the edge never had the first tenant");
    await caughtUp(url, key, control.ready.tenants);
    const client = new SQSClient({
      endpoint,
      region: "us-east-1",
      credentials: { accessKeyId: "x", secretAccessKey: "x" },
      useQueueUrlAsEndpoint: false,
    });
    const store = openSqlite(join(folder, "alone.db"));
    const live: number[] = [];
    const alone = { write: [] as number[], hop: [] as number[] };
    // in turns, so that what else the machine does falls on all alike
    for (let n = 0; n < writes + warmUp; n++) {
      const warm = n >= warmUp;
      const name = `Person ${n} ${Math.random()}`;
      const started = performance.now();
      const patched = exchange(url, { method: "PATCH", path, key, body: JSON.stringify({ displayName: name }) });
      // asking all the time would take the processor from what is measured; an answer that is there sooner than this counts as late, never as early
      const quietMs = live.length > 0 ? 0.7 * p50(live.slice(-20)) : 0;
      await new Promise((resolve) => setTimeout(resolve, Math.floor(quietMs)));
      while (!(await lookup()).includes(name))
        if (performance.now() - started > 5000) throw new Error("a write did not become live within 5 s");
      if (warm) live.push(performance.now() - started);
      await patched;
      const wrote = performance.now();
      await store.transact(sameWrite(n));
      if (warm) alone.write.push(performance.now() - wrote);
      const hop = await hopOnce(client, queue, receiver.child, n);
      if (warm) alone.hop.push(hop);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    const baseline = p50(alone.write) + p50(alone.hop);
    await store.close();
    medians.push(p50(live));
    return {
      what: `write to live at ${tenants} tenants`,
      figures: `${show(live)}; store write alone ${show(alone.write)}, SQS hop alone ${show(alone.hop)}`,
      ratio: p50(live) / baseline,
    };
  } finally {
    await receiver.stop();
    await agent.stop();
    await control.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The items of one PATCH of an extension, of the sizes that the product writes. */
function sameWrite(n: number): Operation[] {
  const text = JSON.stringify({
    number: "1001",
    displayName: `Person ${n}`,
    devices: [{ label: "Phone", username: "1001", password: { secret: "sec_01ARZ3NDEKTSV4RRFFQ69G5FAV#1" } }],
    enabled: true,
    ringSeconds: 25,
    voicemailBox: null,
    externalCallerId: null,
  });
  const pk = "T#ten_01ARZ3NDEKTSV4RRFFQ69G5FAV";
  const digest = "0".repeat(32);
  const filler = { epoch: 1, revision: n, digest, createdAt: new Date().toISOString() };
  return [
    {
      put: { pk, sk: "HEAD", version: n + 1, path: ["acc"], pools: ["pol"], ...filler },
      ...(n > 0 && { if: { equals: { version: n } } }),
    } as Operation,
    { put: { pk, sk: "R#extension#ext_1", text, kind: "extension", version: n, ...filler } },
    {
      put: {
        pk,
        sk: `C#${String(n).padStart(12, "0")}#000`,
        lines: `${text}${text}`,
        actor: { id: "key", name: "operator" },
        ...filler,
      },
    },
    { put: { pk, sk: `X#${n}`, ipk: "OUTBOX", isk: `${n}`, ...filler } },
    { put: { pk, sk: "P#pol", ipk: "POOL#pol", isk: pk, ...filler } },
  ];
}

async function hopOnce(
  client: SQSClient,
  queue: string,
  receiver: import("node:child_process").ChildProcess,
  n: number,
): Promise<number> {
  const body = Buffer.from(JSON.stringify({ n, filler: "x".repeat(900) })).toString("base64");
  const started = performance.now();
  const received = new Promise<void>((resolve) => {
    receiver.once("message", () => resolve());
  });
  await Promise.all([client.send(new SendMessageCommand({ QueueUrl: queue, MessageBody: body })), received]);
  return performance.now() - started;
}

/** Asks the edge for the dialplan of a call by 1001, whose name is in the reply; over one connection, and with as little work of its own as can be. */
async function asking(port: number, tenant: string): Promise<() => Promise<string>> {
  const domain = "t0.example";
  const fields = {
    section: "dialplan",
    "Caller-Context": domain,
    "Caller-Destination-Number": "1001",
    variable_sofia_profile_name: "phones",
    variable_sip_auth_username: "1001",
    variable_sip_auth_realm: domain,
    variable_domain_name: domain,
    variable_dp_tenant: tenant,
  };
  const body = String(new URLSearchParams(fields));
  const socket = await opened(port);
  return () => ask(socket, body);
}

async function until(condition: () => Promise<boolean>, otherwise: string): Promise<void> {
  const deadline = Date.now() + 300_000;
  while (!(await condition().catch(() => false))) {
    if (Date.now() > deadline) throw new Error(otherwise);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** Waits until the edge has said that it has everything, so that its first fetch is not measured. */
async function caughtUp(url: string, key: string, tenants: string[]): Promise<void> {
  for (const tenant of tenants)
    await until(async () => {
      const { edges } = JSON.parse(await exchange(url, { method: "GET", path: `/v1/tenants/${tenant}/sync`, key }));
      return (edges as { inStep: boolean }[]).some((edge) => edge.inStep);
    }, "the edge never caught up");
  await new Promise((resolve) => setTimeout(resolve, 2000));
}
