// Listens at ports of the loopback of the network that it is started in, and carries connections to the sockets of these names in a folder. Ends with its
// standard input.
import { once } from "node:events";
import { join } from "node:path";
import { carrier } from "./carrier.ts";

const [folder = "", ...ports] = process.argv.slice(2);
await Promise.all(
  ports.map((port) =>
    once(carrier({ path: join(folder, `${port}.sock`) }).listen(Number(port), "127.0.0.1"), "listening"),
  ),
);
process.stdout.write("ready\n");
process.stdin.on("end", () => process.exit(0)).resume();
