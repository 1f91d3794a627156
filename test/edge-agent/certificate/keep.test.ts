// The agent's certificate from end to end but for the engine: a real CA (Pebble), the control plane that puts challenges into its DNS, and a TLS server that
// stands for the engine.
import { createPrivateKey } from "node:crypto";
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createServer } from "node:tls";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { certificateFile, heldOf, openFiles, readCertificate } from "../../../edge-agent/certificate/files.ts";
import { type Keeper, keepCertificate, renewAt } from "../../../edge-agent/certificate/keep.ts";
import { presented } from "../../../edge-agent/certificate/presented.ts";
import { selfSigned } from "../../../edge-agent/certificate/self-signed.ts";
import { type Cloud, createCloud } from "../../../edge-agent/cloud.ts";
import { silent } from "../../../edge-agent/log.ts";
import { newTenant, type TestControl, testControl } from "../../support/control.ts";
import { type Pebble, pebbleInstalled, startPebble, zoneOf } from "../../support/pebble.ts";
import { enrolEdge, type SignedEdge } from "../../support/signed-edge.ts";

describe.runIf(pebbleInstalled())("a host's certificate", { timeout: 20_000 }, () => {
  let ca: Pebble;
  let control: TestControl;
  let edge: SignedEdge;
  let records: Map<string, string[]>;
  let aliases: Map<string, string>;
  const keepers: Keeper[] = [];
  const folders: string[] = [];
  function newFolder(): string {
    const folder = mkdtempSync(join(tmpdir(), "dp-certificate-"));
    folders.push(folder);
    return folder;
  }
  let dataDir: string;
  let own: string;
  let engine: Awaited<ReturnType<typeof startEngine>>;

  beforeAll(async () => {
    ca = await startPebble();
    const made = zoneOf(ca);
    ({ records, aliases } = made);
    control = await testControl({ zone: made.zone });
    engine = await startEngine();
  }, 20_000);
  beforeEach(async () => {
    dataDir = newFolder();
    edge = await enrolEdge(control);
    own = `${edge.id.slice(4).toLowerCase()}.hosts.sip.example`;
    ca.asked.length = 0;
  });
  afterEach(async () => {
    ca.control.instead = undefined;
    engine.control.isAway = false;
    await Promise.all(keepers.splice(0).map((keeper) => keeper.stop()));
  });
  afterAll(async () => {
    engine?.stop();
    await control?.stop();
    await ca?.stop();
    for (const folder of folders) rmSync(folder, { recursive: true, force: true });
  });

  /** A TLS server that presents what it was told last. */
  async function startEngine() {
    const first = selfSigned(newFolder(), "127.0.0.1") ?? expect.fail("no openssl");
    const server = createServer({ cert: readFileSync(first.certificate), key: readFileSync(first.key) });
    await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
    const { port } = server.address() as AddressInfo;
    const told = { isAway: false };
    return {
      control: told,
      shows: () => presented("127.0.0.1", port),
      async certify(pem: string): Promise<void> {
        if (told.isAway) throw new Error("the engine is not connected");
        server.setSecureContext({ cert: pem, key: pem });
      },
      stop: () => server.close(),
    };
  }

  type More = {
    url?: string;
    resolve?: (name: string) => Promise<string[]>;
    through?: (cloud: Cloud) => Cloud;
    now?: () => number;
  };
  function keep({ through = (cloud) => cloud, now = Date.now, ...more }: More = {}): Keeper {
    const cloud = through(createCloud({ url: more.url ?? control.url, edge: edge.id, key: edge.privateKey }));
    const caFile = join(dataDir, "ca.pem");
    writeFileSync(caFile, ca.trusted);
    const config = { dataDir, addresses: ["198.51.100.7"], directory: null, email: "ops@pbx.example", caFile };
    const keeper = keepCertificate({
      config: { ...config, binding: null, wssPort: 7443 },
      ...{ cloud, driver: engine, log: silent, tuning: { retryMs: 40, pollMs: 5, now } },
      resolve: more.resolve ?? (async () => []),
    });
    keepers.push(keeper);
    return keeper;
  }
  const held = () => readCertificate(certificateFile(dataDir));
  const gets = () => vi.waitFor(() => held() ?? expect.fail("none yet"), { timeout: 15_000, interval: 10 });
  const orders = () => ca.asked.filter(({ path }) => /order-?plz|new-?order/i.test(path)).length;
  const until = (what: () => unknown) => vi.waitFor(what, { timeout: 15_000, interval: 10 });

  it("is got for the host's own name and the tenants', with a key that stays here; the engine presents it, and DNS is left clean", async () => {
    const keeper = keep();
    const { names, leaf, until: end } = await gets();
    expect(names.sort()).toEqual(["*.sip.example", own]);
    await until(async () => expect(await engine.shows()).toBe(leaf.fingerprint256));
    expect([keeper.name(), records.get(`A ${own}`)]).toEqual([own, ["198.51.100.7"]]);
    const state = keeper.state();
    expect(state).toMatchObject({ names: expect.arrayContaining([own]), expiresAt: end.toISOString(), problem: null });
    expect(Date.parse(state?.renewAt ?? "")).toBeLessThan(end.getTime());
    expect([...records.keys()].filter((record) => record.startsWith("TXT"))).toEqual([]);
    const pem = readFileSync(certificateFile(dataDir), "utf8");
    expect(statSync(certificateFile(dataDir)).mode & 0o777).toBe(0o600);
    expect(createPrivateKey(pem).asymmetricKeyDetails?.namedCurve).toBe("prime256v1");
    // the CA and the control plane saw no key
    expect(ca.asked.map(({ body }) => body).join()).not.toContain("PRIVATE");
  });

  it("is not got again by an agent that starts anew, and the engine presents it before the cloud is asked", async () => {
    keep();
    const { leaf } = await gets();
    await Promise.all(keepers.splice(0).map((keeper) => keeper.stop()));
    await engine.certify(readFileSync(certificateFile(dataDir), "utf8"));
    const before = orders();
    const again = keep({ url: "http://127.0.0.1:1" });
    await until(() => expect(again.state()?.problem).toContain("no answer from http://127.0.0.1:1"));
    expect([await engine.shows(), held()?.leaf.fingerprint256, orders()]).toEqual([
      ...[leaf.fingerprint256, leaf.fingerprint256, before],
    ]);
    expect(again.name()).toBe(own);
  });

  it("is renewed with a new key; while the CA is away the old one stays, and why is told", async () => {
    const keeper = keep();
    const first = await gets();
    ca.control.instead = () => ({ status: 503, body: { detail: "maintenance" } });
    await expect(keeper.renew()).rejects.toThrow("503 maintenance");
    expect(keeper.state()).toMatchObject({
      problem: expect.stringContaining("maintenance"),
      expiresAt: first.until.toISOString(),
    });
    expect(await engine.shows()).toBe(first.leaf.fingerprint256);
    ca.control.instead = undefined;
    await keeper.renew();
    const second = held() ?? expect.fail("gone");
    expect(second.leaf.serialNumber).not.toBe(first.leaf.serialNumber);
    expect(second.leaf.publicKey.equals(first.leaf.publicKey)).toBe(false);
    expect([await engine.shows(), keeper.state()?.problem]).toEqual([second.leaf.fingerprint256, null]);
  });

  it("whose order was cut off is got by that order when the agent is there again", async () => {
    // the CA goes away just before the certificate is fetched
    ca.control.instead = ({ path }) => (/certz|cert\//i.test(path) ? { status: 502 } : undefined);
    const dying = keep();
    await until(() => expect(dying.state()?.problem).toContain("502"));
    await dying.stop();
    ca.control.instead = undefined;
    expect([orders(), held()]).toEqual([1, undefined]);
    keep();
    await gets();
    expect(orders()).toBe(1);
  });

  it("is not asked for before a CA whose limit is reached wants it, not even by an agent that starts anew", async () => {
    const detail = "too many certificates";
    ca.control.instead = ({ path }) =>
      /order-?plz|new-?order/i.test(path)
        ? {
            status: 429,
            headers: { "retry-after": "3600" },
            body: { type: "urn:ietf:params:acme:error:rateLimited", detail },
          }
        : undefined;
    const keeper = keep();
    await until(() => expect(keeper.state()?.problem).toContain(detail));
    await keeper.stop();
    const again = keep();
    await until(() => expect(again.state()?.problem).toContain("wants not to be asked before"));
    expect(orders()).toBe(1);
  });

  it("is ordered eight times a day at most, whatever goes wrong and however often the agent starts", async () => {
    ca.control.instead = ({ path }) => (/order-?plz|new-?order/i.test(path) ? { status: 500 } : undefined);
    let problem: string | null = null;
    for (let starts = 1; starts <= 12 && !problem?.includes("within a day"); starts++) {
      const keeper = keep();
      await until(() => expect(keeper.state()?.problem).toMatch(/500|within a day/));
      problem = keeper.state()?.problem ?? null;
      await keeper.stop();
    }
    expect(problem).toContain("8 certificates were ordered within a day");
    expect(orders()).toBeLessThanOrEqual(8);
    expect(orders()).toBeGreaterThan(4);
  });

  it("that can't be read is got anew, and an order is not made while the disk takes nothing", async () => {
    mkdirSync(join(dataDir, "certificate/order.key.new"), { recursive: true });
    writeFileSync(certificateFile(dataDir), "-----BEGIN CERTIFICATE-----\nMII");
    writeFileSync(join(dataDir, "certificate/progress.json"), "{");
    writeFileSync(join(dataDir, "certificate/account.key"), "");
    chmodSync(certificateFile(dataDir), 0o644);
    const keeper = keep();
    await until(() => expect(keeper.state()?.problem).toContain("EISDIR"));
    expect([orders(), held()]).toEqual([0, undefined]);
    rmdirSync(join(dataDir, "certificate/order.key.new"));
    await gets();
    expect(statSync(certificateFile(dataDir)).mode & 0o777).toBe(0o600);
  });

  it("is presented when an engine that was away is there again", async () => {
    engine.control.isAway = true;
    const keeper = keep();
    const { leaf } = await gets();
    await until(() => expect(keeper.state()?.problem).toBe("the engine is not connected"));
    engine.control.isAway = false;
    await until(async () => expect(await engine.shows()).toBe(leaf.fingerprint256));
    await until(() => expect(keeper.state()?.problem).toBe(null));
  });

  it("has the name that the pool's phones are told once its challenge is delegated, and does without it until then", async () => {
    const sip = { server: "sip.voice.example", port: 5061, transport: "tls" };
    expect((await control.call("PATCH", `/v1/pools/${edge.pool}`, { sip })).status).toBe(200);
    const pools = `_acme-challenge.${edge.pool.slice(4).toLowerCase()}.pools.sip.example`;
    const targets = new Map<string, string[]>();
    const keeper = keep({ resolve: async (name) => targets.get(name) ?? Promise.reject(new Error("ENOTFOUND")) });
    expect((await gets()).names).not.toContain(sip.server);
    targets.set("_acme-challenge.sip.voice.example", [pools]);
    await ca.dns.alias("_acme-challenge.sip.voice.example", pools);
    await keeper.renew();
    expect(held()?.names.sort()).toEqual(["*.sip.example", own, sip.server].sort());
    await control.call("PATCH", `/v1/pools/${edge.pool}`, { sip: null });
  });

  describe("of a host whose tenants have domains of their own", () => {
    const zone = "sip.example";
    let tenants = 0;
    const targets = new Map<string, string[]>();
    const resolve = async (name: string) => targets.get(name) ?? Promise.reject(new Error("ENOTFOUND"));

    /** A tenant whose domain's DNS has the record, for the CA too unless it is `broken`. */
    async function tenantWith(domain: string, { broken = false } = {}): Promise<string> {
      const { id, path } = await newTenant(control, { domain, poolId: edge.pool });
      const record = `_acme-challenge.${id.slice(4).toLowerCase()}.tenants.${zone}`;
      aliases.set(`_acme-challenge.${domain}`, record);
      targets.set(`_acme-challenge.${domain}`, [record]);
      if (!broken) await ca.dns.alias(`_acme-challenge.${domain}`, record);
      expect((await control.call("POST", `${path}/certificate`)).status).toBe(200);
      return record;
    }
    const fresh = () => `d${++tenants}.customer.example`;
    beforeEach(() => targets.clear());
    afterEach(async () => {
      for (const id of await tenantsThere()) await control.call("DELETE", `/v1/tenants/${id}`);
    });
    const tenantsThere = async () =>
      ((await control.call("GET", "/v1/tenants?limit=100")).body.data as unknown as { id: string }[]).map(
        ({ id }) => id,
      );

    it("gets one with a domain that was asked for when it is told, but not within six hours of the last", async () => {
      let asked = 0;
      const counting = (cloud: Cloud): Cloud => ({
        ...cloud,
        post: (path, ...rest) => {
          if (path === "names") asked++;
          return cloud.post(path, ...rest);
        },
      });
      let ahead = 0;
      const keeper = keep({ resolve, through: counting, now: () => Date.now() + ahead });
      expect((await gets()).names.sort()).toEqual(["*.sip.example", own].sort());
      await until(() => expect(keeper.state()?.problem).toBeNull());
      const domain = fresh();
      await tenantWith(domain);
      expect(asked).toBe(1);
      keeper.lookAgain();
      await new Promise(setImmediate);
      expect(asked).toBe(1);
      ahead = 6 * 3_600_000 + 1000;
      keeper.lookAgain();
      await vi.waitFor(() => expect(held()?.names).toContain(domain), { timeout: 15_000, interval: 20 });
    });

    it("has them; one that the CA can't prove is left out for a day, and keeps no other from being got or renewed", async () => {
      const [good, broken] = [fresh(), fresh()];
      await tenantWith(good);
      await tenantWith(broken, { broken: true });
      const keeper = keep({ resolve });
      expect((await gets()).names.sort()).toEqual(["*.sip.example", good, own].sort());
      expect(keeper.state()).toMatchObject({
        problem: null,
        leftOut: [{ name: broken, problem: expect.stringContaining(`${broken} is invalid`) }],
      });
      const before = orders();
      await keeper.stop();
      const next = keep({ resolve });
      await until(() => expect(next.state()?.leftOut?.map(({ name }) => name)).toEqual([broken]));
      expect(orders()).toBe(before);
      // who asks for one now has it tried again
      await next.renew();
      expect(orders()).toBe(before + 2);
      expect(held()?.names.sort()).toEqual(["*.sip.example", good, own].sort());
      expect(next.state()?.leftOut?.map(({ name }) => name)).toEqual([broken]);
    });

    it("is not given up for one that lacks a domain whose DNS is away for a while, and is when it would end or some days are over", async () => {
      const domain = fresh();
      const record = await tenantWith(domain);
      const keeper = keep({ resolve });
      const first = await gets();
      expect(first.names).toContain(domain);
      await ca.dns.alias(`_acme-challenge.${domain}`, "nowhere.sip.example");
      await expect(keeper.renew()).rejects.toThrow(`${domain} is invalid`);
      expect([held()?.leaf.serialNumber, keeper.state()?.leftOut]).toEqual([first.leaf.serialNumber, []]);
      await ca.dns.alias(`_acme-challenge.${domain}`, record);
      await keeper.renew();
      expect(held()?.names).toContain(domain);
      expect(openFiles(dataDir).progress().refused).toEqual([]);
      // three days later it is still away
      await ca.dns.alias(`_acme-challenge.${domain}`, "nowhere.sip.example");
      const files = openFiles(dataDir);
      const since = Date.now() - 4 * 86_400_000;
      files.proceed({ ...files.progress(), refused: [{ name: domain, since, until: since, problem: "" }] });
      await keeper.renew();
      expect(held()?.names).not.toContain(domain);
    });

    it("is got without them where the CA refuses an order and does not say which of its names is the cause", async () => {
      const domain = fresh();
      await tenantWith(domain);
      const type = "urn:ietf:params:acme:error:rateLimited";
      const detail = "too many certificates for customer.example";
      ca.control.instead = ({ path, body }) => {
        const { payload } = /order-?plz|new-?order/i.test(path) ? JSON.parse(body) : {};
        const isItsOwn = Buffer.from(payload ?? "", "base64url")
          .toString()
          .includes(domain);
        return isItsOwn ? { status: 429, headers: { "retry-after": "3600" }, body: { type, detail } } : undefined;
      };
      const keeper = keep({ resolve });
      expect((await gets()).names.sort()).toEqual(["*.sip.example", own].sort());
      await until(() =>
        expect(keeper.state()?.leftOut).toEqual([{ name: domain, problem: expect.stringContaining(detail) }]),
      );
      expect(keeper.state()?.problem).toBe(null);
    });

    it("says of one whose record is missing which it is", async () => {
      const domain = fresh();
      const record = await tenantWith(domain);
      targets.clear();
      const keeper = keep({ resolve });
      expect((await gets()).names).not.toContain(domain);
      const problem = `_acme-challenge.${domain} is no CNAME to ${record}.`;
      expect(keeper.state()?.leftOut).toEqual([{ name: domain, problem }]);
    });
  });

  it("is renewed when two thirds of its life are over, each host at another moment, and that of another key counts as none", async () => {
    keep();
    const one = await gets();
    const life = one.until.getTime() - one.from.getTime();
    const share = (renewAt(one) - one.from.getTime()) / life;
    expect(share).toBeGreaterThan(0.63);
    expect(share).toBeLessThan(0.68);
    const [certificate] = one.pem.split("-----BEGIN PRIVATE KEY-----");
    const stranger = openFiles(newFolder()).accountKey().export({ type: "pkcs8", format: "pem" });
    expect(() => heldOf(`${certificate}${stranger}`)).toThrow("not of its key");
  });
});
