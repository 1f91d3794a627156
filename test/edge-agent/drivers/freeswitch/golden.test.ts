// What FreeSWITCH is told, letter for letter. `GOLDEN=write npm test` writes the files anew: read the difference before committing it.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { fallback, names } from "../../../../edge-agent/drivers/freeswitch/configuration.ts";
import { createFront } from "../../../../edge-agent/drivers/freeswitch/front.ts";
import { reply } from "../../../../edge-agent/drivers/freeswitch/lookup.ts";
import { freeswitchConfig } from "../../../support/freeswitch-config.ts";
import { rosterOf } from "../../../support/front.ts";
import { createPbx } from "../../../support/pbx.ts";
import { auth, body, dialled, fromCarrier, handedOver, type Request } from "./requests.ts";

const folder = new URL("golden/", import.meta.url);
const config = freeswitchConfig("/", {
  ...{ externalAddress: "203.0.113.1", soundsDir: "/sounds/en/us/callie" },
  browsers: { wssPort: 7443, wsPort: null, certificate: null, obtained: null, tlsDir: "/tls" },
});
const pbx = createPbx();
pbx.acme.extension(1001, {
  displayName: "O'Brien & Söhne <x>",
  devices: [
    { label: "Desk", username: "1001", password: { secret: "sec_00000000000000000000000001#1" } },
    { label: "Mobile", username: "ada.mobile", password: { secret: "sec_00000000000000000000000002#1" } },
  ],
});
pbx.acme.number("+15550100", { kind: "extension", ref: pbx.acme.ext(1001) });
pbx.acme.trunk(1, {
  host: "192.0.2.10",
  inboundAddresses: ["192.0.2.0/28"],
  username: "acme",
  password: "pa$${s}<&>",
  register: true,
});
pbx.sharedTrunk(2, { host: "sip.carrier.example", port: 5070, transport: "tcp", numberFormat: "national" });

const { acme } = pbx;
const configuration = (name: string, more: Request = {}): Request => ({
  section: "configuration",
  key_value: name,
  ...more,
});
const lookups: Record<string, Request> = {
  register: auth("REGISTER", "1003", "acme.test"),
  "voicemail-lookup": { ...auth("", acme.box(1003), "phones"), action: "voicemail-lookup" },
  ring: dialled(acme, "1002", "1001"),
  outside: dialled(acme, "1001", "+15559876"),
  voicemail: dialled(acme, "1001", `dp-ring.${acme.ext(1003)}`, {
    variable_dp_node: `ring.${acme.ext(1003)}`,
    variable_dp_dialled: "1003",
    variable_originate_disposition: "NO_ANSWER",
  }),
  unknown: dialled(acme, "1001", "8888"),
  inbound: fromCarrier("192.0.2.10", "+15550100"),
  sofia: configuration("sofia.conf"),
  "sofia-rescan": configuration("sofia.conf", { profile: "phones", reconfig: "true" }),
  "sofia-startgw": configuration("sofia.conf", {
    profile: "carriers",
    reconfig: "true",
    gateway: "trk_00000000000000000000000001",
  }),
  languages: { section: "languages", lang: "en", macro_name: "voicemail_play_greeting", data: "1003" },
  channels: { section: "channels", purpose: "nightmare_xfer" },
  "front-ring": handedOver(dialled(acme, "1002", "1001"), { Tenant: acme.id, Device: "1002" }),
  "front-inbound": handedOver(fromCarrier("192.0.2.10", "+15550100"), { Carrier: "192.0.2.10" }),
  "front-subscribe": auth("SUBSCRIBE", "1002", "acme.test", {
    ...{ sip_profile: "front", ip: "192.0.2.80", "X-DP-Tenant": acme.id, "X-DP-Device": "1002", sip_to_user: "1001" },
  }),
  chatplan: { section: "chatplan", from: "1001@acme.test", to: "1002@acme.test" },
};

function same(name: string, xml: string): void {
  const file = new URL(`${name}.xml`, folder);
  if (process.env.GOLDEN === "write") {
    mkdirSync(folder, { recursive: true });
    writeFileSync(file, xml);
  }
  expect(xml).toBe(readFileSync(file, "utf8"));
}

describe("FreeSWITCH is told exactly", () => {
  const fresh = { domains: new Set(["new.test"]) };
  const front = createFront(() => rosterOf(1, [{ address: "192.0.2.80", port: 5070 }]));
  const log = { error: () => expect.unreachable() };
  it.each(Object.entries(lookups))("%s", (name, request) => {
    const behind = name.startsWith("front-") ? { front } : {};
    same(name, reply(body(request), { documents: pbx.documents, config, log, fresh, ...behind }));
  });

  it("the static fall-backs", () => {
    same("fallback", `${names.map((name) => fallback(config, name)).join("\n")}\n`);
  });
});
