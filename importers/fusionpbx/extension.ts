// Extensions with their forwards, follow-me, voicemail and phones.

import { username } from "../../core/resources/extension.ts";
import { e164 } from "../../core/resources/phone-number-format.ts";
import { dialledIn } from "./destination.ts";
import { type Body, type Domain, line, seconds } from "./domain.ts";
import type { Row } from "./ledger.ts";
import { secret } from "./secret.ts";

/** Claims the numbers; what it answers makes the resources, once every number is known. */
export function extensions(domain: Domain): () => void {
  const declared = domain.rows("v_extensions").flatMap((row) => {
    const [own, alias] = [row.text("extension") ?? "", row.text("number_alias")];
    const number = /^\d+$/.test(own) ? own : (alias ?? own);
    if (!username.safeParse(own).success) {
      row.refused(`extension ${own}: a user name here is of a-z, 0-9, dot, underscore and hyphen`);
      return [];
    }
    if (!domain.claimKey(row, "extension", { kind: "extension", ref: number })) return [];
    return [{ row, own, number, alias: alias === number ? undefined : alias }];
  });
  return () => {
    const tolls = hasTolls(domain);
    for (const { row, own, number, alias } of declared) {
      const body = extension(domain, row, own, number, tolls);
      domain.add("extension", body, row);
      if (alias) aliasOf(domain, row, alias, number);
    }
  };
}

/** A number alias is a second number of the same phone. */
function aliasOf(domain: Domain, row: Row, alias: string, number: string): void {
  if (domain.claim(row, "number_alias", { kind: "extension", ref: number }) === null) return;
  domain.addAside("speed-dial", { number: alias, target: number }, row);
}

function extension(domain: Domain, row: Row, own: string, number: string, tolls: boolean): Body {
  const displayName = displayedName(row);
  shownNumber(row, own, number);
  const inContext = row.text("user_context")?.toLowerCase() ?? domain.settings.domain;
  if (inContext !== domain.settings.domain && inContext !== "default")
    row.lost("user_context", "calls of another context");
  const account = row.text("accountcode")?.toLowerCase() ?? domain.settings.domain;
  if (account !== domain.settings.domain && account !== number) row.lost("accountcode", "has no place here");
  const password = secret(row, "password", "sip-password");
  return {
    number,
    displayName,
    enabled: row.flag("enabled", true),
    devices: [{ username: own, ...label(domain, own), ...(password !== undefined && { password }) }],
    ringSeconds: seconds(row, "call_timeout", 5, 120, 30),
    voicemailBox: domain.target(`*99${own}`)?.ref ?? domain.target(`*99${number}`)?.ref ?? null,
    externalCallerId: domain.e164(row, "outbound_caller_id_number"),
    externalCallerName: line(row, "outbound_caller_id_name", 64),
    emergencyCallerId: domain.e164(row, "emergency_caller_id_number"),
    forward: {
      always: forward(domain, row, "forward_all"),
      busy: forward(domain, row, "forward_busy"),
      noAnswer: forward(domain, row, "forward_no_answer"),
      notRegistered: forward(domain, row, "forward_user_not_registered"),
    },
    doNotDisturb: row.flag("do_not_disturb", false),
    followMe: followMe(domain, row, number),
    recording: recording(row),
    outbound: { permission: permission(row, tolls) },
    pickupGroup: pickupGroup(row),
    language: language(row),
  };
}

/** The name that others see; FusionPBX's directory has another one beside it. */
function displayedName(row: Row): string | null {
  const shown = line(row, "effective_caller_id_name", 64);
  const columns = ["directory_first_name", "directory_last_name"];
  const listed = columns.flatMap((column) => line(row, column, 64) ?? []).join(" ");
  if (shown !== null && listed !== "" && listed !== shown)
    for (const column of columns) if (row.peek(column)) row.lost(column, `callers and the directory see ${shown}`);
  return shown ?? (listed.slice(0, 64) || null);
}

function shownNumber(row: Row, own: string, number: string): void {
  const shown = row.text("effective_caller_id_number");
  if (shown !== undefined && shown !== own && shown !== number)
    row.lost("effective_caller_id_number", "others see the extension's own number");
}

function forward(domain: Domain, row: Row, which: string): unknown {
  const on = row.flag(`${which}_enabled`, false);
  if (on) return dialledIn(domain, row, `${which}_destination`);
  if (row.text(`${which}_destination`)) row.lost(`${which}_destination`, "is switched off: the number is not kept");
  return null;
}

function recording(row: Row): string {
  const which = row.text("user_record");
  if (which === undefined) return "off";
  if (["all", "inbound", "outbound"].includes(which)) return which;
  row.lost("user_record", "calls can be recorded in, out or all");
  return "off";
}

function pickupGroup(row: Row): string | null {
  const group = line(row, "call_group", 255)?.split(",")[0]?.trim() ?? null;
  if (group !== null && group !== row.peek("call_group"))
    row.lost("call_group", `one group alone: ${group.slice(0, 32)}`);
  return group?.slice(0, 32) || null;
}

