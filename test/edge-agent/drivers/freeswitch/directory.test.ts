import { createHmac } from "node:crypto";
import { describe, expect, it } from "vitest";
import { browserPhoneOf, lentName, lentSeconds } from "../../../../core/browser-phone.ts";
import { answerDirectory } from "../../../../edge-agent/drivers/freeswitch/directory.ts";
import { parse } from "../../../../edge-agent/drivers/freeswitch/fields.ts";
import { notFound } from "../../../../edge-agent/drivers/freeswitch/xml.ts";
import { freeswitchConfig } from "../../../support/freeswitch-config.ts";
import { createPbx, ha1Of } from "../../../support/pbx.ts";
import { auth, body, type Request, read } from "./requests.ts";

const pbx = createPbx();
pbx.acme.extension(1009, { enabled: false });
const ask = (request: Request) => {
  const fields = parse(body(request));
  return read((fields && answerDirectory(fields, pbx.documents, freeswitchConfig())) ?? notFound);
};
const methods = ["REGISTER", "INVITE", "SUBSCRIBE", "MESSAGE", "REFER", "PUBLISH", "OPTIONS", "UPDATE"];

describe("a phone", () => {
  it.each(methods)("is recognised in its own domain by %s", (method) => {
    const found = ask(auth(method, "1001", "acme.test"));
    expect(found.all("domain")).toEqual([{ name: "acme.test" }]);
    expect(found.all("user")).toEqual([{ id: "1001" }]);
    expect(found.variables).toMatchObject({
      user_context: "acme.test",
      force_transfer_context: "acme.test",
      dp_tenant: pbx.acme.id,
      dp_from_extension: pbx.acme.ext(1001),
    });
    expect(found.params["sip-force-contact"]).toBe("NDLB-connectile-dysfunction");
  });

  it.each([
    ["a browser's, by TLS", {}, "<sip:x7f3@192.0.2.7:50123;transport=wss;fs_nat=yes>"],
    ["a browser's without TLS", { sip_via_protocol: "ws" }],
    ["an INVITE's", { sip_auth_method: "INVITE", sip_to_user: "1002" }],
    ["an address that it can't write", { ip: "2001:db8::7" }],
    ["none", { client_port: "" }],
    ...["a>,<sip:b@192.0.2.66", "a;fs_path=sip:b", "${api}", "a b", "", "a".repeat(65)].map(
      (user) => [JSON.stringify(user), { sip_contact_user: user }] as const,
    ),
  ] as [string, Record<string, string>, string?][])(
    "is called where it registered from: %s",
    (_, more, contact = "NDLB-connectile-dysfunction") => {
      const from = { sip_via_protocol: "wss", sip_contact_user: "x7f3", ip: "192.0.2.7", client_port: "50123" };
      const found = ask(auth("REGISTER", "1001", "acme.test", { ...from, ...more }));
      expect(found.params["sip-force-contact"]).toBe(contact);
    },
  );

  it("has another HA1 than the phone with the same number in another tenant", () => {
    const [acme, globex] = ["acme.test", "globex.test"].map((domain) => ask(auth("REGISTER", "1001", domain)));
    expect(acme?.params["a1-hash"]).not.toBe(globex?.params["a1-hash"]);
    expect(globex?.variables.dp_tenant).toBe(pbx.globex.id);
  });

  it.each([
    ["where it asks from", "192.0.2.7", "192.0.2.7"],
    ["where it asks from, by IPv6", "[2001:db8::7]", "2001:db8::7"],
    ["behind NAT", "192.168.1.20", "192.0.2.7"],
    ["in a browser", "df7jal23ls0d.invalid", "192.0.2.7"],
  ])("watches from %s", (_, contact, ip) => {
    const more = { sip_contact_host: contact, ip };
    expect(ask(auth("SUBSCRIBE", "1001", "acme.test", more)).notFound).toBe(false);
  });

  it("is told of messages in the box of its extension", () => {
    expect(ask(auth("REGISTER", "1003", "acme.test")).params["mwi-account"]).toBe(`${pbx.acme.box(1003)}@phones`);
  });
});

