import { generateKeyPairSync } from "node:crypto";
import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { CloudError, createCloud } from "../../edge-agent/cloud.ts";
import { EnrolmentRefused, enrol, hostKey, readIdentity } from "../../edge-agent/identity.ts";
import { joinFakeCloud } from "../support/edge.ts";
import { type FakeCloud, startFakeCloud } from "../support/fake-cloud.ts";
import { temporaryFolder } from "../support/folder.ts";

let cloud: FakeCloud;
beforeAll(async () => {
  cloud = await startFakeCloud({ queue: false });
});
afterAll(() => cloud.stop());
beforeEach(() => {
  cloud.stand.ahead = 0;
  cloud.stand.fault = undefined;
});

const request = () => ({ token: cloud.stand.token, name: "test", engine: "freeswitch" as const, sip: null });

describe("enrolment", () => {
  test("keeps the key and what it got in files for this user alone, and needs no token again", async () => {
    const folder = join(temporaryFolder(), "agent");
    const { identity } = await enrol(folder, cloud.url, request());
    for (const name of ["edge.key", "identity.json"]) expect(statSync(join(folder, name)).mode & 0o777).toBe(0o600);
    expect(statSync(folder).mode & 0o777).toBe(0o700);
    expect(readIdentity(folder)).toMatchObject({ edge: identity.edge, pool: "pol_1", controlUrl: cloud.url });
    expect(readFileSync(join(folder, "identity.json"), "utf8")).not.toContain("PRIVATE");
  });

  test("asked again with the same key after its answer was lost gives the same edge", async () => {
    const folder = temporaryFolder();
    const { identity } = await joinFakeCloud(cloud, folder).then((first) => ({ identity: first }));
    const again = await enrol(folder, cloud.url, { ...request(), token: "used" });
    expect(again.identity.edge).toBe(identity.edge);
  });

  test("with a token that is not known is refused for good; with the cloud away it can be tried again", async () => {
    const folder = temporaryFolder();
    await expect(enrol(folder, cloud.url, { ...request(), token: "wrong" })).rejects.toBeInstanceOf(EnrolmentRefused);
    expect(readIdentity(folder)).toBeUndefined();
    const key = hostKey(folder).export({ type: "pkcs8", format: "pem" });
    await expect(enrol(folder, "http://127.0.0.1:1", request())).rejects.not.toBeInstanceOf(EnrolmentRefused);
    cloud.stand.fault = () => ({ status: 503 });
    await expect(enrol(folder, cloud.url, request())).rejects.not.toBeInstanceOf(EnrolmentRefused);
    expect(hostKey(folder).export({ type: "pkcs8", format: "pem" })).toBe(key);
  });
});

describe("a signed request", () => {
  const heartbeat = '{"version":"1","engine":{"connected":false,"version":null},"liveCalls":0}';

  test.each([3_600_000, -86_400_000])(
    "from a host whose clock is %i ms behind succeeds at the second try, and at the first from then on",
    async (ahead) => {
      const { edge, key, controlUrl: url } = await joinFakeCloud(cloud, temporaryFolder());
      const signed = createCloud({ url, edge, key });
      cloud.stand.ahead = ahead;
      const before = cloud.requests.length;
      await signed.send("POST", "heartbeat", heartbeat);
      expect(cloud.requests.length - before).toBe(2);
      await signed.send("POST", "heartbeat", heartbeat);
      expect(cloud.requests.length - before).toBe(3);
    },
  );

  test("never uses a nonce again, and covers path, query and body", async () => {
    const { edge, key, controlUrl: url } = await joinFakeCloud(cloud, temporaryFolder());
    const signed = createCloud({ url, edge, key });
    await signed.send("POST", "heartbeat", heartbeat);
    const sent = cloud.requests.at(-1);
    const replay = (path: string, body: string) =>
      fetch(`${url}${path}`, { method: "POST", headers: sent?.headers as Record<string, string>, body }).then(
        ({ status }) => status,
      );
    expect(await replay(sent?.path ?? "", heartbeat)).toBe(401);
    expect(await replay(sent?.path ?? "", heartbeat.replace("1", "2"))).toBe(401);
    expect(await replay(`${sent?.path}?a=1`, heartbeat)).toBe(401);
    await signed.send("POST", "heartbeat", heartbeat);
  });

  test("of a stranger's key is refused, and not tried for ever", async () => {
    const { edge, controlUrl: url } = await joinFakeCloud(cloud, temporaryFolder());
    const stranger = createCloud({ url, edge, key: generateKeyPairSync("ed25519").privateKey });
    const before = cloud.requests.length;
    await expect(stranger.send("POST", "heartbeat", heartbeat)).rejects.toMatchObject({ status: 401 });
    expect(cloud.requests.length - before).toBe(1);
  });

  test.each([
    [0, true],
    [429, true],
    [500, true],
    [400, false],
    [409, false],
  ])("answered %i says whether a later try can help: %s", async (status, retry) => {
    const { edge, key, controlUrl: url } = await joinFakeCloud(cloud, temporaryFolder());
    cloud.stand.fault = () => ({ status });
    const error: unknown = await createCloud({ url, edge, key })
      .send("POST", "heartbeat", heartbeat)
      .catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(CloudError);
    expect(error).toMatchObject({ status, retry });
  });

  test("gives up on a cloud that does not answer", async () => {
    const { edge, key, controlUrl: url } = await joinFakeCloud(cloud, temporaryFolder());
    const silentServer = await startFakeCloud({ queue: false });
    silentServer.stand.fault = () => ({ status: -1 });
    const error: unknown = await createCloud({ url: silentServer.url, edge, key, timeoutSeconds: 0.05 })
      .send("GET", "changes")
      .catch((caught: unknown) => caught);
    expect(error).toMatchObject({ status: 0, retry: true });
    await silentServer.stop();
    expect(url).toBe(cloud.url);
  });
});
