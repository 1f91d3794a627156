// The API on one core: reads, lists and writes against a bare hono app on the same server; and a whole tenant by one apply.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { exchange } from "./exchange.ts";
import { type Line, serve, show } from "./measure.ts";

type Ready = { url: string; key: string; tenants: string[] };
type Sent = { method: string; path: string; body?: () => unknown };

export async function* run(): AsyncGenerator<Line> {
  const folder = mkdtempSync(join(tmpdir(), "dialplane-bench-"));
  const control = await serve<Ready>("control-process.ts", [folder, "1"]);
  const bare = await serve<{ url: string }>("bare-hono.ts", []);
  try {
    const { url, key, tenants } = control.ready;
    const base = `/v1/tenants/${tenants[0]}`;
    for (let n = 0; n < 19; n++)
      await once(url, key, { method: "POST", path: `${base}/extensions`, body: () => ({ number: String(2001 + n) }) });
    let number = 10_000;
    const kinds: [string, Sent][] = [
      ["GET one", { method: "GET", path: `${base}/extensions/1001` }],
      ["GET a list of 20", { method: "GET", path: `${base}/extensions?limit=20` }],
      ["POST", { method: "POST", path: `${base}/extensions`, body: () => ({ number: String(number++) }) }],
    ];
    for (const [what, sent] of kinds) {
      const reply = await once(url, key, sent);
      const plain = { ...sent, path: `/?size=${reply.length}` };
      const figures = { ours: 0, bare: 0 };
      for (let round = 0; round < 4; round++) {
        const [b, o] = [await load(bare.ready.url, key, plain), await load(url, key, sent)];
        if (round > 0) [figures.bare, figures.ours] = [figures.bare + b / 3, figures.ours + o / 3];
      }
      yield {
        what,
        figures: `${figures.ours.toFixed(0)}/s, bare hono ${figures.bare.toFixed(0)}/s`,
        ratio: figures.ours / figures.bare,
      };
    }
    yield await wholeTenant(url, key);
  } finally {
    await control.stop();
    await bare.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function wholeTenant(url: string, key: string): Promise<Line> {
  const times: number[] = [];
  for (let n = 0; n < 30; n++) {
    const started = performance.now();
    const { id } = JSON.parse(
      await once(url, key, {
        method: "POST",
        path: "/v1/tenants",
        body: () => ({ name: "Whole", domain: `whole${n}.example` }),
      }),
    ) as { id: string };
    const extensions = Array.from({ length: 20 }, (_, i) => ({ number: String(1001 + i), displayName: `Person ${i}` }));
    const numbers = [
      { number: `+1555010${String(n).padStart(4, "0")}`, destination: { kind: "extension", ref: "1001" } },
    ];
    await once(url, key, {
      method: "POST",
      path: `/v1/tenants/${id}/apply`,
      body: () => ({ extensions, "phone-numbers": numbers }),
    });
    times.push(performance.now() - started);
  }
  return { what: "a tenant, 20 extensions and a number by one apply", figures: show(times) };
}

const once = (url: string, key: string, { method, path, body }: Sent): Promise<string> =>
  exchange(url, { method, path, key, ...(body && { body: JSON.stringify(body()) }) });

async function load(url: string, key: string, sent: Sent): Promise<number> {
  const until = performance.now() + 2000;
  let count = 0;
  await Promise.all(
    Array.from({ length: 8 }, async () => {
      for (; performance.now() < until; count++) await once(url, key, sent);
    }),
  );
  return count / 2;
}
