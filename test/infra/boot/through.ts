// A control plane for tests that is the booted template: requests go through API Gateway's events to the bundles, and the stream, the queues and the clocks
// bring the rest by themselves. It looks like the one of local/control.ts, so that the same tests run through it.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { inject } from "vitest";
import { openCloud, requestHandler } from "../../../functions/cloud.ts";
import { readEnvironment } from "../../../functions/environment.ts";
import { s3Media } from "../../../functions/media/s3.ts";
import { apiSettings } from "../../../functions/settings.ts";
import { kms } from "../../../functions/vault/kms.ts";
import type { Control } from "../../../local/control.ts";
import { folderMailer } from "../../../local/mail.ts";
import type { ControlOptions } from "../../support/control.ts";
import { root } from "./aws.ts";
import { type Booted, boot } from "./cloud.ts";
import { mailOf } from "./mail.ts";
import { redirect } from "./redirect.ts";
import { region } from "./template.ts";

const clocks = ["Sweep", "WorkerSweep", "WebhookSweep", "MailSweep", "DeletionSweep"];
const clockMs = 1000;
const windowMs = 1000;

/** Throws for what can't be done to functions from outside. */
export async function throughTemplate(options: ControlOptions & { dataDir: string }): Promise<Control> {
  for (const name of ["store", "webDir", "resolve", "webhookAllow", "port", "releasesDir"] as const)
    if (options[name] !== undefined) throw new Error(`the booted template knows no ${name}: outside.ts must name it`);
  const { rateLimit, trustedProxies, dataDir } = options;
  const mailer = options.mailer ?? folderMailer(join(dataDir, "mail"));
  mkdirSync(dataDir, { recursive: true });
  const underWay = { count: 0 };
  const pump = createPump(underWay);
  const cloud = await boot({
    ground: inject("ground"),
    atOnce: 3,
    sourceIp: "127.0.0.1",
    environment: {
      RATE_LIMIT: String(rateLimit?.quota ?? 0),
      ...(trustedProxies && { TRUSTED_PROXIES: trustedProxies.join(",") }),
    },
    mailed: (body) => mailer.send(mailOf(body)),
    txt: async (name) => (await options.domains?.(name)) ?? [],
    written: pump.wake,
  });
  const operatorKeyFile = join(dataDir, "operator.key");
  writeFileSync(operatorKeyFile, `${cloud.key}\n`);
  const outward = standOutside(cloud, underWay);
  const { ctx, settled } = contextOf(cloud);
  const { now } = ctx;
  cloud.lambdas.clock.at = () => (ctx.now === now ? undefined : ctx.now().getTime());
  pump.start(cloud);
  return {
    url: ctx.publicUrl,
    ctx,
    operatorKeyFile,
    async close() {
      await settled();
      await pump.stop();
      await cloud.stop();
      outward();
      const { denied } = cloud.aws;
      if (denied.length > 0) throw new Error(`functions asked for what their roles do not allow: ${denied.join("; ")}`);
    },
  };
}

/** The context that the API's function has, with the right to anything. */
function contextOf({ template }: Booted) {
  const { environment = {} } = template.functions.get(template.id("AWS::Lambda::Function", "Api")) ?? {};
  const settings = readEnvironment(apiSettings, { ...environment, AWS_REGION: region, LOG_LEVEL: "silent" });
  return openCloud(settings, {
    wrapper: kms(settings.VAULT_KEY, { region, requestHandler }),
    media: s3Media(settings.MEDIA_BUCKET, { region, requestHandler }),
    jobQueue: settings.JOB_QUEUE,
    lend: () => Promise.reject(new Error("only the function of edges lends queues")),
  });
}

/** What this process asks of AWS goes to the stand-in, with all rights, and what it asks of the API to the gateway. Returns what ends that. */
function standOutside({ aws, ask }: Booted, underWay: { count: number }): () => void {
  const credentials = { AWS_ACCESS_KEY_ID: root, AWS_SECRET_ACCESS_KEY: "secret" };
  const before = Object.keys(credentials).map((name) => [name, process.env[name]] as const);
  Object.assign(process.env, credentials);
  const back = redirect(aws.port);
  const { fetch } = globalThis;
  globalThis.fetch = async (input, init) => {
    const request = new Request(input, init);
    const { host, pathname, search } = new URL(request.url);
    if (!host.endsWith(".amazonaws.com")) return fetch(input, init);
    const body = request.body === null ? undefined : new Uint8Array(await request.arrayBuffer());
    if (!host.includes(".execute-api.")) {
      const sent = { method: request.method, headers: Object.fromEntries(request.headers) };
      const { status, ...answer } = await aws.fetchSigned(request.url, { ...sent, ...(body && { body }) });
      return new Response([204, 304].includes(status) ? null : new Uint8Array(answer.body), {
        status,
        headers: answer.headers,
      });
    }
    underWay.count++;
    const answer = await ask(request.method, pathname + search, request.headers, body).finally(() => underWay.count--);
    request.signal.throwIfAborted();
    return answer;
  };
  return () => {
    globalThis.fetch = fetch;
    back();
    for (const [name, value] of before) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
  };
}

/** Brings on what was written, as the stream's batching window has it once the requests `underWay` are answered, and lets the clocks strike. */
function createPump(underWay: { count: number }) {
  let dirty = false;
  let over = false;
  let turn = (): void => {};
  const wake = (): void => {
    dirty = true;
    turn();
  };
  async function run(on: Booted): Promise<void> {
    let struck = Date.now();
    while (!over) {
      if (dirty) {
        for (const until = Date.now() + windowMs; underWay.count > 0 && Date.now() < until && !over; )
          await new Promise((resolve) => setTimeout(resolve, 5));
        dirty = false;
        await on.settle();
      } else if (Date.now() - struck >= clockMs) {
        struck = Date.now();
        for (const clock of clocks) if (!over) await on.tick(clock).catch(() => undefined);
        dirty = true;
      } else {
        const { promise, resolve } = Promise.withResolvers<void>();
        turn = resolve;
        const timer = setTimeout(resolve, clockMs - (Date.now() - struck));
        await promise;
        clearTimeout(timer);
      }
    }
  }
  let running: Promise<void> | undefined;
  return {
    wake,
    start(on: Booted): void {
      running = run(on);
    },
    async stop(): Promise<void> {
      over = true;
      turn();
      await running;
    },
  };
}
