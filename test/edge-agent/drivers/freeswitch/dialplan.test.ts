import { describe, expect, it } from "vitest";
import { answerDialplan } from "../../../../edge-agent/drivers/freeswitch/dialplan.ts";
import { parse } from "../../../../edge-agent/drivers/freeswitch/fields.ts";
import { notFound } from "../../../../edge-agent/drivers/freeswitch/xml.ts";
import { freeswitchConfig } from "../../../support/freeswitch-config.ts";
import { createPbx, idOf } from "../../../support/pbx.ts";
import { body, dialled, fromCarrier, type Request, read } from "./requests.ts";

const pbx = createPbx();
const { acme, globex } = pbx;
acme.number("+15550100", { kind: "extension", ref: acme.ext(1001) });
acme.number("+15550101", { kind: "voicemail-box", ref: acme.box(1003) });
acme.number("+15550102", { kind: "outside-number", number: "+15550199" });
globex.number("+15550200", { kind: "extension", ref: globex.ext(1001) });
acme.trunk(1, { name: "first", inboundAddresses: ["192.0.2.10"], host: "192.0.2.10", priority: 1 });
acme.trunk(2, { name: "second", host: "192.0.2.11", priority: 2, numberFormat: "e164-without-plus" });
pbx.sharedTrunk(3, { name: "shared", inboundAddresses: ["198.51.100.0/24"], host: "sip.carrier.example", priority: 1 });

const ask = (request: Request) => {
  const fields = parse(body(request));
  return read((fields && answerDialplan(fields, pbx.documents, freeswitchConfig())) ?? notFound);
};
/** A continuation of `node` as FreeSWITCH asks for it after the transfer. */
const next = (tenant: typeof acme, user: string, node: string, disposition: string, more: Request = {}) =>
  ask(
    dialled(tenant, user, `dp-${node}`, {
      variable_dp_node: node,
      variable_dp_dialled: "1002",
      variable_originate_disposition: disposition,
      ...more,
    }),
  );

describe("a phone's call", () => {
  it("rings the devices of an extension, marked for the call's record", () => {
    const { actions } = ask(dialled(acme, "1001", "1002"));
    expect(actions).toEqual([
      `export dp_tenant=${acme.id}`,
      "export dp_direction=internal",
      "export dp_dialled=1002",
      "set dp_step=ring",
      "set dp_hops=1",
      // when FreeSWITCH asked, in the recorded lookup
      `set dp_way=mwsx9bk7.${acme.ext(1002)}`,
      `export dp_from_extension=${acme.ext(1001)}`,
      "export force_transfer_context=acme.test",
      "export force_transfer_dialplan=XML",
      "export sip_copy_custom_headers=false",
      "export nolocal:presence_id=none",
      `export dp_to_extension=${acme.ext(1002)}`,
      "set call_timeout=5",
      `set dp_node=ring.${acme.ext(1002)}`,
      "set effective_caller_id_number=1001",
      "set effective_caller_id_name=Alice",
      "export nolocal:outbound_redirect_fatal=true",
      "set hangup_after_bridge=true",
      "set continue_on_fail=true",
      "bridge sofia/phones/1002%acme.test",
      `transfer dp-ring.${acme.ext(1002)} XML acme.test`,
    ]);
  });

  it("shows the extension's own name and number, whatever the phone says", () => {
    const more = {
      "Caller-Caller-ID-Name": "The Boss",
      "Caller-Caller-ID-Number": "9999",
      variable_sip_from_user: "9999",
    };
    const { actions } = ask(dialled(acme, "1001", "1002", more));
    expect(actions).toContain("set effective_caller_id_name=Alice");
    expect(actions).toContain("set effective_caller_id_number=1001");
  });

  it("leaves over the first trunk, and waits 4 s for a sign of life", () => {
    const { actions } = ask(dialled(acme, "1001", "+15559876"));
    expect(actions.at(-2)).toBe(
      `bridge [^^;limit_ignore_transfer=true;execute_on_originate=limit hash carrier ${idOf("trk", 1)} -1;leg_progress_timeout=4;api_on_ring=uuid_setvar \${uuid} dp_rang true;api_on_pre_answer=uuid_setvar \${uuid} dp_rang true]sofia/gateway/${idOf("trk", 1)}/+15559876`,
    );
    expect(actions).toContain(`export dp_trunk=${idOf("trk", 1)}`);
    expect(actions).toContain("export dp_direction=outbound");
    expect(actions.at(-1)).toMatch(/^transfer dp-out\.15559876\.-\.[0-9a-z]{4} XML acme\.test$/);
  });

  it("to nobody ends with 404, and says so in its record", () => {
    expect(ask(dialled(acme, "1001", "8888")).actions.slice(-3)).toEqual([
      "set dp_refused=not-found",
      "set sip_ignore_remote_cause=true",
      "hangup UNALLOCATED_NUMBER",
    ]);
  });

  it.each<[string, Request]>([
    ["another tenant's context", { "Caller-Context": "globex.test" }],
    ["another tenant's id", { variable_dp_tenant: globex.id }],
    ["another realm", { variable_sip_auth_realm: "globex.test" }],
    ["another domain", { variable_domain_name: "globex.test" }],
    ["a user who is gone", { variable_sip_auth_username: "1010" }],
    ["the profile of carriers", { variable_sofia_profile_name: "carriers" }],
    ["the context public", { "Caller-Context": "public" }],
    ["no context", { "Caller-Context": "" }],
  ])("with %s is not found", (_, more) => {
    expect(ask(dialled(acme, "1001", "1002", more)).notFound).toBe(true);
  });

  it("takes nothing from the From header", () => {
    const more = { variable_sip_from_user: "1002", variable_sip_from_host: "globex.test" };
    expect(ask(dialled(acme, "1001", "1002", more)).actions).toContain(`export dp_from_extension=${acme.ext(1001)}`);
  });
});

