// The bare Kamailio: see kamailio-bare.cfg. Its folder, where it forwards calls to, its workers and its kind (`KEEPING`: with transactions; `STATELESS`) are the arguments.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { findKamailio, runKamailio } from "../edge-agent/drivers/kamailio/run.ts";
import { kamailioConfig } from "../test/support/kamailio-config.ts";
import { cpuOfGroup } from "./kamailio-cpu.ts";

const [dir = "", home = "", workers = "", kind = ""] = process.argv.slice(2);
const config = { ...(await kamailioConfig(dir)), workers: Number(workers) };
const places = { WORKERS: workers, PORT: config.sipPort, DIR: dir, HOME: home, KIND: kind };
const text = readFileSync(new URL("kamailio-bare.cfg", import.meta.url), "utf8");
mkdirSync(dir, { mode: 0o700 });
writeFileSync(
  join(dir, "kamailio.cfg"),
  Object.entries(places).reduce((filled, [name, value]) => filled.replaceAll(`BARE_${name}`, String(value)), text),
);
const running = await runKamailio({ program: findKamailio() ?? "", config });

process.on("message", () => process.send?.({ kamailio: cpuOfGroup(running.pid) }));
const stop = () => void running.stop().then(() => process.exit(0));
process.once("SIGTERM", stop);
// Kamailio ends with who started it
process.once("disconnect", () => process.emit("SIGTERM"));
process.send?.({ port: config.sipPort });
