// Reports events without end and says which are on disk, until it is killed. `argv[2]`: the spool's file.
import { createLog } from "../../edge-agent/log.ts";
import { openSpool } from "../../edge-agent/spool.ts";

const spool = openSpool(process.argv[2] ?? "", createLog("silent"));
let count = 0;
async function go(): Promise<never> {
  for (;;) {
    const id = `evt_${process.argv[3]}_${String(++count).padStart(6, "0")}`;
    await spool.report({ id, type: "command.done", data: { command: id, ok: true, detail: null } });
    process.stdout.write(`${id}\n`);
  }
}
// several at once, so that commits hold more than one
for (let n = 0; n < 8; n++) void go();
