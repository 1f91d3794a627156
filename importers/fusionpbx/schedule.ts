// Time conditions and call flows as schedules. A time condition is a list of groups, each with its times and where they lead, and what holds otherwise; here it is
// a schedule, or a chain of them where groups lead to different places, each one's `closed` leading to the next.
import type { Destination } from "../../core/resources/destination.ts";
import { destinationOf } from "./destination.ts";
import type { Body, Domain } from "./domain.ts";
import type { Row } from "./ledger.ts";
import { contextOf } from "./ring-group.ts";
import { type Holiday, type Hours, holidaysOf, hoursOf, type Times } from "./times.ts";

const timeConditionApp = "4b821450-926b-175a-af93-a03c441818b1";

type Declared = { row: Row; name: string; extensionNumber: string | null };
type Link = { hours: Hours[]; open: Destination | null; holidays: (Holiday & { destination: Destination })[] };

export function timeConditions(domain: Domain): () => void {
  const declared: Declared[] = domain.rows("v_dialplans").flatMap((row) => {
    if (row.peek("app_uuid") !== timeConditionApp) return [];
    if (!row.flag("dialplan_enabled", true)) {
      row.refused("the time condition is switched off");
      return [];
    }
    const name = domain.name("schedule", row, "dialplan_name", `Schedule ${row.peek("dialplan_number") ?? ""}`.trim());
    return [{ row, name, extensionNumber: domain.claim(row, "dialplan_number", { kind: "schedule", ref: name }) }];
  });
  return () => {
    for (const one of declared) timeCondition(domain, one);
  };
}

function timeCondition(domain: Domain, { row, name, extensionNumber }: Declared): void {
  contextOf(domain, row, "dialplan_context");
  const details = domain
    .rowsOf("v_dialplan_details", "dialplan_uuid", row.uuid, "dialplan_detail_order")
    .filter((one) => {
      const on = one.flag("dialplan_detail_enabled", true);
      if (!on) one.refused("is switched off");
      return on;
    });
  const groups = Map.groupBy(details, (one) => Number(one.text("dialplan_detail_group") ?? 0));
  let timeZone: string | null = null;
  let otherwise: Destination | null = null;
  const links: Link[] = [];
  for (const [, group] of [...groups].sort(([a], [b]) => a - b)) {
    const read = groupOf(domain, row, group);
    timeZone = read.timeZone ?? timeZone;
    if (!read.to) continue;
    if (read.times.length === 0) {
      otherwise ??= read.to;
      continue;
    }
    const link = linkOf(read.times, read.to);
    if (typeof link === "string") for (const one of group) one.refused(`these times have no counterpart: ${link}`);
    else append(links, link);
  }
  if (links.length === 0) links.push({ hours: [], open: null, holidays: [] });
  const names = links.map((_, index) =>
    index === 0 ? name : domain.fresh("schedule", `${name.slice(0, 56)} ${index + 1}`),
  );
  for (const [index, link] of links.entries()) {
    const next = names[index + 1];
    const body: Body = {
      name: names[index],
      extensionNumber: index === 0 ? extensionNumber : null,
      timeZone,
      hours: link.hours,
      holidays: link.holidays,
      open: link.open,
      closed: next === undefined ? otherwise : { kind: "schedule", ref: next },
    };
    domain.add("schedule", body, row, ...details.filter((one) => one.isCarried));
  }
}

type Group = { times: Times; to: Destination | undefined; timeZone: string | undefined };

function groupOf(domain: Domain, row: Row, group: Row[]): Group {
  const result: Group = { times: [], to: undefined, timeZone: undefined };
  for (const one of group) {
    const [tag, type, data] = ["tag", "type", "data"].map((part) => one.text(`dialplan_detail_${part}`) ?? "") as [
      string,
      string,
      string,
    ];
    one.text("dialplan_detail_order");
    one.carried();
    if (tag === "condition" && type === "destination_number") continue;
    if (tag === "condition") result.times.push({ field: type, value: data });
    else if (type === "set" && data.startsWith("timezone=")) result.timeZone = data.slice("timezone=".length);
    else if (type === "set" && data.startsWith("preset=")) continue;
    else if (result.to) one.refused("comes after the call has gone on");
    else {
      const found = destinationOf(domain, type, data, row);
      if ("to" in found) result.to = found.to;
      else one.refused(found.why);
    }
  }
  if (!result.to && result.times.length > 0)
    for (const one of group)
      if (one.peek("dialplan_detail_tag") === "condition") one.refused("these times lead nowhere");
  return result;
}

/** The times as hours or as holidays, or why they are neither. */
function linkOf(times: Times, to: Destination): Link | string {
  const hours = hoursOf(times);
  if (hours) return { hours, open: to, holidays: [] };
  const holidays = holidaysOf(times);
  if (typeof holidays === "string") return holidays;
  return { hours: [], open: null, holidays: holidays.map((day) => ({ ...day, destination: to })) };
}

/** Joins a link to the last one where the two say the same together as one after the other: holidays come before hours in a schedule. */
function append(links: Link[], link: Link): void {
  const last = links.at(-1);
  const same = JSON.stringify(last?.open) === JSON.stringify(link.open);
  if (last && link.holidays.length > 0 && last.hours.length === 0) last.holidays.push(...link.holidays);
  else if (last && link.hours.length > 0 && (last.hours.length === 0 || same)) {
    last.hours.push(...link.hours);
    last.open = link.open;
  } else links.push(link);
}

const always = [{ days: ["sun", "mon", "tue", "wed", "thu", "fri", "sat"], from: "00:00", to: "24:00" }];

/** A call flow is a switch between two destinations: a schedule that is always open, or never, until somebody overrides it. */
export function callFlows(domain: Domain): () => void {
  const declared: Declared[] = domain.rows("v_call_flows").flatMap((row) => {
    if (!row.flag("call_flow_enabled", true)) {
      row.refused("the call flow is switched off");
      return [];
    }
    const name = domain.name(
      "schedule",
      row,
      "call_flow_name",
      `Call flow ${row.peek("call_flow_extension") ?? ""}`.trim(),
    );
    return [{ row, name, extensionNumber: domain.claim(row, "call_flow_extension", { kind: "schedule", ref: name }) }];
  });
  return () => {
    for (const { row, name, extensionNumber } of declared) {
      contextOf(domain, row, "call_flow_context");
      const on = row.flag("call_flow_status", true);
      if (row.text("call_flow_feature_code"))
        row.lost(
          "call_flow_feature_code",
          `the switch is dialled as the code of schedule-override and ${extensionNumber ?? "a number: give it one"}`,
        );
      domain.add(
        "schedule",
        {
          name,
          extensionNumber,
          hours: on ? always : [],
          open: flowTo(domain, row, "call_flow"),
          closed: flowTo(domain, row, "call_flow_alternate"),
        },
        row,
      );
    }
  };
}

function flowTo(domain: Domain, row: Row, stem: string): Destination | null {
  const [app, data] = [row.text(`${stem}_app`), row.text(`${stem}_data`)];
  if (app === undefined) return null;
  const found = destinationOf(domain, app, data ?? "", row);
  if ("to" in found) return found.to;
  row.lost(`${stem}_data`, found.why);
  return null;
}
