// Trunks that are broken, and trunks that change, beside those of others that work.
import { createSocket } from "node:dgram";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { engineInstalled, type FreeswitchHost, startFreeswitch } from "../../support/freeswitch.ts";
import { createPbx, idOf } from "../../support/pbx.ts";
import { openPhone, type Rogue, response, statusOf } from "../../support/sip.ts";

describe.runIf(engineInstalled())("a trunk on a real FreeSWITCH", { timeout: 40_000 }, () => {
  const pbx = createPbx();
  const { acme, globex } = pbx;
  let host: FreeswitchHost;
  let carrier: Rogue;
  const silent = createSocket("udp4");

  const took = async (work: () => Promise<unknown>) => expect(await work()).toEqual([]);
  /** How long FreeSWITCH has had the gateway: it changes when it is made anew. */
  const born = async (id: number) =>
    /<uptime-usec>(\d+)</.exec(await host.api(`sofia xmlstatus gateway ${idOf("trk", id)}`))?.[1];
  const dial = () =>
    carrier.request(
      { method: "INVITE", from: "1001@globex.test", to: "+12025550123@globex.test" },
      { user: "1001", realm: "globex.test", password: "pw-2-1001" },
    );

  beforeAll(async () => {
    host = await startFreeswitch(pbx);
    carrier = await openPhone(host.phones);
    carrier.answerWith((request) => (request.line.startsWith("ACK") ? undefined : response(request, "486 Busy")));
    await new Promise<void>((resolve) => silent.bind(0, "127.0.0.1", resolve));
  }, 60_000);
  afterAll(async () => {
    carrier?.close();
    silent.close();
    await host?.stop();
  });

  it("that is silent or has no address anywhere holds up nobody else's change, and no call", async () => {
    const { port } = silent.address();
    const registering = { username: "u", password: "password-1", register: true };
    const broken = [
      { name: "silent", port, ...registering },
      { name: "nowhere", host: "nowhere.invalid", ...registering },
      { name: "unregistered", host: "nowhere.invalid" },
    ];
    for (const [index, one] of broken.entries()) await took(() => host.apply(acme.owner, acme.trunk(index + 1, one)));
    await took(() =>
      host.apply(globex.owner, globex.trunk(9, { name: "good", port: carrier.port, pingSeconds: null })),
    );
    expect(statusOf(await dial())).toBe(486);
    let pending = broken.length;
    const changes = broken.map((one, index) =>
      took(() => host.apply(acme.owner, acme.trunk(index + 1, { ...one, pingSeconds: 30 }))).finally(() => pending--),
    );
    await took(() => host.apply(globex.owner, globex.extension(1002, { password: "another-1" })));
    // FreeSWITCH takes two seconds to be rid of those that register: nobody waited for that
    expect(pending).toBeGreaterThan(0);
    await Promise.all(changes);
    expect(statusOf(await dial())).toBe(486);
  });

  it("keeps its gateway when only what FreeSWITCH does not hold changes, and gets another by a ping", async () => {
    const more = { name: "good", port: carrier.port, pingSeconds: null };
    await host.apply(globex.owner, globex.trunk(9, more));
    const before = Number(await born(9));
    const kept = { ...more, prefix: "9", codecs: ["pcma"], maxChannels: 2, priority: 3, numberFormat: "national" };
    await host.apply(globex.owner, globex.trunk(9, kept));
    expect(Number(await born(9))).toBeGreaterThan(before);
    const age = Number(await born(9));
    await host.apply(globex.owner, globex.trunk(9, { ...kept, pingSeconds: 60 }));
    expect(Number(await born(9))).toBeLessThan(age);
  });
});
