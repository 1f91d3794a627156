// Blocked callers and blocked numbers.
import type { Destination } from "../../core/resources/destination.ts";
import { numberPattern } from "../../core/resources/pattern.ts";
import { dialledIn } from "./destination.ts";
import { type Domain, line, phoneNumber } from "./domain.ts";
import type { Row } from "./ledger.ts";

export function blockRules(domain: Domain): () => void {
  return () => {
    for (const row of domain.rows("v_call_block")) blockRule(domain, row);
  };
}

function blockRule(domain: Domain, row: Row): undefined {
  const direction = row.text("call_block_direction") ?? "inbound";
  if (row.text("extension_uuid")) return row.refused("of one extension alone: rules here are the tenant's");
  if (row.text("call_block_name")) return row.refused("by the caller's name: rules here go by number");
  if (direction !== "inbound" && direction !== "outbound") return row.refused(`direction ${direction.slice(0, 20)}`);
  const [code, digits] = [
    row.text("call_block_country_code")?.replace(/^\+/, "").replace(/\.0+$/, ""),
    row.text("call_block_number") ?? "",
  ];
  const anonymous = /^(anonymous|unknown|restricted|private|unavailable)$/i.test(digits);
  const start = anonymous ? undefined : beginning(domain, code, digits);
  if (!anonymous && start === undefined)
    return row.refused(
      `${digits.slice(0, 40) || "no number"} is no beginning of a phone number: give it with its country code`,
    );
  const to = blocked(domain, row);
  domain.add(
    "block-rule",
    {
      name: domain.fresh("block-rule", line(row, "call_block_description", 58) ?? `Block ${start ?? "anonymous"}`),
      enabled: row.flag("call_block_enabled", true),
      direction,
      patterns: start === undefined ? [] : [start],
      anonymous: anonymous && direction === "inbound",
      destination: direction === "inbound" ? to : null,
    },
    row,
  );
}

/** FusionPBX blocks whatever begins so. */
function beginning(domain: Domain, code: string | undefined, digits: string): string | undefined {
  const whole = code ? `+${code}${digits}` : (phoneNumber(digits, domain.settings.country) ?? digits);
  const pattern = `${whole}*`;
  return /^\+[1-9]\d{0,14}\*$/.test(pattern) && numberPattern.safeParse(pattern).success ? pattern : undefined;
}

function blocked(domain: Domain, row: Row): Destination | null {
  const [app, data] = [row.text("call_block_app") ?? "reject", row.peek("call_block_data")];
  if (app === "reject") return null;
  if (app === "busy") return { kind: "hangup", cause: "busy" };
  if (["extension", "ivr", "ring_group"].includes(app)) return dialledIn(domain, row, "call_block_data");
  if (app === "voicemail") {
    row.text("call_block_data");
    const box = domain.target(`*99${data ?? ""}`);
    if (!box) row.lost("call_block_data", "is no voicemail box that was carried: such calls are refused");
    return box ?? null;
  }
  row.lost("call_block_app", "has no place here: such calls are refused");
  return null;
}