function language(row: Row): string | null {
  const [first, dialect] = [row.text("extension_language"), row.text("extension_dialect")];
  if (first === undefined) {
    if (dialect) row.lost("extension_dialect", "has no language before it");
    return null;
  }
  try {
    return Intl.getCanonicalLocales(dialect ? `${first}-${dialect}` : first)[0] ?? null;
  } catch {
    row.lost("extension_language", "is no language tag");
    return null;
  }
}

/** Whether any outbound route asks for toll_allow; else it says nothing. */
const hasTolls = (domain: Domain): boolean =>
  [...domain.rows("v_dialplan_details"), ...domain.rows("v_dialplans")].some((row) =>
    /toll_allow/.test(`${row.peek("dialplan_detail_type")} ${row.peek("dialplan_xml")}`),
  );

/** Never more than the old system allowed. */
function permission(row: Row, tolls: boolean): string {
  const allowed = (row.text("toll_allow") ?? "").toLowerCase();
  if (!tolls) {
    if (allowed !== "") row.lost("toll_allow", "no outbound route asks for it: calls anywhere, as before");
    return "international";
  }
  const given = allowed.includes("international")
    ? "international"
    : /domestic|national|local/.test(allowed)
      ? "national"
      : "internal";
  row.lost("toll_allow", `may make ${given} calls here`);
  return given;
}

function followMe(domain: Domain, row: Row, number: string): Body {
  const enabled = row.flag("follow_me_enabled", false);
  const uuid = row.text("follow_me_uuid") ?? null;
  const [plan] = domain.rowsOf("v_follow_me", "follow_me_uuid", uuid);
  if (row.text("follow_me_destinations")) row.lost("follow_me_destinations", "is read from v_follow_me_destinations");
  if (plan && plan.flag("follow_me_enabled", enabled) !== enabled)
    plan.lost("follow_me_enabled", "is not what the extension says, which counts");
  if (uuid !== null && !plan) row.lost("follow_me_uuid", "names no follow-me of the dump");
  plan?.carried();
  const destinations = domain.rowsOf("v_follow_me_destinations", "follow_me_uuid", uuid, "follow_me_order");
  const members = destinations
    .map((one) => member(domain, one, "follow_me_destination", "follow_me_delay", "follow_me_timeout"))
    .filter((one) => one !== undefined);
  const others = members.filter((one) => one.extension !== number);
  if (enabled && others.length === members.length && members.length > 0)
    row.lost("follow_me_enabled", "its own phones ring too here");
  const confirm = destinations.filter((one) => Number(one.text("follow_me_prompt") ?? 0) > 0);
  if (confirm.length > 0 && confirm.length < destinations.length)
    plan?.lost("call_prompt", "every number outside is asked to press 1, or none");
  return { enabled, confirm: confirm.length > 0, members: others };
}

/** One that is called with others: an extension or a number outside. A row that is neither is refused. */
export function member(domain: Domain, row: Row, to: string, delay: string, timeout: string): Body | undefined {
  const number = row.peek(to);
  const target = number === undefined ? undefined : domain.target(number);
  const outside = target ? undefined : domain.e164(row, to);
  if (target?.kind !== "extension" && !e164.safeParse(outside).success) {
    row.refused(
      `${number ?? "no number"} is ${target ? `a ${target.kind}` : "neither an extension that was carried nor a phone number"}`,
    );
    return undefined;
  }
  row.text(to);
  row.carried();
  return {
    ...(target ? { extension: target.ref } : { number: outside }),
    delaySeconds: seconds(row, delay, 0, 120, 0),
    ringSeconds: seconds(row, timeout, 5, 120, 30),
  };
}

/** What the console calls the phone, after the one device that FusionPBX has for it. */
function label(domain: Domain, own: string): { label?: string } {
  const lines = domain.rows("v_device_lines").filter((row) => (row.peek("auth_id") ?? row.peek("user_id")) === own);
  const labels = lines.flatMap((row) => {
    const [device] = domain.rowsOf("v_devices", "device_uuid", row.text("device_uuid") ?? null);
    if (!device) return [];
    for (const column of ["user_id", "auth_id"]) if (row.peek(column) === own) row.text(column);
    const same = row.text("password");
    const [mine] = domain.rows("v_extensions").filter((one) => one.peek("extension") === own);
    if (same !== undefined && same !== mine?.peek("password"))
      row.lost("password", "is not the extension's: this phone could not register");
    device.carried();
    row.carried();
    return (
      line(device, "device_label", 64) ??
      [device.text("device_vendor"), device.text("device_model")].filter(Boolean).join(" ")
    );
  });
  const text = [...new Set(labels.filter(Boolean))].join(", ").slice(0, 64);
  return text === "" ? {} : { label: text };
}
