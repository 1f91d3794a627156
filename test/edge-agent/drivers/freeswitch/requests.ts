// Lookups as FreeSWITCH sends them: recorded ones, and those made from them.
import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { XMLParser } from "fast-xml-parser";

export type Request = Record<string, string>;

const folder = new URL("../../../fixtures/recordings/freeswitch/", import.meta.url);
export const scenarios = [
  ...["startup", "register_digest", "call_answered", "call_bad_auth", "call_busy", "call_callee_hangup"],
  ...["call_noanswer", "call_unknown_number", "call_unregistered", "callcenter", "chat", "conference", "gateway_out"],
  ...["gateway_register", "hold", "inbound_did", "ivr", "ivr_timeout", "record", "valet_park", "voicemail_check"],
  "voicemail_leave",
];

const known = new Map<string, Request[]>();

/** A scenario's requests, as recorded. */
export function recorded(scenario: string): Request[] {
  const requests = known.get(scenario) ?? load(scenario);
  known.set(scenario, requests);
  return requests.map((request) => ({ ...request }));
}

function load(scenario: string): Request[] {
  const text = gunzipSync(readFileSync(new URL(`${scenario}/requests.jsonl.gz`, folder))).toString("utf8");
  return text
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as Request);
}

/** The body as mod_xml_curl writes it: all but the first five values percent-encoded. */
export function body(request: Request): string {
  const raw = new Set(["hostname", "section", "tag_name", "key_name", "key_value"]);
  const pairs = Object.entries(request).map(
    ([name, value]) => `${name}=${raw.has(name) ? value : encodeURIComponent(value)}`,
  );
  return pairs.join("&");
}

const parser = new XMLParser({
  ignoreAttributes: false,
  attributeNamePrefix: "",
  htmlEntities: true,
  trimValues: false,
  parseAttributeValue: false,
  isArray: listed,
});
function listed(name: string): boolean {
  return ["action", "param", "variable", "gateway", "alias", "profile"].includes(name);
}

type Attributes = Record<string, string>;
export type Parsed = {
  section: string;
  notFound: boolean;
  /** Every element's attributes by the element's name. */
  all(name: string): Attributes[];
  /** A dialplan's actions as `application data`. */
  actions: string[];
  params: Record<string, string>;
  variables: Record<string, string>;
};

/** Reads a reply as FreeSWITCH would; throws where it is not well-formed. */
export function read(xml: string): Parsed {
  const root = parser.parse(xml, true) as Record<string, unknown>;
  const found = new Map<string, Attributes[]>();
  walk(root, (name, attributes) => found.set(name, [...(found.get(name) ?? []), attributes]));
  const all = (name: string) => found.get(name) ?? [];
  const pairs = (name: string) => Object.fromEntries(all(name).map((each) => [each.name ?? "", each.value ?? ""]));
  const section = all("section")[0]?.name ?? "";
  return {
    section,
    notFound: section === "result" && all("result")[0]?.status === "not found",
    all,
    actions: all("action").map(({ application = "", data }) =>
      data === undefined ? application : `${application} ${data}`,
    ),
    params: pairs("param"),
    variables: pairs("variable"),
  };
}

function walk(node: unknown, found: (name: string, attributes: Attributes) => void): void {
  if (node === null || typeof node !== "object") return;
  for (const [name, value] of Object.entries(node).filter(([name]) => name !== "#text"))
    for (const child of Array.isArray(value) ? value : [value]) {
      if (child === null || typeof child !== "object") {
        if (typeof child === "string" && child.trim() === "") found(name, {});
        continue;
      }
      const own = Object.entries(child as Record<string, unknown>).filter(
        ([key, each]) => key !== "#text" && typeof each !== "object",
      );
      found(name, Object.fromEntries(own.map(([key, each]) => [key, String(each)])));
      walk(child, found);
    }
}

/** A phone's request to be recognised, as sofia_reg.c asks. */
export function auth(method: string, user: string, domain: string, more: Request = {}): Request {
  return {
    hostname: "edge",
    section: "directory",
    tag_name: "domain",
    key_name: "name",
    key_value: domain,
    action: "sip_auth",
    sip_profile: "phones",
    sip_auth_username: user,
    sip_auth_realm: domain,
    sip_to_user: method === "REGISTER" ? user : "1002",
    sip_to_host: domain,
    sip_from_user: user,
    sip_from_host: domain,
    sip_contact_host: "127.0.0.1",
    sip_request_host: domain,
    sip_auth_method: method,
    key: "id",
    user,
    domain,
    ip: "127.0.0.1",
    ...more,
  };
}

/** A dialplan lookup of an authenticated phone's call: a real one, with who, whom and where changed. */
export function dialled(tenant: { id: string; domain: string }, user: string, to: string, more: Request = {}): Request {
  const real = recorded("call_answered").find(({ section }) => section === "dialplan") ?? {};
  return {
    ...real,
    "Caller-Context": tenant.domain,
    "Caller-Destination-Number": to,
    "Caller-Caller-ID-Number": user,
    variable_sip_auth_username: user,
    variable_sip_auth_realm: tenant.domain,
    variable_domain_name: tenant.domain,
    variable_sofia_profile_name: "phones",
    variable_dp_tenant: tenant.id,
    ...more,
  };
}

/** A dialplan lookup of a carrier's call. */
export function fromCarrier(address: string, to: string, more: Request = {}): Request {
  const real = dialled({ id: "", domain: "public" }, "", to);
  for (const name of Object.keys(real)) if (/^variable_(sip_auth|domain_name|dp_|user_)/.test(name)) delete real[name];
  return {
    ...real,
    "Caller-Caller-ID-Number": "+15550123",
    "Caller-Caller-ID-Name": "+15550123",
    variable_sofia_profile_name: "carriers",
    variable_sip_network_ip: address,
    ...more,
  };
}

/** The lookup for the same call, handed over by a Kamailio host with these `X-DP-` headers. */
export function handedOver(request: Request, headers: Request, address = "192.0.2.80"): Request {
  const kept = Object.entries(request).filter(([name]) => !/^variable_(sip_auth|domain_name|dp_|user_)/.test(name));
  const said = Object.entries(headers).map(([name, value]) => [`variable_sip_h_X-DP-${name}`, value]);
  return {
    ...Object.fromEntries([...kept, ...said]),
    "Caller-Context": "public",
    variable_sofia_profile_name: "front",
    variable_sip_network_ip: address,
  };
}