describe("when an extension does not answer", () => {
  const node = `ring.${acme.ext(1003)}`;
  it.each(["USER_BUSY", "NO_ANSWER", "USER_NOT_REGISTERED", "CALL_REJECTED", "ALLOTTED_TIMEOUT"])(
    "%s leads to its voicemail box",
    (disposition) => {
      const { actions } = next(acme, "1001", node, disposition);
      expect(actions).toContain(`voicemail max300 phones ${acme.box(1003)}`);
      expect(actions).toContain(`set dp_box=${acme.box(1003)}`);
    },
  );

  it.each([
    ["USER_BUSY", "USER_BUSY"],
    ["NO_ANSWER", "SUBSCRIBER_ABSENT"],
    ["USER_NOT_REGISTERED", "SUBSCRIBER_ABSENT"],
    ["CALL_REJECTED", "OUTGOING_CALL_BARRED"],
  ])("and has no box, %s ends with %s", (disposition, cause) => {
    expect(next(acme, "1001", `ring.${acme.ext(1002)}`, disposition).actions.at(-1)).toBe(`hangup ${cause}`);
  });

  it("a continuation that the channel knows nothing of is only a number that nobody has", () => {
    const forged = ask(dialled(acme, "1001", `dp-${node}`));
    expect(forged.actions.at(-1)).toBe("hangup UNALLOCATED_NUMBER");
    const other = ask(dialled(acme, "1001", `dp-${node}`, { variable_dp_node: `ring.${acme.ext(1001)}` }));
    expect(other.actions.at(-1)).toBe("hangup UNALLOCATED_NUMBER");
  });

  it("an answered call is not continued", () => {
    expect(next(acme, "1001", node, "SUCCESS").actions.at(-1)).toBe("hangup UNALLOCATED_NUMBER");
  });
});

describe("when a trunk fails", () => {
  const nodeIn = (actions: string[]) => /^transfer dp-(\S+) /.exec(actions.at(-1) ?? "")?.[1] ?? "";
  const node = nodeIn(ask(dialled(acme, "1001", "+15559876")).actions);
  it.each<[string, Request]>([
    ["NORMAL_TEMPORARY_FAILURE", { variable_last_bridge_proto_specific_hangup_cause: "sip:503" }],
    ["RECOVERY_ON_TIMER_EXPIRE", { variable_last_bridge_proto_specific_hangup_cause: "sip:408" }],
    ["PROGRESS_TIMEOUT", {}],
    ["NETWORK_OUT_OF_ORDER", {}],
    ["GATEWAY_DOWN", {}],
    ["INVALID_GATEWAY", {}],
  ])("%s leads to the next one, in its own format", (disposition, more) => {
    const { actions } = next(acme, "1001", node, disposition, more);
    expect(actions.at(-2)).toMatch(/^bridge \[.*\]sofia\/gateway\/trk_0+2\/15559876$/);
  });

  it("the account's trunk is the last, and then there is none: 503", () => {
    const second = next(acme, "1001", node, "GATEWAY_DOWN").actions;
    const third = next(acme, "1001", nodeIn(second), "GATEWAY_DOWN").actions;
    expect(third.join()).toContain(`sofia/gateway/${idOf("trk", 3)}/`);
    expect(next(acme, "1001", nodeIn(third), "GATEWAY_DOWN").actions.at(-1)).toBe("hangup NORMAL_TEMPORARY_FAILURE");
  });

  it.each<[string, string, Request]>([
    ["UNALLOCATED_NUMBER", "UNALLOCATED_NUMBER", { variable_last_bridge_proto_specific_hangup_cause: "sip:404" }],
    ["INVALID_NUMBER_FORMAT", "UNALLOCATED_NUMBER", { variable_last_bridge_proto_specific_hangup_cause: "sip:484" }],
    ["USER_BUSY", "USER_BUSY", { variable_last_bridge_proto_specific_hangup_cause: "sip:486" }],
    ["CALL_REJECTED", "OUTGOING_CALL_BARRED", { variable_last_bridge_proto_specific_hangup_cause: "sip:603" }],
    ["NO_ANSWER", "NO_ANSWER", {}],
    [
      "NORMAL_TEMPORARY_FAILURE",
      "NO_ANSWER",
      {
        variable_last_bridge_proto_specific_hangup_cause: "sip:503",
        variable_dp_rang: "true",
      },
    ],
  ])("%s is final (%s)", (disposition, cause, more) => {
    expect(next(acme, "1001", node, disposition, more).actions.at(-1)).toBe(`hangup ${cause}`);
  });
});

