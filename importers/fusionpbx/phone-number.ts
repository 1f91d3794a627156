// Destinations (DIDs) as phone numbers.
import type { Destination } from "../../core/resources/destination.ts";
import { destinationOf, type Found } from "./destination.ts";
import { type Domain, line, phoneNumber } from "./domain.ts";
import type { Row } from "./ledger.ts";

/** Answers the numbers that were given, so that no other domain takes them: a phone number is one in the whole installation. */
export function phoneNumbers(domain: Domain, taken: Map<string, string>): () => void {
  return () => {
    for (const row of domain.rows("v_destinations")) did(domain, row, taken);
  };
}

function did(domain: Domain, row: Row, taken: Map<string, string>): undefined {
  const type = row.text("destination_type") ?? "inbound";
  if (type !== "inbound") return row.refused(`a destination of type ${type.slice(0, 20)}`);
  const number = numberOf(domain, row);
  if (number === undefined)
    return row.refused(
      `${row.peek("destination_number") ?? "no number"} is no single phone number in ${domain.settings.country}`,
    );
  const holder = taken.get(number);
  if (holder !== undefined) return row.refused(`${number} is a number of ${holder} already`);
  taken.set(number, domain.settings.domain);
  const enabled = row.flag("destination_enabled", true);
  if (!enabled) row.lost("destination_enabled", "is switched off: the number leads nowhere");
  domain.add(
    "phone-number",
    {
      number,
      label: line(row, "destination_description", 64),
      destination: enabled ? destination(domain, row) : null,
      callerNamePrefix: line(row, "destination_cid_name_prefix", 16),
      recording: row.flag("destination_record", false),
    },
    row,
  );
}

function numberOf(domain: Domain, row: Row): string | undefined {
  const [prefix, area, number] = ["destination_prefix", "destination_area_code", "destination_number"].map(
    (column) => row.text(column) ?? "",
  ) as [string, string, string];
  if (number.startsWith("+") || prefix === "") return phoneNumber(area + number, domain.settings.country);
  const code = prefix.replace(/^\+/, "");
  // the number may have the prefix already
  const whole =
    number.startsWith(code) && number.length > 10 ? phoneNumber(`+${number}`, domain.settings.country) : undefined;
  return whole ?? phoneNumber(`+${code}${(area + number).replace(/^0+/, "")}`, domain.settings.country);
}

/** The first action that sends the call somewhere. */
function destination(domain: Domain, row: Row): Destination | null {
  const { actions, column } = actionsOf(domain, row);
  let found: Destination | null = null;
  for (const [app, data] of actions) {
    const one: Found = found ? { why: "comes after the call has gone on" } : destinationOf(domain, app, data, row);
    if ("to" in one) found = one.to;
    else row.lost(column, `${app} ${data}: ${one.why}`.slice(0, 250));
  }
  return found;
}

/** In a list of JSON, in two columns, or in the details of its dialplan, after the version. */
function actionsOf(domain: Domain, row: Row): { actions: [string, string][]; column: string } {
  const listed = row.text("destination_actions");
  const [app, data] = [row.text("destination_app"), row.text("destination_data")];
  const details = domain.rowsOf(
    "v_dialplan_details",
    "dialplan_uuid",
    row.peek("dialplan_uuid") ?? null,
    "dialplan_detail_order",
  );
  if (listed !== undefined) {
    const actions = parsed(listed);
    if (actions) return { actions, column: "destination_actions" };
    row.lost("destination_actions", "can't be read");
  }
  if (app !== undefined) return { actions: [[app, data ?? ""]], column: "destination_app" };
  const leading = details.filter(
    (one) =>
      one.peek("dialplan_detail_tag") === "action" &&
      !["set", "export", "unset"].includes(one.peek("dialplan_detail_type") ?? ""),
  );
  return {
    actions: leading.map((one) => [one.peek("dialplan_detail_type") ?? "", one.peek("dialplan_detail_data") ?? ""]),
    column: "destination_actions",
  };
}

const isAction = (one: unknown): one is { destination_app: string; destination_data?: unknown } =>
  typeof one === "object" && one !== null && "destination_app" in one && typeof one.destination_app === "string";

function parsed(text: string): [string, string][] | undefined {
  try {
    const list: unknown = JSON.parse(text);
    if (!Array.isArray(list)) return undefined;
    return list.flatMap((one: unknown): [string, string][] =>
      isAction(one) ? [[one.destination_app, String(one.destination_data ?? "")]] : [],
    );
  } catch {
    return undefined;
  }
}
