// For every kind a call or a configuration in which it shows, letter for letter. `GOLDEN=write` writes the files anew.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { all, isForEdges, type KindName, kindOf } from "../../../../core/registry.ts";
import { reply } from "../../../../edge-agent/drivers/freeswitch/lookup.ts";
import { freeswitchConfig } from "../../../support/freeswitch-config.ts";
import { createPbx, idOf } from "../../../support/pbx.ts";
import { auth, body, dialled, fromCarrier, type Request } from "./requests.ts";

const folder = new URL("golden/kinds/", import.meta.url);
const pbx = createPbx();
const { acme } = pbx;
const ext = (number: number) => ({ kind: "extension", ref: acme.ext(number) });
const [did, helper] = ["+12025550100", "+12025550101"];
const members = [1002, 1003].map((number) => ({ extension: acme.ext(number) }));
acme.put("prompt", "p", { name: "p" });
const prompt = acme.idOf("prompt", "p");
acme.put("music-on-hold", "m", { name: "m", prompts: [prompt] });
acme.put("ring-group", "g", {
  name: "g",
  extensionNumber: "600",
  members,
  musicOnHold: acme.idOf("music-on-hold", "m"),
});
acme.put("queue", "q", { name: "q", extensionNumber: "601", joinEmpty: "yes" });
acme.put("menu", "m", { name: "m", extensionNumber: "602", dialByExtension: true });
acme.put("schedule", "s", { name: "s", extensionNumber: "603", closed: { kind: "hangup", cause: "busy" } });
acme.put("announcement", "a", { name: "a", extensionNumber: "604", prompt });
acme.put("conference", "c", { name: "c", extensionNumber: "605" });
acme.put("paging-group", "p", {
  name: "p",
  extensionNumber: "606",
  members: members.map(({ extension }) => extension),
});
acme.put("parking-lot", "l", { name: "l", extensionNumber: "607", firstSlot: "620" });
acme.put("directory", "d", { name: "d", extensionNumber: "608" });
acme.number(did, ext(1002));
acme.number(helper, null);
acme.put("trunk", "t", { name: "t", host: "192.0.2.10", codecs: ["pcma"], maxChannels: 2 });
pbx.sharedTrunk(9, { name: "shared", host: "192.0.2.90", numberFormat: "national" });
const trunks = [acme.idOf("trunk", "t")];
acme.put("outbound-route", "r", {
  name: "r",
  patterns: ["+33*"],
  trunks,
  callerId: { policy: "fixed", number: helper },
});
acme.put("outbound-route", "s", { name: "s", patterns: ["+49*"], trunks, select: "least-cost", prefix: "7" });
acme.put("rate-table", "r", { name: "r", trunk: trunks[0], rates: [{ prefix: "+49", perMinute: 1 }] });
acme.put("block-rule", "b", { name: "b", patterns: ["+15550666"], message: prompt });
acme.put("contact", "c", { number: "+15550123", name: "Grace", company: "Navy" });
acme.put("speed-dial", "s", { number: "55", target: "1003" });
acme.put("feature-code", "f", { action: "do-not-disturb-on", code: "*77" });

pbx.globex.put("suspension", "s", { reason: "unpaid", by: "acc", since: "2026-03-01T00:00:00Z" });

const initech = pbx.tenant(3, "initech.test");
initech.settings();
initech.extension(1001, { outbound: { permission: "international", countries: null } });
const plan = "pln_01ARZ3NDEKTSV4RRFFQ69G5FAV";
initech.put("limits", "l", { by: idOf("acc", 9), plan, countries: ["FR"] });
const basic = kindOf("plan").schema.parse({ name: "Basic", countries: ["DE"] });
pbx.state.apply(pbx.account.write({ kind: "plan", id: plan, body: basic }));

const call = (to: string): Request => dialled(acme, "1001", to);
const from = (number: string): Request => fromCarrier("192.0.2.10", did, { "Caller-Caller-ID-Number": number });
type AtEdges = Exclude<KindName, "template" | "brand" | "placement">;
const requests: Record<AtEdges, Request> = {
  extension: call("1002"),
  "ring-group": call("600"),
  queue: call("601"),
  menu: call("602"),
  schedule: call("603"),
  announcement: call("604"),
  "voicemail-box": { ...auth("", acme.box(1003), "phones"), action: "voicemail-lookup" },
  conference: call("605"),
  "paging-group": call("606"),
  "parking-lot": call("607"),
  directory: call("608"),
  "phone-number": from("+15550199"),
  trunk: call("+33142681234"),
  "outbound-route": call("+33142681234"),
  "rate-table": call("+493012345678"),
  "block-rule": from("+15550666"),
  contact: from("+15550123"),
  "speed-dial": call("55"),
  "feature-code": call("*77"),
  prompt: call("604"),
  "music-on-hold": call("600"),
  limits: dialled(initech, "1001", "+442071838750"),
  plan: dialled(initech, "1001", "+33142681234"),
  suspension: dialled(pbx.globex, "1001", "1002"),
  tenant: auth("REGISTER", "1001", "acme.test"),
  account: fromCarrier("192.0.2.90", "2025550100"),
};

beforeAll(() => void vi.useFakeTimers({ toFake: ["Date"], now: new Date("2026-03-04T10:00:00Z") }));
afterAll(() => void vi.useRealTimers());

it.each(all.flatMap(({ kind }) => (isForEdges(kind) && kind !== "placement" ? [kind as AtEdges] : [])))(
  "FreeSWITCH is told exactly what there is of a %s",
  (kind) => {
    const log = { error: () => expect.unreachable() };
    const xml = reply(body(requests[kind]), { documents: pbx.documents, config: freeswitchConfig(), log });
    expect(xml).not.toContain("not found");
    const file = new URL(`${kind}.xml`, folder);
    if (process.env.GOLDEN === "write") {
      mkdirSync(folder, { recursive: true });
      writeFileSync(file, xml);
    }
    expect(xml).toBe(readFileSync(file, "utf8"));
  },
);
