// A body for each kind, as small as its schema allows, and never the same twice.
let count = 0;
const digits = (length: number): string => String(++count).padStart(length, "0");

/** What creates a resource of a kind, by its plural. `of` names resources that must be there: a prompt, a trunk. */
export function sampleOf(plural: string, of: { prompt?: string; trunk?: string } = {}): Record<string, unknown> {
  switch (plural) {
    case "extensions":
    case "voicemail-boxes":
      return { number: String(20_000 + ++count) };
    case "phone-numbers":
    case "contacts":
      return { number: `+1555${digits(7)}`, ...(plural === "contacts" && { name: "Carol" }) };
    case "trunks":
      return { name: `trunk ${digits(3)}`, host: "c.example" };
    case "parking-lots":
      return { name: `lot ${digits(3)}`, firstSlot: String(30_000 + 20 * ++count) };
    case "announcements":
      return { name: `announcement ${digits(3)}`, prompt: of.prompt };
    case "music-on-hold":
      return { name: `music ${digits(3)}`, prompts: [of.prompt] };
    case "outbound-routes":
      return { name: `route ${digits(3)}`, patterns: ["+1*"], trunks: [of.trunk] };
    case "rate-tables":
      return { name: `rates ${digits(3)}`, trunk: of.trunk };
    case "speed-dials":
      return { number: `*${digits(3)}`, target: "1001" };
    case "feature-codes":
      return { action: "echo-test", code: `*${digits(4)}` };
    default:
      return { name: `${plural} ${digits(3)}` };
  }
}
