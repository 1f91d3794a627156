// The receiver that docs/webhooks.md shows: it runs as it stands there, takes what we send, and refuses what somebody else does.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it, vi } from "vitest";
import { types } from "../../../functions/events/event.ts";
import { accepting } from "../../../local/child.ts";
import { newTenant, testControl } from "../../support/control.ts";
import { startReceiver } from "../../support/receiver.ts";

const root = fileURLToPath(new URL("../../..", import.meta.url));
const page = readFileSync(join(root, "docs/webhooks.md"), "utf8");

it("the sample verifies real deliveries and refuses forged ones", async () => {
  const sample = /```js\n([\s\S]+?)```/.exec(page)?.[1] ?? expect.fail("no sample");
  // a port that is free
  const { port, close } = await startReceiver();
  await close();
  const control = await testControl({ webhookAllow: ["127.0.0.1"] });
  const folder = mkdtempSync(join(tmpdir(), "dialplane-"));
  symlinkSync(join(root, "node_modules"), join(folder, "node_modules"));
  writeFileSync(join(folder, "receiver.mjs"), sample);
  const { path } = await newTenant(control);
  const url = `http://127.0.0.1:${port}/`;
  const { body } = await control.call("POST", `${path}/webhook-endpoints`, { url, events: ["extension.*"] });
  const child = spawn(process.execPath, [join(folder, "receiver.mjs")], {
    env: { PORT: String(port), WEBHOOK_SECRET: String(body.secret) },
    stdio: ["ignore", "pipe", "inherit"],
  });
  try {
    let said = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      said += text;
    });
    await accepting(port, 10_000, "The sample");
    await control.call("POST", `${path}/extensions`, { number: "1001" });
    await vi.waitFor(() => expect(said).toBe(`extension.created ${path.split("/").at(-1)}\n`), { timeout: 10_000 });
    const forged = { "webhook-id": "evt_1", "webhook-timestamp": String(Math.floor(Date.now() / 1000)) };
    const answer = await fetch(url, {
      ...{ method: "POST", body: "{}", headers: { ...forged, "webhook-signature": "v1,AAAA" } },
    });
    expect(answer.status).toBe(400);
  } finally {
    child.kill();
    await once(child, "close");
    await control.stop();
    rmSync(folder, { recursive: true, force: true });
  }
});

it("the page names every type that is no kind's", () => {
  const named = new Set(
    [...page.matchAll(/`([a-z-]+)\.([a-z]+)`((?:, `\.[a-z]+`)*)/g)].flatMap(([, subject, first, rest = ""]) =>
      [first, ...[...rest.matchAll(/\.([a-z]+)/g)].map(([, word]) => word)].map((word) => `${subject}.${word}`),
    ),
  );
  for (const type of types) if (!/\.(created|updated|deleted)$/.test(type)) expect(named, type).toContain(type);
});
