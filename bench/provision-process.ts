// A control plane in a process of its own with a reseller's template, for the benchmark of provisioning. Asked by a message, it makes tenants without HTTP
// (`fill`) or tells the processor time that it has used (`cpu`), and answers each with one.
import { readFileSync } from "node:fs";
import { accountOwner, idOf, tenantOwner } from "../core/owner.ts";
import type { Actor } from "../functions/document/change.ts";
import { found } from "../functions/document/found.ts";
import { readHead } from "../functions/document/head.ts";
import { defaultPool } from "../functions/edges/pools.ts";
import { newId } from "../functions/id.ts";
import { startControl } from "../local/control.ts";

export type Asked = { fill: number } | { cpu: true };

const [dataDir = ""] = process.argv.slice(2);
const control = await startControl({ dataDir, host: "127.0.0.1", port: 0, sipZone: "pbx.example", logLevel: "silent" });
const operator = readFileSync(control.operatorKeyFile, "utf8").trim();

async function post(path: string, key: string, body: unknown): Promise<Record<string, string>> {
  const headers = { authorization: `Bearer ${key}`, "content-type": "application/json" };
  const answer = await fetch(control.url + path, { method: "POST", headers, body: JSON.stringify(body) });
  if (answer.status >= 300) throw new Error(await answer.text());
  return (await answer.json()) as Record<string, string>;
}

const extensions = Array.from({ length: 20 }, (_, n) => ({ number: String(1001 + n) }));
const hours = [{ days: ["mon", "tue", "wed", "thu", "fri"], from: "09:00", to: "17:00" }];
const group = { kind: "ring-group", ref: "everybody" };
const menu = { kind: "menu", ref: "main" };
const document = {
  extensions,
  "ring-groups": [
    { name: "everybody", extensionNumber: "600", members: extensions.map(({ number }) => ({ extension: number })) },
  ],
  menus: [{ name: "main", extensionNumber: "610", options: [{ digits: "1", destination: group }] }],
  schedules: [{ name: "office", hours, open: menu, closed: group }],
};
const { id: account = "" } = await post("/v1/accounts", operator, { name: "Reseller", sipZone: "resale.example" });
const { key = "" } = await post("/v1/api-keys", operator, { name: "script", accountId: account, scopes: ["*"] });
await post(`/v1/accounts/${account}/templates`, key, { name: "office", document });

const actor: Actor = { type: "system", id: "bench", name: "bench", ip: null, requestId: "bench" };
let filled = 0;
async function fill(count: number): Promise<void> {
  const head = await readHead(control.ctx.store, accountOwner(account));
  if (!head) throw new Error("no account");
  const pools = [await defaultPool(control.ctx, head)];
  const some = async (): Promise<void> => {
    while (filled < count) {
      const n = filled++;
      await found(control.ctx, {
        ...{ owner: tenantOwner(newId("ten")), path: [idOf(head.owner), ...head.path], pools, actor },
        settings: { name: `Filler ${n}`, domain: `filler${n}.resale.example` },
      });
    }
  };
  // together they share the store's commits
  await Promise.all(Array.from({ length: 20 }, some));
}

process.on("message", async (asked: Asked) => {
  if ("fill" in asked) await fill(asked.fill);
  const { user, system } = process.cpuUsage();
  process.send?.({ cpuMs: (user + system) / 1000 });
});
process.send?.({ url: control.url, key });
process.on("SIGTERM", () => void control.close().then(() => process.exit(0)));
