// A tenant that uses every kind: what its document holds beside plain extensions, and what is dialled there.
import { type KindName, kindOf } from "../core/registry.ts";
import { ulidOf, type Write } from "../test/support/document.ts";

const idOf = (kind: KindName, n: number): string => `${kindOf(kind).prefix}_${ulidOf(n)}`;

/** By the tenant's number, as ids are. Extensions are those of `createTenant`. */
export function everyKind(n: number): Write[] {
  const extension = (index: number) => `ext_${ulidOf(n * 1000 + index)}`;
  const ring = (index: number) => ({ kind: "extension", ref: extension(index) });
  const to = (kind: KindName) => ({ kind, ref: idOf(kind, n) });
  const prompt = idOf("prompt", n);
  const members = [0, 1, 2, 3].map((index) => ({ extension: extension(index) }));
  const did = `+1202555${String(n % 10_000).padStart(4, "0")}`;
  const bodies: Partial<Record<KindName, Record<string, unknown>>> = {
    "voicemail-box": { number: "1001", greeting: prompt },
    prompt: { name: "hello", audio: { sha256: "0".repeat(64), bytes: 1000, contentType: "audio/wav" } },
    "music-on-hold": { name: "music", prompts: [prompt] },
    "ring-group": {
      name: "sales",
      extensionNumber: "600",
      members,
      callerNamePrefix: "Sales",
      afterwards: to("voicemail-box"),
    },
    queue: {
      name: "support",
      extensionNumber: "601",
      agents: members,
      musicOnHold: idOf("music-on-hold", n),
      afterwards: ring(4),
    },
    menu: {
      ...{ name: "main", extensionNumber: "602", greeting: prompt, dialByExtension: true, timeout: to("ring-group") },
      options: ["1", "2", "3"].map((digits, index) => ({ digits, destination: ring(index) })),
    },
    schedule: {
      ...{
        name: "office",
        extensionNumber: "603",
        timeZone: "Europe/Paris",
        open: to("ring-group"),
        closed: to("menu"),
      },
      hours: [{ days: ["mon", "tue", "wed", "thu", "fri"], from: "09:00", to: "18:00" }],
      holidays: ["01-01", "05-01", "12-25"].map((date) => ({ name: date, date })),
    },
    announcement: { name: "closed", extensionNumber: "604", prompt, afterwards: to("menu") },
    conference: { name: "board", extensionNumber: "605" },
    "paging-group": { name: "all", extensionNumber: "606", members: members.map((member) => member.extension) },
    "parking-lot": { name: "lot", extensionNumber: "607", firstSlot: "620" },
    directory: { name: "people", extensionNumber: "608" },
    "phone-number": { number: did, destination: to("schedule"), callerNamePrefix: "Main" },
    trunk: { name: "carrier", host: "192.0.2.10", codecs: ["pcma", "pcmu"], maxChannels: 100 },
    "outbound-route": { name: "all", patterns: ["+*"], trunks: [idOf("trunk", n)], select: "least-cost" },
    "rate-table": { name: "rates", trunk: idOf("trunk", n), rates: [{ prefix: "+1", perMinute: 0.01 }] },
    "block-rule": { name: "premium", direction: "outbound", patterns: ["+1900*"] },
    contact: { number: "+15550123", name: "Grace" },
    "speed-dial": { number: "55", target: "1002" },
    "feature-code": { action: "do-not-disturb-on", code: "*77" },
  };
  const writes = Object.entries(bodies).map(([kind, body]) => {
    const { schema } = kindOf(kind as KindName);
    return { kind, id: idOf(kind as KindName, n), body: schema.parse(body) as Record<string, unknown> };
  });
  return writes;
}

/** A number of each kind that takes calls, three extensions, one outside, a speed dial, a code. */
export const everyNumber = [
  ...["1001", "1002", "1003", "600", "601", "602", "603", "604", "605", "606", "607", "608", "55", "*43"],
  "+12025550199",
];
