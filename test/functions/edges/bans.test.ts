// Addresses that a Kamailio host bans, as operators see them and have them answered again.
import { afterAll, beforeAll, expect, test } from "vitest";
import type { SourceBanned } from "../../../core/wire-events.ts";
import { newId } from "../../../functions/id.ts";
import { type TestControl, testControl } from "../../support/control.ts";
import { enrolEdge, type SignedEdge } from "../../support/signed-edge.ts";

let control: TestControl;
let edge: SignedEdge;
let batch = 0;

beforeAll(async () => {
  control = await testControl();
  edge = await enrolEdge(control, undefined, { engine: "kamailio" });
});
afterAll(() => control.stop());

async function tell(data: Partial<SourceBanned>, from = edge): Promise<void> {
  const banned = { source: "192.0.2.7", why: "scanner", userAgent: "friendly-scanner", until: inSeconds(300), ...data };
  const event = { id: newId("evt"), type: "source.banned", at: inSeconds(0), data: banned };
  const sent = { generation: "g", batch: ++batch, events: [event] };
  expect((await from.request("POST", "events", sent)).status).toBe(200);
}
const inSeconds = (seconds: number) => new Date(control.ctx.now().getTime() + seconds * 1000).toISOString();
const listed = async (id = edge.id) =>
  (await control.call("GET", `/v1/edges/${id}/bans`)).body.data as unknown as { source: string }[];

test("a ban is listed with its cause and its end, until it ends or is lifted", async () => {
  await tell({});
  await tell({ source: "2001:db8:0:7::/64", why: "flood", userAgent: null });
  await tell({ source: "192.0.2.8", until: inSeconds(-1) });
  expect(await listed()).toEqual([
    {
      source: "192.0.2.7",
      why: "scanner",
      userAgent: "friendly-scanner",
      bannedAt: inAbout(0),
      expiresAt: inAbout(300),
    },
    { source: "2001:db8:0:7::/64", why: "flood", userAgent: null, bannedAt: inAbout(0), expiresAt: inAbout(300) },
  ]);
  await tell({ until: null, why: null, userAgent: null });
  expect((await listed()).map(({ source }) => source)).toEqual(["2001:db8:0:7::/64"]);
});

test("one edge's bans are no other's", async () => {
  const other = await enrolEdge(control, undefined, { engine: "kamailio" });
  await tell({ source: "192.0.2.9" });
  expect(await listed(other.id)).toEqual([]);
});

test("lifting one is a command to that very edge, which a host without bans does not get", async () => {
  const lifted = await control.call("DELETE", `/v1/edges/${edge.id}/bans/${encodeURIComponent("2001:db8::7")}`);
  expect([lifted.status, lifted.body]).toEqual([
    202,
    expect.objectContaining({ name: "unban", arguments: { source: "2001:db8::7" }, state: "pending" }),
  ]);
  const network = encodeURIComponent("2001:db8:0:7::/64");
  expect((await control.call("DELETE", `/v1/edges/${edge.id}/bans/${network}`)).body).toMatchObject({
    arguments: { source: "2001:db8:0:7::/64" },
  });
  const freeswitch = await enrolEdge(control);
  expect((await control.call("DELETE", `/v1/edges/${freeswitch.id}/bans/192.0.2.7`)).body.code).toBe("conflict");
  expect((await control.call("DELETE", `/v1/edges/${edge.id}/bans/192.0.2.0%2F24`)).body).toMatchObject({
    ...{ code: "bad_parameter", detail: expect.stringMatching(/^source must be an address/) },
  });
  expect((await control.call("GET", `/v1/edges/${newId("edg")}/bans`)).status).toBe(404);
});

const inAbout = (seconds: number) =>
  expect.toSatisfy((at: string) => Math.abs(Date.parse(at) - Date.parse(inSeconds(seconds))) < 10_000);
