// A control plane in a process of its own, with so many tenants of one extension, for the benchmarks.
import { readFileSync } from "node:fs";
import { idOf, type Owner } from "../core/owner.ts";
import { readHead } from "../functions/document/head.ts";
import { newToken } from "../functions/edges/edge.ts";
import * as keys from "../functions/keys.ts";
import { startControl } from "../local/control.ts";

const [dataDir = "", count = "1"] = process.argv.slice(2);
const control = await startControl({ dataDir, host: "127.0.0.1", port: 0, sipZone: "pbx.example", logLevel: "silent" });
const key = readFileSync(control.operatorKeyFile, "utf8").trim();
const headers = { authorization: `Bearer ${key}`, "content-type": "application/json" };
const post = async (path: string, body: unknown): Promise<{ id: string }> => {
  const answer = await fetch(control.url + path, { method: "POST", headers, body: JSON.stringify(body) });
  if (answer.status >= 300) throw new Error(await answer.text());
  return (await answer.json()) as { id: string };
};
const tenants: string[] = [];
for (let n = 0; n < Number(count); n++) {
  const { id } = await post("/v1/tenants", { name: `Tenant ${n}`, domain: `t${n}.example` });
  await post(`/v1/tenants/${id}/extensions`, { number: "1001" });
  tenants.push(id);
}
const operator = (await control.ctx.store.get(keys.operator))?.owner as Owner;
const head = await readHead(control.ctx.store, operator);
const { token } = await newToken(control.ctx, idOf(operator), head?.defaultPool ?? "");
const queue = await control.ctx.queues.create("alone", 1);
const { endpoint } = await control.ctx.queues.access("alone", queue);
process.send?.({ url: control.url, key, tenants, token, queue, endpoint });
process.on("SIGTERM", () => void control.close().then(() => process.exit(0)));
