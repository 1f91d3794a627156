import { describe, expect, it } from "vitest";
import type { Registration } from "../../../../../core/wire-events.ts";
import type { EslEvent } from "../../../../../edge-agent/drivers/freeswitch/esl/event.ts";
import { recordedFile } from "../../../../support/esl-server.ts";
import { eventsOf, harness, pbx } from "./harness.ts";

const { acme, globex } = pbx;
const at = (text: string) => `${Date.parse(text)}000`;

function event(subclass: string, headers: Record<string, string>, when = "2026-11-23T10:00:00.000Z"): EslEvent {
  return {
    ...{ name: "CUSTOM", subclass: `sofia::${subclass}`, body: undefined },
    headers: { "Event-Date-Timestamp": at(when), ...headers },
  };
}
const registers = (more: Record<string, string> = {}, when?: string) =>
  event(
    "register",
    {
      ...{
        "from-user": "1001",
        "from-host": "acme.test",
        username: "1001",
        realm: "acme.test",
        expires: "300",
        "call-id": "c1",
      },
      ...{
        contact: '"" <sip:1001@127.0.0.1:5>',
        "network-ip": "127.0.0.1",
        "network-port": "17",
        "user-agent": "phone/1",
        ...more,
      },
    },
    when,
  );

function told(...events: EslEvent[]): Registration[] {
  const { play, reported } = harness();
  play(events);
  return reported.map(({ data }) => data as Registration);
}

describe("registrations", () => {
  it("are told from a recorded REGISTER, its refresh and its end; failures are none", () => {
    const registered = {
      ...{ tenant: acme.id, extension: acme.ext(1001), username: "1001", contact: "sip:1001@127.0.0.1:16001" },
      ...{ source: "127.0.0.1:17001", userAgent: "labphone/1.0" },
    };
    const { play, reported } = harness();
    play(eventsOf("register_digest"));
    expect(reported).toEqual(
      [
        ["2026-11-23T07:03:01.627Z", "2026-11-23T07:08:01.627Z"],
        ["2026-11-23T07:03:03.007Z", null],
      ].map(([time, expiresAt]) => ({ type: "registration.updated", at: time, data: { ...registered, expiresAt } })),
    );
  });

  it("of two tenants with the same extensions stay apart", () => {
    const { play, reported } = harness();
    play(eventsOf("lookup_register"));
    const seen = reported.map(({ data }) => data as Registration);
    expect(
      seen.map(({ tenant, extension, username, expiresAt }) => [tenant, extension, username, expiresAt !== null]),
    ).toEqual([
      [acme.id, acme.ext(1001), "1001", true],
      [acme.id, acme.ext(1002), "1002", true],
      [globex.id, globex.ext(1001), "1001", true],
      [globex.id, globex.ext(1001), "1001", false],
    ]);
  });

  it("are told again when they are refreshed", () => {
    const seen = told(registers(), registers({}, "2026-11-23T10:04:00.000Z"));
    expect(seen.map(({ expiresAt }) => expiresAt)).toEqual(["2026-11-23T10:05:00.000Z", "2026-11-23T10:09:00.000Z"]);
  });

  it("need not be told of at once when they are renewed early, but are when they are new, late, or not the same", () => {
    const { play, reported } = harness();
    const early = "2026-11-23T10:02:00.000Z";
    const late = "2026-11-23T10:06:00.000Z";
    play([registers(), registers({}, early), registers({}, late), registers({ "network-port": "18" }, late)]);
    expect(reported.map(({ patienceSeconds = 0 }) => patienceSeconds > 0)).toEqual([false, true, false, false]);
  });

  it("end with sofia::expire, which names its fields otherwise", () => {
    const expire = event("expire", {
      user: "1001",
      username: "1001",
      host: "acme.test",
      realm: "acme.test",
      contact: '"" <sip:1001@127.0.0.1:5>',
      expires: "1795444677",
    });
    expect(told(registers(), expire).map(({ expiresAt }) => expiresAt)).toEqual(["2026-11-23T10:05:00.000Z", null]);
    expect(told(expire)).toMatchObject([{ tenant: acme.id, contact: "sip:1001@127.0.0.1:5", expiresAt: null }]);
  });

  it("end when their TCP connection does, though that event names no contact", () => {
    const lost = (callId: string) =>
      event("unregister", {
        "from-user": "1001",
        "from-host": "acme.test",
        "call-id": callId,
        reason: "socket-disconnection",
      });
    expect(told(registers(), lost("c1"))).toMatchObject([{}, { contact: "sip:1001@127.0.0.1:5", expiresAt: null }]);
    expect(told(registers(), lost("c2"))).toHaveLength(1);
  });

  it("end when the user registers from elsewhere, for FreeSWITCH keeps one", () => {
    const seen = told(registers(), registers({ contact: "<sip:1001@127.0.0.9:9>", "call-id": "c9" }));
    expect(seen.map(({ contact, expiresAt }) => [contact, expiresAt !== null])).toEqual([
      ["sip:1001@127.0.0.1:5", true],
      ["sip:1001@127.0.0.1:5", false],
      ["sip:1001@127.0.0.9:9", true],
    ]);
  });

  it("of unknown tenants, without a contact, or with a strange time are none", () => {
    expect(
      told(
        registers({ realm: "nosuch.test" }),
        registers({ contact: "" }),
        registers({ contact: "*" }),
        registers({ expires: "soon" }),
        registers({ expires: "-5" }),
        registers({ expires: "99999999999" }),
        registers({ dp_tenant: "ten_' or 1" }),
      ),
    ).toEqual([]);
  });

  it("carry hostile text harmlessly", () => {
    const [seen] = told(
      registers({
        "user-agent": `evil\u0000\r\n\u202e${"x".repeat(9999)}`,
        contact: `<sip:${"y".repeat(9999)}>`,
        "network-port": "1; drop",
      }),
    );
    expect(seen?.userAgent).toMatch(/^evilx{124}$/);
    expect(seen?.contact).toHaveLength(256);
    expect(seen?.source).toBe("127.0.0.1");
  });
});

