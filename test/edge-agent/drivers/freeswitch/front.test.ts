import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { answerDialplan } from "../../../../edge-agent/drivers/freeswitch/dialplan.ts";
import { answerDirectory } from "../../../../edge-agent/drivers/freeswitch/directory.ts";
import { parse } from "../../../../edge-agent/drivers/freeswitch/fields.ts";
import { createFront, noFront } from "../../../../edge-agent/drivers/freeswitch/front.ts";
import { phone } from "../../../../edge-agent/drivers/freeswitch/phone.ts";
import { notFound } from "../../../../edge-agent/drivers/freeswitch/xml.ts";
import { freeswitchConfig } from "../../../support/freeswitch-config.ts";
import { rosterOf } from "../../../support/front.ts";
import { createPbx } from "../../../support/pbx.ts";
import { auth, body, dialled, fromCarrier, handedOver, type Request, read } from "./requests.ts";

const pbx = createPbx();
const { acme, globex } = pbx;
const two = { label: "Mobile", username: "bob.mobile", password: acme.secret("0".repeat(32)) };
acme.extension(1002, { devices: [{ label: "Desk", username: "1002", password: acme.secret("1".repeat(32)) }, two] });
acme.number("+15550100", { kind: "extension", ref: acme.ext(1001) });
acme.trunk(1, { name: "first", inboundAddresses: ["198.51.100.7"], host: "198.51.100.7" });
acme.put("ring-group", "all", {
  ...{ name: "all", extensionNumber: "600", strategy: "simultaneous", ringSeconds: 10 },
  members: [1002, 1003].map((number) => ({ extension: acme.ext(number), number: null })),
});
acme.put("paging-group", "page", { name: "page", extensionNumber: "650", members: [acme.ext(1002)] });
acme.put("queue", "q", { name: "q", extensionNumber: "660", agents: [{ extension: acme.ext(1002) }] });

const kamailio = { address: "192.0.2.80", port: 5070 };
const front = createFront(() => rosterOf(1, [kamailio]));
const path = "fs_path=%3Csip%3A192.0.2.80%3A5070%3Blr%3E";

const ask = (request: Request, by = front) => {
  const fields = parse(body(request));
  const none = () => undefined;
  const rest = [new Date(0), none, undefined, () => ({}), undefined, none, none] as const;
  return read((fields && answerDialplan(fields, pbx.documents, freeswitchConfig(), ...rest, by)) ?? notFound);
};
const alice = { Tenant: acme.id, Device: "1001" };

describe("a phone's call that Kamailio hands over", () => {
  it("is told who it is, and that it bears nothing of Kamailio's", () => {
    const { actions } = ask(handedOver(dialled(acme, "1001", "1002"), alice));
    expect(actions.slice(0, 9)).toEqual([
      ...["Tenant", "Device", "Carrier", "Source"].map((name) => `unset sip_h_X-DP-${name}`),
      "set sip_auth_username=1001",
      "set sip_auth_realm=acme.test",
      "set domain_name=acme.test",
      `set dp_from_extension=${acme.ext(1001)}`,
      "set presence_id=none",
    ]);
    expect(actions).toContain(
      `bridge sofia/front/sip:1002@acme.test;${path},sofia/front/sip:bob.mobile@acme.test;${path}`,
    );
  });

  it("does what it would do had the phone registered here", () => {
    const numbers = ["1001", "1002", "1003", "600", "650", "660", "+15559876", "911", "*97", "*98", "*72", "8888", ""];
    const here = /sofia\/phones\/([\w.]+)%([\w.]+)/g;
    fc.assert(
      fc.property(
        fc.constantFrom(acme, globex),
        fc.constantFrom("1001", "1002", "1003"),
        fc.oneof(fc.constantFrom(...numbers), fc.string({ maxLength: 8 })),
        fc.uuid(),
        (tenant, user, to, uuid) => {
          const request = dialled(tenant, user, to, { "Unique-ID": uuid });
          const atHome = ask(request, noFront);
          const { actions } = ask(handedOver(request, { Tenant: tenant.id, Device: user }));
          const through = atHome.actions.map((action) =>
            action.replaceAll(here, (_, who: string, domain: string) => phone(who, domain, kamailio)),
          );
          expect(actions.slice(9)).toEqual(through);
        },
      ),
      { numRuns: 200 },
    );
  });

  it("goes on as it would, once FreeSWITCH was told who it is", () => {
    const node = `ring.${acme.ext(1003)}`;
    const more = { variable_dp_node: node, variable_dp_dialled: "1003", variable_originate_disposition: "NO_ANSWER" };
    const request = dialled(acme, "1001", `dp-${node}`, more);
    expect(ask({ ...request, variable_sofia_profile_name: "front" }).actions).toEqual(ask(request, noFront).actions);
  });

  it.each(["UNALLOCATED_NUMBER", "NO_USER_RESPONSE"])("finds that nobody is registered by %s", (cause) => {
    const forward = {
      always: null,
      busy: null,
      noAnswer: null,
      notRegistered: { kind: "extension", ref: acme.ext(1002) },
    };
    acme.extension(1003, { box: true, forward });
    const node = `ring.${acme.ext(1003)}`;
    const more = { variable_dp_node: node, variable_dp_dialled: "1003", variable_originate_disposition: cause };
    const { actions } = ask({ ...dialled(acme, "1001", `dp-${node}`, more), variable_sofia_profile_name: "front" });
    expect(actions.join()).toContain("sofia/front/sip:1002@acme.test");
  });

  it("of a carrier is that of the address that Kamailio names", () => {
    const request = fromCarrier("198.51.100.7", "+15550100");
    const atHome = ask(request, noFront).actions.map((action) =>
      action.replace("sofia/phones/1001%acme.test", phone("1001", "acme.test", kamailio)),
    );
    expect(ask(handedOver(request, { Carrier: "198.51.100.7" })).actions.slice(4)).toEqual(atHome);
    expect(ask(handedOver(request, { Carrier: "198.51.100.8" })).notFound).toBe(true);
  });

  const call = dialled(acme, "1001", "1002");
  it.each<[string, Request]>([
    ["from another address", handedOver(call, alice, "192.0.2.81")],
    ["at another profile", { ...handedOver(call, alice), variable_sofia_profile_name: "phones" }],
    ["from carriers", { ...handedOver(call, alice), variable_sofia_profile_name: "carriers" }],
    ["of no tenant", handedOver(call, { Device: "1001" })],
    ["of a tenant that there is not", handedOver(call, { ...alice, Tenant: "ten_00000000000000000000000007" })],
    ["of an account", handedOver(call, { ...alice, Tenant: "acc_00000000000000000000000009" })],
    ["of a device that there is not", handedOver(call, { ...alice, Device: "10010" })],
    ["of a device in other letters", handedOver(call, { ...alice, Device: "BOB.MOBILE" })],
    ["of a device and a carrier", handedOver(call, { ...alice, Carrier: "198.51.100.7" })],
    ["in a tenant's context", { ...handedOver(call, alice), "Caller-Context": "acme.test" }],
  ])("%s is refused", (_, request) => {
    expect(ask(request).notFound).toBe(true);
  });

  it("is refused where the pool has no Kamailio host", () => {
    expect(ask(handedOver(call, alice), noFront).notFound).toBe(true);
  });
});

