// The ACME client against a real CA (Pebble): what it gets, and what it makes of a CA that refuses, is busy, or was left in the middle.
import { generateKeyPairSync, type KeyObject, X509Certificate } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type AcmeError, createAcme, type DnsChallenge } from "../../../edge-agent/certificate/acme.ts";
import { signingRequest } from "../../../edge-agent/certificate/csr.ts";
import { type Pebble, pebbleInstalled, startPebble } from "../../support/pebble.ts";

const newKey = (): KeyObject => generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey;
const recordOf = ({ name }: DnsChallenge): string => `_acme-challenge.${name.replace(/^\*\./, "")}`;
const leafOf = (pem: string): X509Certificate => new X509Certificate(pem);

describe.runIf(pebbleInstalled())("the ACME client", { timeout: 20_000 }, () => {
  let ca: Pebble;
  beforeAll(async () => {
    // every third good nonce is refused
    ca = await startPebble({ rejects: 33 });
  }, 20_000);
  afterAll(() => ca?.stop());

  const client = (more: Partial<Parameters<typeof createAcme>[0]> = {}) =>
    createAcme({ directory: ca.directory, key: newKey(), trusted: [ca.trusted], ...more });
  const prove = async (challenges: DnsChallenge[]): Promise<void> => {
    const records = Map.groupBy(challenges, recordOf);
    for (const [record, of] of records)
      await ca.dns.put(
        record,
        of.map(({ value }) => value),
      );
  };
  const newOrders = () => ca.asked.filter(({ path }) => /order-?plz|new-?order/i.test(path)).length;

  it("gets a certificate for a name and a wildcard, for its own key and with its chain, though a third of its nonces are refused", async () => {
    const acme = client({ email: "ops@pbx.example" });
    const key = newKey();
    const names = ["h1.hosts.sip.example", "*.sip.example"];
    const pem = await acme.finish(await acme.order(names), prove, signingRequest(names, key));
    const leaf = leafOf(pem);
    expect(leaf.subjectAltName?.split(", ").sort()).toEqual(names.map((name) => `DNS:${name}`).sort());
    expect(leaf.checkPrivateKey(key)).toBe(true);
    const [, issuer = ""] = pem.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
    expect([leaf.verify(leafOf(issuer).publicKey), leafOf(issuer).verify(leafOf(await ca.root()).publicKey)]).toEqual([
      ...[true, true],
    ]);
  });

  it("follows a challenge that is delegated (CNAME) into another zone", async () => {
    await ca.dns.alias("_acme-challenge.sip.acme.example", "_acme-challenge.p1.pools.sip.example");
    const acme = client();
    const names = ["sip.acme.example"];
    const elsewhere = async ([one]: DnsChallenge[]) =>
      ca.dns.put("_acme-challenge.p1.pools.sip.example", [one?.value ?? ""]);
    expect(
      leafOf(await acme.finish(await acme.order(names), elsewhere, signingRequest(names, newKey()))).subjectAltName,
    ).toBe("DNS:sip.acme.example");
  });

  it("goes on with an order that another process began, and makes no second one", async () => {
    const key = newKey();
    const names = ["h2.hosts.sip.example"];
    const order = await client({ key }).order(names);
    const request = signingRequest(names, newKey());
    const before = newOrders();
    // that one dies between its proof and its certificate
    const died = client({ key }).finish(order, () => Promise.reject(new Error("killed")), request);
    await expect(died).rejects.toThrow("killed");
    const first = await client({ key }).finish(order, prove, request);
    // and then before it wrote the certificate down
    const again = await client({ key }).finish(order, () => expect.fail("asked for a proof again"), request);
    expect([again, newOrders()]).toEqual([first, before]);
  });

  it("is told why a name was not proven", async () => {
    const acme = client();
    const names = ["h3.hosts.sip.example"];
    const wrong = (challenges: DnsChallenge[]) => prove(challenges.map((one) => ({ ...one, value: "wrong" })));
    const failed = acme.finish(await acme.order(names), wrong, signingRequest(names, newKey()));
    await expect(failed).rejects.toMatchObject({ message: expect.stringContaining("h3.hosts.sip.example is invalid") });
  });

  it.each([
    ["seconds", () => "7200"],
    ["a date", () => new Date(Date.now() + 7_200_000).toUTCString()],
  ])("of a CA whose limits are reached it tells when to come again, in %s", async (_, whenever) => {
    const said = whenever();
    const type = "urn:ietf:params:acme:error:rateLimited";
    ca.control.instead = ({ method, path }) =>
      method === "POST" && /order-?plz|new-?order/i.test(path)
        ? { status: 429, headers: { "retry-after": said }, body: { type, detail: "too many certificates" } }
        : undefined;
    const failed: AcmeError = await client()
      .order(["h4.hosts.sip.example"])
      .then(
        () => expect.fail("it got an order"),
        (error) => error,
      );
    ca.control.instead = undefined;
    expect([failed.type, failed.status]).toEqual(["rateLimited", 429]);
    expect(Math.abs((failed.retryAfterMs ?? 0) - 7_200_000)).toBeLessThan(5000);
  });

  it("trusts no CA server that nobody vouches for, and says which does not answer", async () => {
    await expect(client({ trusted: undefined }).order(["a.example"])).rejects.toThrow(
      /no answer from 127.0.0.1:\d+: .*self-signed/,
    );
    await expect(client({ directory: "https://127.0.0.1:1/dir" }).order(["a.example"])).rejects.toThrow(
      "no answer from 127.0.0.1:1",
    );
  });

  it("names its customer's account where the CA wants one", async () => {
    const hmacKey = Buffer.from("0123456789abcdef0123456789abcdef").toString("base64url");
    const strict = await startPebble({ customers: { "kid-1": hmacKey } });
    const of = (binding?: { kid: string; hmacKey: string }) =>
      client({ directory: strict.directory, trusted: [strict.trusted], binding }).order(["a.example"]);
    await expect(of({ kid: "kid-1", hmacKey })).resolves.toMatch(/^https:/);
    await expect(of()).rejects.toMatchObject({ type: "externalAccountRequired" });
    await expect(of({ kid: "kid-1", hmacKey: "AAAA" })).rejects.toMatchObject({ status: expect.any(Number) });
    await strict.stop();
  });
});
