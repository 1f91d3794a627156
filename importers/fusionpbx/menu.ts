// IVR menus.
import type { Destination } from "../../core/resources/destination.ts";
import { action, destinationOf } from "./destination.ts";
import { type Body, type Domain, line, seconds } from "./domain.ts";
import type { Row } from "./ledger.ts";
import { contextOf } from "./ring-group.ts";

type Declared = { row: Row; name: string; extensionNumber: string | null };

export function menus(domain: Domain): () => void {
  const declared: Declared[] = domain.rows("v_ivr_menus").flatMap((row) => {
    if (!row.flag("ivr_menu_enabled", true)) {
      row.refused("the menu is switched off");
      return [];
    }
    const name = domain.name("menu", row, "ivr_menu_name", `Menu ${row.peek("ivr_menu_extension") ?? ""}`.trim());
    return [{ row, name, extensionNumber: domain.claim(row, "ivr_menu_extension", { kind: "menu", ref: name }) }];
  });
  return () => {
    for (const one of declared) domain.add("menu", menu(domain, one), one.row);
  };
}

function menu(domain: Domain, { row, name, extensionNumber }: Declared): Body {
  contextOf(domain, row, "ivr_menu_context");
  row.text("ivr_menu_parent_uuid");
  const [failures, timeouts] = [row.count("ivr_menu_max_failures") ?? 1, row.count("ivr_menu_max_timeouts") ?? 1];
  const tries = Math.min(10, Math.max(1, failures, timeouts));
  if (failures !== tries) row.lost("ivr_menu_max_failures", `callers have ${tries} tries in all here`);
  if (timeouts !== tries) row.lost("ivr_menu_max_timeouts", `callers have ${tries} tries in all here`);
  const greeting = domain.prompt(row, "ivr_menu_greet_long");
  const short = row.peek("ivr_menu_greet_short");
  if (short !== undefined && short !== row.peek("ivr_menu_greet_long"))
    row.lost("ivr_menu_greet_short", "a menu has one greeting here");
  else row.text("ivr_menu_greet_short");
  const invalid = row.peek("ivr_menu_invalid_sound") ?? "";
  const options = domain.rowsOf("v_ivr_menu_options", "ivr_menu_uuid", row.uuid, "ivr_menu_option_order");
  let direct = row.flag("ivr_menu_direct_dial", false);
  const led = options.flatMap((one) => {
    if (isDirectDial(one)) direct = true;
    return option(domain, row, one);
  });
  return {
    name,
    extensionNumber,
    greeting,
    ...(domain.promptOf(invalid) && { invalidPrompt: domain.prompt(row, "ivr_menu_invalid_sound") }),
    options: led,
    dialByExtension: direct,
    timeoutSeconds: seconds(row, "ivr_menu_timeout", 1, 60, 3, 1000),
    betweenDigitsSeconds: seconds(row, "ivr_menu_inter_digit_timeout", 1, 15, 2, 1000),
    tries,
    timeout: action(domain, row, "ivr_menu_exit_app", "ivr_menu_exit_data"),
  };
}

/** An option whose digits are a pattern, and which transfers to what was pressed, is dialling by extension. */
function isDirectDial(row: Row): boolean {
  const columns = ["ivr_menu_option_digits", "ivr_menu_option_action", "ivr_menu_option_param"];
  const [digits = "", , param = ""] = columns.map((column) => row.peek(column));
  if (!/^\/\^\(?\\d\{\d(?:,\d+)?\}\)?\$\/$/.test(digits) || !/^transfer \$1 XML \S+$/.test(param)) return false;
  if (!row.flag("ivr_menu_option_enabled", true)) return false;
  for (const column of columns) row.text(column);
  row.carried();
  return true;
}

function option(domain: Domain, menuRow: Row, row: Row): Body[] {
  if (row.isCarried) return [];
  const digits = row.text("ivr_menu_option_digits") ?? "";
  if (!row.flag("ivr_menu_option_enabled", true)) row.refused("the option is switched off");
  else if (!/^[0-9*#]{1,8}$/.test(digits))
    row.refused(`the digits ${digits.slice(0, 40)} are a pattern, or longer than 8`);
  else {
    const found = led(domain, menuRow, row);
    if (typeof found === "string") row.refused(`${digits}: ${found}`);
    else {
      row.carried();
      return [{ digits, label: line(row, "ivr_menu_option_description", 64), destination: found }];
    }
  }
  return [];
}

/** Where an option leads, or why nowhere. */
function led(domain: Domain, menuRow: Row, row: Row): Destination | string {
  const [kind, param] = [row.text("ivr_menu_option_action") ?? "", row.text("ivr_menu_option_param") ?? ""];
  if (kind === "menu-sub") return domain.targetOf(param) ?? "leads to a menu that was not carried";
  if (kind === "menu-top" || kind === "menu-back") {
    const parent = menuRow.peek("ivr_menu_parent_uuid") ?? menuRow.uuid;
    return (parent && domain.targetOf(parent)) || "leads to a menu that was not carried";
  }
  if (kind === "menu-exit" || (kind === "menu-exec-app" && /^hangup\b/.test(param)))
    return { kind: "hangup", cause: "unavailable" };
  if (kind !== "menu-exec-app") return `the action ${kind.slice(0, 40)} has no place here`;
  const [app = "", ...data] = param.split(" ");
  const found = destinationOf(domain, app, data.join(" "), row);
  return "to" in found ? found.to : found.why;
}