describe("a browser phone", () => {
  const soon = () => Math.floor(Date.now() / 1000) + lentSeconds;
  const asks = (method: string, until: number, more: Request = {}) => {
    const phone = browserPhoneOf("1001");
    const name = lentName(phone, until);
    return ask(auth(method, name, "acme.test", { sip_from_user: phone, sip_to_user: phone, ...more }));
  };

  it("is recognised by the name of a credential that was lent, with the password that is made of its device's", () => {
    const until = soon();
    const found = asks("REGISTER", until);
    expect(found.variables).toMatchObject({ dp_from_extension: pbx.acme.ext(1001), user_context: "acme.test" });
    const name = lentName("1001~web", until);
    const password = createHmac("sha256", ha1Of(pbx.acme.phone(1001)))
      .update(name)
      .digest("hex");
    expect(found.params["a1-hash"]).toBe(ha1Of({ user: name, domain: "acme.test", password }));
  });

  it("stays registered no longer than its credential is good", () => {
    const { params } = asks("REGISTER", soon() - lentSeconds + 120);
    expect(Number(params["sip-force-expires"])).toBeLessThanOrEqual(120);
  });

  it.each<[string, number, Request]>([
    ["whose credential is over", -1, {}],
    ["whose credential is good for longer than anybody is lent one", 86_400, {}],
    ["that registers as its device", lentSeconds, { sip_to_user: "1001" }],
    ["that registers as another's browser phone", lentSeconds, { sip_to_user: "1002~web" }],
    ["that calls as its device", lentSeconds, { sip_from_user: "1001" }],
    ["that calls as another's", lentSeconds, { sip_from_user: "1002~web" }],
  ])("%s is refused", (_, seconds, more) => {
    expect(asks("REGISTER", Math.floor(Date.now() / 1000) + seconds, more).notFound).toBe(true);
  });

  it("is refused with its device's own password, and where there is no such device", () => {
    expect(ask(auth("REGISTER", "1001~web", "acme.test")).notFound).toBe(true);
    const name = lentName("1099~web", soon());
    const at = { sip_from_user: "1099~web", sip_to_user: "1099~web" };
    expect(ask(auth("REGISTER", name, "acme.test", at)).notFound).toBe(true);
  });
});

it("a disabled extension's phone is recognised when it calls, as it may call for help, and for nothing else", () => {
  const recognised = methods.filter((method) => !ask(auth(method, "1009", "acme.test")).notFound);
  expect(recognised).toEqual(["INVITE"]);
});

describe("nobody", () => {
  const spoofs: [string, Request][] = [
    ["From another tenant", { sip_from_host: "globex.test" }],
    ["To another tenant", { sip_to_host: "globex.test" }],
    ["From another user", { sip_from_user: "1002" }],
    ["another user's credentials", { sip_auth_username: "1002" }],
    ["another realm", { sip_auth_realm: "globex.test" }],
    ["a domain that is not the one asked for", { key_value: "globex.test" }],
    ["the profile of carriers", { sip_profile: "carriers" }],
    ["a domain in capitals", { key_value: "ACME.TEST", domain: "ACME.TEST", sip_auth_realm: "ACME.TEST" }],
    ["no From", { sip_from_host: "" }],
  ];
  it.each(methods.flatMap((method) => spoofs.map(([name, more]) => [method, name, more] as const)))(
    "gets in by %s with %s",
    (method, _, more) => {
      expect(ask(auth(method, "1001", "acme.test", more)).notFound).toBe(true);
    },
  );

  it.each([
    ...["", "1099", "700", "x+1002", "x+1002+globex.test", `x+1002@globex.test`, "+1002", "1002+globex.test"],
    ...["%31002", "1002%2B", "ext+1002", "sip:1002", "*28", "*289", "**1002", "1002 "],
  ])("watches %j, which is no lamp of the tenant", (number) => {
    expect(ask(auth("SUBSCRIBE", "1001", "acme.test", { sip_to_user: number })).notFound).toBe(true);
  });

  it.each(["", "198.51.100.7", "evil.example", "0x7f.1", "invalid", "[::1]", "10.0.0.1.evil.example"])(
    "has another told what a lamp shows, at %j",
    (host) => {
      expect(ask(auth("SUBSCRIBE", "1001", "acme.test", { sip_contact_host: host })).notFound).toBe(true);
    },
  );

  it("registers for somebody else", () => {
    expect(ask(auth("REGISTER", "1001", "acme.test", { sip_to_user: "1002" })).notFound).toBe(true);
  });

  it.each(["1009", "1010", "", "1001 ", "1001'", "../1001"])("is found for a disabled or unknown user %j", (user) => {
    expect(ask(auth("REGISTER", user, "acme.test")).notFound).toBe(true);
  });

  it("adds fields by a realm, which FreeSWITCH writes unencoded", () => {
    const realm = "acme.test&sip_to_host=acme.test&sip_from_host=acme.test";
    const evil = { key_value: realm, domain: realm, sip_auth_realm: realm, sip_to_host: "globex.test" };
    expect(ask(auth("REGISTER", "1001", "acme.test", evil)).notFound).toBe(true);
    expect(parse("section=directory&user=1001&user=1002")).toBeUndefined();
  });
});

