// A control plane with the console and one tenant of so many extensions, in a process of its own.
import { readFileSync } from "node:fs";
import { startControl } from "../local/control.ts";
import { buildWeb } from "../scripts/build-web.ts";

const [dataDir = "", count = "1"] = process.argv.slice(2);
const webDir = await buildWeb();
const control = await startControl({
  ...{ dataDir, host: "127.0.0.1", port: 0, sipZone: "pbx.example", logLevel: "silent" as const },
  ...{ webDir, rateLimit: { quota: 1_000_000, windowSeconds: 60 } },
});
const key = readFileSync(control.operatorKeyFile, "utf8").trim();
const names = ["Ada Lovelace", "Grace Hopper", "Barbara Liskov", "Edsger Dijkstra", "Radia Perlman"];
const extensions = Array.from({ length: Number(count) }, (_, n) => ({
  number: String(10_000 + n),
  displayName: `${names[n % names.length]} ${n}`,
  enabled: n % 10 !== 0,
}));
const answer = await fetch(`${control.url}/v1/tenants`, {
  method: "POST",
  headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
  body: JSON.stringify({ name: "Large", domain: "large.example", document: { extensions } }),
});
if (answer.status !== 201) throw new Error(await answer.text());
const { id } = (await answer.json()) as { id: string };
process.send?.({ url: control.url, key, tenant: id, webDir });
process.on("SIGTERM", () => void control.close().then(() => process.exit(0)));
