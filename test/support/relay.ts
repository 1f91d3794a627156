// Listens at ports of the loopback of the network that it is started in, and carries connections to the sockets of these names in a folder. Ends with its
// standard input.
import { connect, createServer } from "node:net";
import { join } from "node:path";

const [folder = "", ...ports] = process.argv.slice(2);
await Promise.all(
  ports.map(
    (port) =>
      new Promise<void>((resolve, reject) =>
        createServer((near) => {
          const far = connect(join(folder, `${port}.sock`));
          near
            .on("error", () => far.destroy())
            .on("close", () => far.destroy())
            .pipe(far);
          far
            .on("error", () => near.destroy())
            .on("close", () => near.destroy())
            .pipe(near);
        })
          .on("error", reject)
          .listen(Number(port), "127.0.0.1", resolve),
      ),
  ),
);
process.stdout.write("ready\n");
process.stdin.on("end", () => process.exit(0)).resume();
