// The control plane in this process: the API and the console on one port, the store in SQLite, the edges' queues in fauxqs.
import { resolveTxt } from "node:dns/promises";
import { chmodSync, existsSync, mkdirSync, writeFileSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { createAdaptorServer } from "@hono/node-server";
import { serveStatic } from "@hono/node-server/serve-static";
import { pino } from "pino";
import { bootstrap } from "../functions/accounts/bootstrap.ts";
import { createApp } from "../functions/api/app.ts";
import type { Context } from "../functions/context.ts";
import { sweep } from "../functions/document/publish.ts";
import { sqsQueues } from "../functions/edges/queues.ts";
import { openSqlite } from "../functions/store/sqlite.ts";
import type { Store } from "../functions/store/store.ts";
import { keyFile } from "../functions/vault/key-file.ts";
import { Vault } from "../functions/vault/vault.ts";
import { lender } from "./queue-access.ts";
import { startQueueServer } from "./queue-server.ts";

export type ControlSettings = {
  dataDir: string;
  host: string;
  port: number;
  publicUrl?: string | undefined;
  sipZone: string;
  logLevel: string;
  webDir?: string;
  store?: (store: Store) => Store;
};
export type Control = { url: string; ctx: Context; operatorKeyFile: string; close(): Promise<void> };

const sweepMs = 10_000;

/** Starts it; with `port` 0 the system chooses one. `store` may wrap the store (tests put faults there). */
export async function startControl(settings: ControlSettings): Promise<Control> {
  const { dataDir } = settings;
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  chmodSync(dataDir, 0o700);
  const log = pino({ level: settings.logLevel, name: "control" });
  const sqlite = openSqlite(join(dataDir, "control.db"));
  const queue = await startQueueServer(join(dataDir, "queues"));
  const running = new Set<Promise<void>>();
  const server = createAdaptorServer({ fetch: (request, env) => app.fetch(request, env) });
  const url = await new Promise<string>((resolve, reject) => {
    server.once("error", reject);
    server.listen(settings.port, settings.host, () =>
      resolve(
        `http://${settings.host.includes(":") ? `[${settings.host}]` : settings.host}:${(server.address() as AddressInfo).port}`,
      ),
    );
  });
  const publicUrl = settings.publicUrl ?? url;
  const access = lender(queue.endpoint, publicUrl);
  const ctx: Context = {
    store: settings.store?.(sqlite) ?? sqlite,
    vault: new Vault(keyFile(join(dataDir, "master.key"))),
    queues: sqsQueues(queue.client, "local", access.lend),
    log,
    publicUrl,
    now: () => new Date(),
    after(work) {
      running.add(work);
      void work.finally(() => running.delete(work));
    },
  };
  const operatorKeyFile = join(dataDir, "operator.key");
  await bootstrap(ctx, settings.sipZone, (key) =>
    writeFileSync(operatorKeyFile, `${key}\n`, { mode: 0o600, flush: true }),
  );
  const app = createApp(ctx, async (name) => (await resolveTxt(name).catch(() => [])).map((parts) => parts.join("")));
  app.route("/", access.gate);
  const webDir = settings.webDir;
  if (webDir && existsSync(webDir))
    app.get("*", serveStatic({ root: webDir }), serveStatic({ root: webDir, path: "index.html" }));
  const sweeping = setInterval(
    () => void sweep(ctx, sweepMs / 2).catch((error) => log.warn({ error: String(error) }, "outbox not swept")),
    sweepMs,
  );
  await sweep(ctx, 0).catch((error) => log.warn({ error: String(error) }, "outbox not swept"));
  return {
    url,
    ctx,
    operatorKeyFile,
    async close() {
      clearInterval(sweeping);
      const closed = new Promise((resolve) => server.close(resolve));
      if ("closeAllConnections" in server) server.closeAllConnections();
      await closed;
      await Promise.allSettled(running);
      await queue.close();
      await sqlite.close();
    },
  };
}