describe("after a reconnect", () => {
  const listed = recordedFile("lookup_live", "registrations.xml");
  const answering = (registrations: string, gateways = '<?xml version="1.0"?>\n') => ({
    up: true,
    api: async (command: string) =>
      command === "show channels as json"
        ? '{"row_count":0}'
        : command === "sofia xmlstatus gateway"
          ? gateways
          : registrations,
  });

  it("what is registered is read anew, and only what differs is told", async () => {
    const { report, reported, play } = harness();
    const now = new Date().toISOString();
    play([registers({ username: "1003", "from-user": "1003", contact: "<sip:gone>" }, now)]);
    await report.onUp(answering(listed));
    const seen = reported.map(({ data }) => data as Registration);
    expect(seen.map(({ username, expiresAt }) => [username, expiresAt !== null]).sort()).toEqual([
      ["1001", true],
      ["1002", true],
      ["1003", false],
      ["1003", true],
    ]);
    expect(seen.find(({ username }) => username === "1002")).toMatchObject({
      tenant: acme.id,
      extension: acme.ext(1002),
      userAgent: expect.any(String),
    });
    // FreeSWITCH lists the time until it forgets a registration, a minute after its end
    const [, left] = /expsecs\((\d+)\)/.exec(listed) ?? [];
    const expires = seen.map(({ expiresAt }) => (Date.parse(expiresAt ?? "") - Date.parse(now)) / 1000);
    expect(expires.some((seconds) => Math.abs(seconds - (Number(left) - 60)) < 3)).toBe(true);
    await report.onUp(answering(listed));
    expect(reported).toHaveLength(4);
    await report.onUp(
      answering('<?xml version="1.0"?>\n<profile>\n  <registrations>\n  </registrations>\n</profile>\n'),
    );
    expect(reported.slice(4).map(({ data }) => (data as Registration).expiresAt)).toEqual([null, null]);
  });

  it("an answer that is no list ends nothing", async () => {
    const { report, reported, log } = harness();
    await report.onUp(answering(listed));
    const before = reported.length;
    await report.onUp(answering("Invalid Profile!\n"));
    expect(reported).toHaveLength(before);
    expect(log.error).toHaveBeenCalledTimes(1);
  });

  it("a Call-ID that looks like another row is none", async () => {
    const { report, reported } = harness();
    const forged =
      "</call-id></registration><registration><user>1001@globex.test</user><contact>&lt;sip:evil&gt;</contact><status>Registered(UDP)(unknown) exp(x) expsecs(300)</status>";
    await report.onUp(answering(listed.replace(/<call-id>.*<\/call-id>/, `<call-id>${forged}</call-id>`)));
    expect(reported.map(({ data }) => (data as Registration).tenant)).toEqual([acme.id, acme.id]);
  });

  it("the states of trunks are read anew", async () => {
    const { report, reported } = harness();
    acme.trunk(1, { name: "first" });
    await report.onUp(answering(listed, recordedFile("lookup_live", "gateways.xml")));
    expect(reported.filter(({ type }) => type === "trunk.updated").map(({ data }) => data)).toEqual([
      { tenant: acme.id, trunk: "trk_00000000000000000000000001", state: "up" },
    ]);
  });
});

describe("trunks", () => {
  it("are told when their state is a new one, and not for each of a carrier's tries", () => {
    const known = new Map([
      ["reg-carrier", "T#ten_00000000000000000000000001"],
      ["dead-carrier", "A#acc_00000000000000000000000009"],
    ]);
    const documents = Object.assign(Object.create(pbx.documents), {
      trunk: (id: string) => (known.has(id) ? { id, owner: known.get(id) } : undefined),
    });
    const { play, reported } = harness({ documents });
    play(eventsOf("gateway_register"));
    expect(reported.map(({ data }) => data)).toEqual([
      { tenant: acme.id, trunk: "reg-carrier", state: "trying" },
      { tenant: acme.id, trunk: "reg-carrier", state: "registered" },
      { tenant: null, trunk: "dead-carrier", state: "trying" },
      { tenant: acme.id, trunk: "reg-carrier", state: "down" },
      { tenant: null, trunk: "dead-carrier", state: "failed" },
      { tenant: null, trunk: "dead-carrier", state: "down" },
    ]);
  });

  it("that nobody has are not told", () => {
    const { play, reported } = harness();
    play(eventsOf("gateway_register"));
    expect(reported).toEqual([]);
  });
});