describe("a SUBSCRIBE that Kamailio hands over", () => {
  const directory = (request: Request, by = front) => {
    const fields = parse(body(request));
    const found = fields && answerDirectory(fields, pbx.documents, freeswitchConfig(), undefined, undefined, by);
    return read(found ?? notFound);
  };
  const subscribe = (more: Request = {}, method = "SUBSCRIBE") =>
    auth(method, "1001", "acme.test", {
      ...{ sip_profile: "front", ip: kamailio.address, sip_contact_host: "203.0.113.9" },
      ...{ "X-DP-Tenant": acme.id, "X-DP-Device": "1001", ...more },
    });

  it("needs no password, and has none to tell", () => {
    const found = directory(subscribe());
    expect([found.all("user")[0]?.id, found.params]).toEqual(["1001", {}]);
  });

  it.each<[string, Request]>([
    ["from another address", subscribe({ ip: "192.0.2.81" })],
    ["of another device", subscribe({ "X-DP-Device": "1002" })],
    ["of another tenant", subscribe({ "X-DP-Tenant": globex.id })],
    ["in another's name", subscribe({ sip_from_user: "1002" })],
    ["to another tenant", subscribe({ sip_to_host: "globex.test" })],
    ["for what has no lamp", subscribe({ sip_to_user: "8888" })],
    ["at another profile", subscribe({ sip_profile: "phones" })],
    ["that is a REGISTER", subscribe({}, "REGISTER")],
    ["that is an INVITE", subscribe({}, "INVITE")],
    ["that is a MESSAGE", subscribe({}, "MESSAGE")],
  ])("%s is refused", (_, request) => {
    expect(directory(request).notFound).toBe(true);
  });

  it("keeps phones from registering here, which none did before and none does without Kamailio", () => {
    const register = auth("REGISTER", "1001", "acme.test");
    expect([directory(register).notFound, directory(register, noFront).notFound]).toEqual([true, false]);
  });
});

describe("the Kamailio host through which phones are reached", () => {
  const [a, b, c] = [1, 2, 3].map((n) => ({ address: `192.0.2.${n}`, port: 5060 })) as [Host, Host, Host];
  type Host = { address: string; port: number };
  const through = (...[hosts, dead = []]: [Parameters<typeof rosterOf>[1], Host[]?]) =>
    createFront(
      () => rosterOf(1, hosts),
      ({ address }) => !dead.some((one) => one.address === address),
    ).through;

  it.each([
    ["is the first one that is up", through([a, b]), a],
    ["and that answers", through([a, b], [a]), b],
    ["the first of all that are up, where none answers", through([a, b], [a, b]), a],
    ["one that is up before one that drains and answers", through([{ ...a, state: "draining" }, b], [b]), b],
    [
      "one that is not up, where none is",
      through(
        [
          { ...a, state: "down" },
          { ...c, state: "draining" },
        ],
        [a],
      ),
      c,
    ],
    ["none, where the pool has none", through([]), undefined],
    ["none, where its address is a name", through([{ ...a, address: "kamailio.test" }]), undefined],
  ])("%s", (_, is, expected) => {
    expect(is && { address: is.address, port: is.port }).toEqual(expected);
  });

  it("is believed by its address, however that is written, whether it is up or not", () => {
    const hosts = createFront(() => rosterOf(1, [{ address: "2001:db8::1", port: 5060, state: "down" }, a]));
    const asked = ["2001:db8:0:0::1", "2001:DB8::1", "192.0.2.1", "::ffff:192.0.2.1", "192.0.2.2", "", undefined];
    expect(asked.map(hosts.trusts)).toEqual([true, true, true, true, false, false, false]);
    expect(phone("1001", "acme.test", hosts.through)).toBe(
      "sofia/front/sip:1001@acme.test;fs_path=%3Csip%3A192.0.2.1%3A5060%3Blr%3E",
    );
  });
});