describe("a carrier's call", () => {
  it("rings the number's extension, in the tenant's name", () => {
    const { actions } = ask(fromCarrier("192.0.2.10", "+15550100"));
    expect(actions).toContain("bridge sofia/phones/1001%acme.test");
    expect(actions).toContain(`export dp_tenant=${acme.id}`);
    expect(actions).toContain("export dp_direction=inbound");
    expect(actions).toContain("export dp_dialled=+15550100");
    expect(actions).toContain(`export dp_trunk=${idOf("trk", 1)}`);
    expect(actions).toContain("set effective_caller_id_number=+15550123");
    expect(actions.some((action) => action.startsWith("export dp_from_extension"))).toBe(false);
  });

  it.each(["+15550100", "15550100", "5550100100"])("reads %s as the trunk's country does", (to) => {
    pbx.acme.number("+15550100100", { kind: "extension", ref: acme.ext(1001) });
    expect(ask(fromCarrier("192.0.2.10", to)).notFound).toBe(false);
  });

  it("of the account reaches the numbers of all its tenants", () => {
    for (const number of ["+15550100", "+15550200"])
      expect(ask(fromCarrier("198.51.100.7", number)).notFound).toBe(false);
  });

  it("goes on in the tenant's context when nobody answers", () => {
    const { actions } = ask(fromCarrier("192.0.2.10", "+15550100"));
    expect(actions.at(-1)).toBe(`transfer dp-ring.${acme.ext(1001)} XML acme.test`);
    const node = `ring.${acme.ext(1003)}`;
    const more = {
      "Caller-Context": "acme.test",
      variable_dp_tenant: acme.id,
      variable_dp_node: node,
      variable_originate_disposition: "NO_ANSWER",
    };
    expect(ask(fromCarrier("192.0.2.10", `dp-${node}`, more)).actions).toContain(
      `voicemail max300 phones ${acme.box(1003)}`,
    );
  });

  it.each<[string, string, string, Request]>([
    ["an unknown address", "203.0.113.1", "+15550100", {}],
    ["another tenant's carrier", "192.0.2.10", "+15550200", {}],
    ["a number that nobody has", "192.0.2.10", "+15550999", {}],
    ["the trunk's name for an address", idOf("trk", 1), "+15550100", {}],
    ["the profile of phones", "192.0.2.10", "+15550100", { variable_sofia_profile_name: "phones" }],
    ["a tenant's context without having been sent there", "192.0.2.10", "1001", { "Caller-Context": "acme.test" }],
    ["an extension's number", "192.0.2.10", "1001", {}],
  ])("from %s is not found", (_, address, to, more) => {
    expect(ask(fromCarrier(address, to, more)).notFound).toBe(true);
  });

  it("with a neighbour's gateway in its request is judged by its address alone", () => {
    const more = { variable_sip_gateway: idOf("trk", 1), variable_sip_gateway_name: idOf("trk", 1) };
    expect(ask(fromCarrier("203.0.113.1", "+15550100", more)).notFound).toBe(true);
  });
});

describe("a transferred leg", () => {
  const refer = { variable_sip_refer_to: "<sip:1002@acme.test>" };
  it("of a phone reaches an extension but not the outside", () => {
    expect(ask(dialled(acme, "1001", "1002", refer)).actions).toContain("bridge sofia/phones/1002%acme.test");
    for (const to of ["+15559876", "911", "+15550102"])
      expect(ask(dialled(acme, "1001", to, refer)).actions.slice(-3)).toEqual([
        "set dp_refused=rejected",
        "set sip_ignore_remote_cause=true",
        "hangup OUTGOING_CALL_BARRED",
      ]);
  });

  const inTenant = { "Caller-Context": "acme.test", variable_dp_tenant: acme.id };
  it("of a carrier reaches an extension but not the outside", () => {
    expect(ask(fromCarrier("192.0.2.10", "1002", { ...inTenant, ...refer })).actions).toContain(
      "bridge sofia/phones/1002%acme.test",
    );
    expect(ask(fromCarrier("192.0.2.10", "+15559876", { ...inTenant, ...refer })).actions.at(-1)).toBe(
      "hangup UNALLOCATED_NUMBER",
    );
  });

  it("towards a phone is that extension's", () => {
    const more = { ...inTenant, "Call-Direction": "outbound", variable_dp_to_extension: acme.ext(1002) };
    const { actions } = ask(fromCarrier("", "1003", { ...more, ...refer }));
    expect(actions).toContain(`export dp_from_extension=${acme.ext(1002)}`);
    expect(actions).toContain("bridge sofia/phones/1003%acme.test");
  });

  it("still has its voicemail when the new extension does not answer", () => {
    const { actions } = next(acme, "1001", `ring.${acme.ext(1003)}`, "NO_ANSWER", refer);
    expect(actions).toContain(`voicemail max300 phones ${acme.box(1003)}`);
  });
});
