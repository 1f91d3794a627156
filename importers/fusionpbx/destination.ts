// Where FusionPBX sends a call, as a destination here: an application with its data, `transfer` and `1001 XML acme.example` for one.
import type { Destination } from "../../core/resources/destination.ts";
import { type Domain, phoneNumber } from "./domain.ts";
import type { Row } from "./ledger.ts";

/** A destination, or the reason why there is none. */
export type Found = { to: Destination } | { why: string };

/** What an action leads to. An announcement is made for a recording that is played, `row` being where it says so. */
export function destinationOf(domain: Domain, app: string, data: string, row: Row): Found {
  switch (app) {
    case "transfer":
      return transferTo(domain, data);
    case "hangup":
      return { to: { kind: "hangup", cause: causes[data.trim().toUpperCase()] ?? "unavailable" } };
    case "playback":
      return recording(domain, data, row);
    case "lua": {
      const file = /^\s*streamfile\.lua\s+(.+)$/.exec(data)?.[1];
      return file ? recording(domain, file.trim(), row) : { why: "a Lua script" };
    }
    case "bridge":
      return bridgeTo(domain, data);
    case "voicemail": {
      const box = /(\d+)\s*$/.exec(data)?.[1];
      return box ? inside(domain, `*99${box}`) : { why: "names no voicemail box" };
    }
    default:
      return { why: `the application ${app.slice(0, 40)} has no place here` };
  }
}

/** The same of `app` and `data` in two columns, or both in one as `app:data`. Null where there is none; why not is in the ledger. */
export function action(domain: Domain, row: Row, appColumn: string | null, dataColumn: string): Destination | null {
  const data = row.text(dataColumn);
  const app = appColumn === null ? undefined : row.text(appColumn);
  if (app === undefined && data === undefined) return null;
  const [first = "", ...rest] = app === undefined ? (data ?? "").split(":") : [app, data ?? ""];
  const found = destinationOf(domain, first, rest.join(":"), row);
  if ("to" in found) return found.to;
  row.lost(dataColumn, found.why);
  return null;
}

/** Where dialling `number` from one of the domain's phones leads. */
export function dialled(domain: Domain, number: string): Found {
  const found = inside(domain, number);
  if ("to" in found) return found;
  const outside = phoneNumber(number, domain.settings.country);
  return outside ? { to: { kind: "outside-number", number: outside } } : found;
}

/** As `dialled`, of a column. Null where there is none; why not is in the ledger. */
export function dialledIn(domain: Domain, row: Row, column: string): Destination | null {
  const number = row.text(column);
  if (number === undefined) return null;
  const found = dialled(domain, number);
  if ("to" in found) return found.to;
  row.lost(column, found.why);
  return null;
}

const causes: Record<string, "rejected" | "busy" | "not-found" | "unavailable"> = {
  USER_BUSY: "busy",
  CALL_REJECTED: "rejected",
  UNALLOCATED_NUMBER: "not-found",
  NO_ROUTE_DESTINATION: "not-found",
};

function inside(domain: Domain, number: string): Found {
  const target = domain.target(number);
  return target ? { to: target } : { why: `nothing that was carried has the number ${number.slice(0, 40)}` };
}

function transferTo(domain: Domain, data: string): Found {
  const [number = "", dialplan = "XML", context = domain.settings.domain] = data.trim().split(/\s+/);
  if (dialplan.toUpperCase() !== "XML") return { why: "no transfer to a number" };
  const own = [domain.settings.domain, "${domain_name}", "${context}", "default", "public"];
  if (!own.includes(context.toLowerCase())) return { why: `a transfer into ${context.slice(0, 80)}` };
  return dialled(domain, number);
}

function bridgeTo(domain: Domain, data: string): Found {
  const user = /^(?:\[[^\]]*\]|\{[^}]*\})*user\/([^@\s]+)@(\S+)$/.exec(data);
  if (user) return transferTo(domain, `${user[1]} XML ${user[2]}`);
  return { why: "a dial string for FreeSWITCH" };
}

function recording(domain: Domain, file: string, row: Row): Found {
  const prompt = domain.promptOf(file);
  if (prompt === undefined) return { why: "plays what is none of the domain's recordings" };
  const made = domain.items.find((item) => item.kind === "announcement" && item.body.prompt === prompt);
  if (made) return { to: { kind: "announcement", ref: String(made.body.name) } };
  const name = domain.fresh("announcement", prompt);
  domain.addAside("announcement", { name, prompt }, row);
  return { to: { kind: "announcement", ref: name } };
}
