// A control plane for tests: real store, real queue server, real HTTP, in a folder of its own.
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Client, createClient } from "../../client/client.ts";
import type { RateLimit } from "../../functions/access/rate-limit.ts";
import type { Domains } from "../../functions/accounts/domain.ts";
import type { Zone } from "../../functions/dns/dns.ts";
import type { Mailer } from "../../functions/mail/mail.ts";
import type { Store } from "../../functions/store/store.ts";
import { type Control, startControl } from "../../local/control.ts";

export type Reply = {
  status: number;
  headers: Headers;
  body: Record<string, never> & { [name: string]: unknown };
  text: string;
};
export type TestControl = Control & {
  key: string;
  /** A request with the operator's key unless another is given; `body` is sent as JSON. */
  call(
    method: string,
    path: string,
    body?: unknown,
    more?: { key?: string | null; headers?: Record<string, string>; raw?: string | Uint8Array<ArrayBuffer> },
  ): Promise<Reply>;
  /** The API's own client, with the operator's key. */
  client: Client;
  dataDir: string;
  /** Stops it; with `keep`, the folder stays for another start. */
  stop(keep?: boolean): Promise<void>;
};

export type ControlOptions = {
  dataDir?: string;
  store?: (store: Store) => Store;
  port?: number;
  webDir?: string;
  domains?: Domains;
  mailer?: Mailer;
  zone?: Zone;
  rateLimit?: RateLimit;
  trustedProxies?: string[];
  webhookAllow?: string[];
  resolve?: (host: string) => Promise<string[]>;
  releasesDir?: string;
};

/** With THROUGH=template it is the booted template instead (test/infra/boot/through.ts). */
export async function testControl(options: ControlOptions = {}): Promise<TestControl> {
  const dataDir = options.dataDir ?? mkdtempSync(join(tmpdir(), "dialplane-"));
  const control = await (process.env.THROUGH === "template" ? throughTemplate : startHere)({ ...options, dataDir });
  const key = readFileSync(control.operatorKeyFile, "utf8").trim();
  return {
    ...control,
    key,
    client: createClient({ url: control.url, key: () => key }),
    dataDir,
    async call(method, path, body, more = {}) {
      const authorization = more.key === null ? {} : { authorization: `Bearer ${more.key ?? key}` };
      const sent = more.raw ?? (body === undefined ? undefined : JSON.stringify(body));
      const answer = await fetch(control.url + path, {
        method,
        headers: {
          ...authorization,
          ...(sent !== undefined && { "content-type": "application/json" }),
          ...more.headers,
        },
        ...(sent !== undefined && { body: sent }),
      });
      const text = await answer.text();
      return {
        status: answer.status,
        headers: answer.headers,
        text,
        body: /json/.test(answer.headers.get("content-type") ?? "") ? JSON.parse(text) : {},
      };
    },
    async stop(keep = false) {
      await control.close();
      if (!keep) rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

async function throughTemplate(options: ControlOptions & { dataDir: string }): Promise<Control> {
  const through = await import("../infra/boot/through.ts");
  return through.throughTemplate(options);
}

const startHere = ({ dataDir, ...options }: ControlOptions & { dataDir: string }): Promise<Control> =>
  startControl({
    dataDir,
    host: "127.0.0.1",
    port: options.port ?? 0,
    sipZone: "pbx.example",
    logLevel: "silent",
    releasesDir: options.releasesDir ?? join(dataDir, "releases"),
    ...(options.store && { store: options.store }),
    domains: options.domains ?? (async () => []),
    ...(options.trustedProxies && { trustedProxies: options.trustedProxies }),
    ...(options.rateLimit && { rateLimit: options.rateLimit }),
    // no test asks the machine's DNS
    resolve: options.resolve ?? (async () => ["8.8.8.8"]),
    ...(options.webhookAllow && { webhookAllow: options.webhookAllow }),
    ...(options.mailer && { mailer: options.mailer }),
    ...(options.zone && { zone: options.zone }),
    ...(options.webDir !== undefined && { webDir: options.webDir }),
  });

/** A tenant made by the operator; its id and its path. */
export async function newTenant(
  control: TestControl,
  settings: Record<string, unknown> = {},
): Promise<{ id: string; path: string; domain: string }> {
  const { body, status, text } = await control.call("POST", "/v1/tenants", { name: "Acme", ...settings });
  if (status !== 201) throw new Error(text);
  return { id: String(body.id), path: `/v1/tenants/${body.id}`, domain: String(body.domain) };
}