describe("voicemail", () => {
  const lookup = (user: string, action: string, domain = "phones"): Request => ({
    ...{ section: "directory", tag_name: "domain", key_name: "name", key_value: domain },
    ...{ action, key: "id", user, domain },
  });

  it.each(["voicemail-lookup", "message-count"])("finds a box by its id for %s", (action) => {
    const found = ask(lookup(pbx.acme.box(1003), action));
    expect(found.all("user")).toEqual([{ id: pbx.acme.box(1003) }]);
    expect(found.params["vm-password"]).toBe("4711");
    expect(found.params["vm-alternate-greet-id"]).toBe("1003");
    expect(found.params["a1-hash"]).toBeUndefined();
  });

  it("gives no PIN away where it was typed wrong too often, and lets FreeSWITCH keep none of its own", () => {
    const asked = { ...lookup(pbx.acme.box(1003), "voicemail-lookup"), "VM-Action": "change-password" } as Request;
    expect(ask(asked).all("result")).toEqual([{ success: "false" }]);
    const fields = parse(new URLSearchParams(lookup(pbx.acme.box(1003), "voicemail-lookup") as never).toString());
    const spent = (owner: string) => ({ pinSpent: () => owner === pbx.acme.owner });
    const answer = fields && answerDirectory(fields, pbx.documents, freeswitchConfig(), undefined, spent);
    expect(answer).toMatch(/name="vm-password" value="[0-9a-f-]{36}"/);
  });

  it("finds no box by a number, nor in a tenant's domain, and there is nobody else where boxes are", () => {
    expect(ask(lookup("1003", "voicemail-lookup")).notFound).toBe(true);
    expect(ask(lookup(pbx.acme.box(1003), "voicemail-lookup", "acme.test")).notFound).toBe(true);
    expect(ask(auth("REGISTER", pbx.acme.box(1003), "phones")).notFound).toBe(true);
    expect(ask(lookup(pbx.acme.box(1003), "user_call")).notFound).toBe(true);
  });
});

describe("other purposes", () => {
  const base: Request = {
    section: "directory",
    tag_name: "domain",
    key_name: "name",
    key_value: "acme.test",
    domain: "acme.test",
  };
  it.each([
    ["gateways", { purpose: "gateways", profile: "phones" }],
    ["gateways of all", { purpose: "gateways", tag_name: "", key_name: "", key_value: "", domain: "" }],
    ["network lists", { purpose: "network-list" }],
    ["reverse authentication", { action: "reverse-auth-lookup", user: "1001" }],
    ["groups", { action: "group_call", group_name: "all" }],
    ["nothing", {}],
  ])("%s are not found", (_, more) => {
    expect(ask({ ...base, ...more } as Request).notFound).toBe(true);
  });

  it("dialling a user leads to his registration, and redirects are fatal", () => {
    const found = ask({ ...base, action: "user_call", as_channel: "true", user: "1001" });
    expect(found.params["dial-string"]).toBe("[outbound_redirect_fatal=true]sofia/phones/1001%acme.test");
    expect(found.params["a1-hash"]).toBeUndefined();
  });
});
