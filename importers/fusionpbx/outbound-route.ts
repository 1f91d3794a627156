// Outbound routes: dialplan entries of FusionPBX's that bridge to gateways. Those made from its list of patterns are carried, others are not.
import { type CountryCode, getCountryCallingCode } from "libphonenumber-js/min";
import { type Domain, line } from "./domain.ts";
import type { Row } from "./ledger.ts";

const appUuid = "8c914ec3-9fc0-8ab5-4cda-6c9288bdc9a3";

/** Conditions and actions that every outbound route has, and which say nothing of its own. */
const usual = [
  /^condition \$\{user_exists\} false$/,
  /^condition \$\{call_direction\} /,
  /^condition \$\{toll_allow\} /,
  /^action (set|export|unset) (call_direction=|hangup_after_bridge=|continue_on_fail=|call_timeout$|sip_h_X-accountcode=|sip_h_accountcode=|effective_caller_id_(name|number)=\$\{|inherit_codec=|ignore_display_updates=|callee_id_number=|provider_prefix=$|sip_h_X-Tag=)/,
];

export function outboundRoutes(domain: Domain): () => void {
  return () => {
    for (const row of domain.rows("v_dialplans").filter((one) => one.peek("app_uuid") === appUuid)) route(domain, row);
  };
}

function route(domain: Domain, row: Row): undefined {
  const details = domain.rowsOf("v_dialplan_details", "dialplan_uuid", row.uuid, "dialplan_detail_order");
  const refuse = (why: string): undefined => {
    for (const one of [row, ...details]) one.refused(why);
  };
  const name = row.peek("dialplan_name") ?? "";
  if (/^call_direction-outbound/.test(name))
    return refuse("a part of FusionPBX's outbound route that has no counterpart");
  if (details.length === 0) return refuse("an outbound route without details: create it by hand");
  const on = details.filter((one) => one.flag("dialplan_detail_enabled", true));
  const pattern = on.find(
    (one) =>
      one.peek("dialplan_detail_tag") === "condition" && one.peek("dialplan_detail_type") === "destination_number",
  );
  const expression = pattern?.peek("dialplan_detail_data") ?? "";
  if (/911|933/.test(expression) && /^\(?\^?\(?911/.test(expression.replace(/^\(/, "")))
    return refuse("emergency calls need no route here: they take every trunk");
  const patterns = patternsOf(expression, domain.settings.country);
  if (!patterns) return refuse(`the pattern ${expression.slice(0, 120)} has no counterpart: create the route by hand`);
  const bridges = on.filter((one) => one.peek("dialplan_detail_type") === "bridge");
  const trunks: string[] = [];
  for (const bridge of bridges) {
    const [, uuid = "", prefix = ""] =
      /^sofia\/gateway\/([0-9a-f-]{36})\/([0-9*#+]{0,10})\$1$/.exec(bridge.peek("dialplan_detail_data") ?? "") ?? [];
    const trunk = domain.trunks.get(uuid);
    if (!trunk) return refuse("bridges to what is no gateway that was carried");
    if (prefix !== "" && prefix !== getCountryCallingCode(domain.settings.country as CountryCode))
      bridge.lost("dialplan_detail_data", `put ${prefix} before the number: see the trunk's prefix and numberFormat`);
    if (!trunks.includes(trunk)) trunks.push(trunk);
  }
  if (trunks.length === 0) return refuse("an outbound route without a gateway");
  for (const one of details) detail(one, one === pattern || bridges.includes(one));
  domain.add(
    "outbound-route",
    {
      name: domain.name("outbound-route", row, "dialplan_name", "Route"),
      enabled: row.flag("dialplan_enabled", true),
      order: Math.min(10_000, row.count("dialplan_order") ?? 100),
      patterns,
      trunks,
    },
    row,
  );
  row.text("dialplan_context");
  row.text("dialplan_number");
  line(row, "dialplan_description", 255);
}

function detail(row: Row, used: boolean): void {
  const columns = [
    "dialplan_detail_tag",
    "dialplan_detail_type",
    "dialplan_detail_data",
    "dialplan_detail_group",
    "dialplan_detail_order",
  ];
  const said = columns
    .slice(0, 3)
    .map((column) => row.peek(column) ?? "")
    .join(" ");
  if (!used && !row.flag("dialplan_detail_enabled", true)) row.refused("is switched off");
  else if (!used && !usual.some((pattern) => pattern.test(said)))
    row.refused(`a part of the route that has no counterpart: ${said.slice(0, 120)}`);
  for (const column of columns) row.text(column);
  row.carried();
}

/** The patterns of E.164 numbers for an expression over dialled digits, where it is one that FusionPBX offers. */
function patternsOf(expression: string, country: string): string[] | undefined {
  const code = getCountryCallingCode(country as CountryCode);
  const nanp = code === "1";
  const listed: Record<string, string[]> = {
    "^(?:\\+1|1)?([2-9]\\d{2}[2-9]\\d{2}\\d{4})$": ["+1NXXNXXXXXX"],
    "^\\+?(\\d{11})$": nanp ? ["+1XXXXXXXXXX"] : [],
    "^(\\d{11})$": nanp ? ["+1XXXXXXXXXX"] : [],
    "^(\\d{10})$": nanp ? ["+1XXXXXXXXXX"] : [],
    "^(011\\d{9,17})$": nanp ? ["+*"] : [],
    "^\\+?(\\d{12,20})$": nanp ? ["+*"] : [],
    "^(\\d{12,20})$": nanp ? ["+*"] : [],
    "^(?:\\+1|1)?(8(00|33|44|55|66|77|88)[2-9]\\d{6})$": ["800", "833", "844", "855", "866", "877", "888"].map(
      (area) => `+1${area}NXXXXXX`,
    ),
    "^(00\\d+)$": nanp ? [] : ["+*"],
    "^(0\\d+)$": nanp ? [] : [`+${code}*`],
    "^(\\d+)$": ["+*"],
    "^\\+?(\\d+)$": ["+*"],
  };
  const found = listed[expression.trim()];
  return found && found.length > 0 ? found : undefined;
}
