// From a dump of FusionPBX's database to documents that apply takes, and to the report of everything that they don't hold.
import { z } from "zod";
import { kindOf } from "../../core/registry.ts";
import { language, locale, timeZone } from "../../core/resources/locale.ts";
import { domain as domainName } from "../../core/resources/network.ts";
import { blockRules } from "./block-rule.ts";
import { conferences } from "./conference.ts";
import { contacts } from "./contact.ts";
import { type Body, Domain, line, type Settings } from "./domain.ts";
import { DumpError, DumpReader, type Values } from "./dump.ts";
import { extensions } from "./extension.ts";
import { type Finding, Row, type Tally } from "./ledger.ts";
import { mend } from "./mend.ts";
import { menus } from "./menu.ts";
import { outboundRoutes } from "./outbound-route.ts";
import { phoneNumbers } from "./phone-number.ts";
import { prompts } from "./prompt.ts";
import { queues } from "./queue.ts";
import { ringGroups } from "./ring-group.ts";
import { callFlows, timeConditions } from "./schedule.ts";
import { countedReason, isRead } from "./tables.ts";
import { trunk } from "./trunk.ts";
import { voicemailBoxes } from "./voicemail-box.ts";

export type Options = {
  /** How national numbers are read where a domain does not say its country: ISO 3166-1 alpha-2. */
  country: string;
  /** These domains alone; all where it is left out. */
  domains?: string[];
};

export type Imported = {
  /** `document` is what POST /v1/tenants/{tenant}/apply takes; `settings` in it is what POST /v1/tenants takes. */
  tenants: { domain: string; document: Body }[];
  /** What POST /v1/accounts/{account}/apply takes: the gateways that all domains share. Null where there are none. */
  account: Body | null;
  findings: Finding[];
  tallies: Tally[];
};

/** Give it the dump piece by piece with `write`, then call `end`. Both throw DumpError for a dump that can't be read. */
export class Import {
  #options: Options;
  #reader: DumpReader;
  #rows = new Map<string, Row[]>();
  #counted = new Map<string, { table: string; why: string; count: number }>();

  constructor(options: Options) {
    this.#options = options;
    this.#reader = new DumpReader({
      wanted: isRead,
      row: (table, values) => this.row(table, values),
      skipped: (table, why) => this.#count(table, why ?? countedReason(table)),
    });
  }

  write(text: string): void {
    this.#reader.write(text);
  }

  end(): Imported {
    this.#reader.end();
    const domains = this.#rows.get("v_domains") ?? [];
    if (domains.length === 0)
      throw new DumpError("There are no domains in it (table v_domains): is this a dump of FusionPBX's database?");
    return build(this.#rows, [...this.#counted.values()], this.#options);
  }

  /** A row of a table that is read, as `write` finds them. */
  row(table: string, values: Values): void {
    const rows = this.#rows.get(table) ?? [];
    this.#rows.set(table, rows);
    rows.push(new Row(table, values));
  }

  #count(table: string, why: string): undefined {
    const key = `${table} ${why}`;
    const counted = this.#counted.get(key) ?? { table, why, count: 0 };
    counted.count++;
    this.#counted.set(key, counted);
  }
}

type Counted = { table: string; why: string; count: number };
type Rows = Map<string, Row[]>;

function build(rows: Rows, counted: Counted[], options: Options): Imported {
  const owners = ownersOf(rows);
  const shared = rowsOf(rows, owners, null);
  const { account, trunks } = sharedTrunks(shared);
  const findings: Finding[] = counted.map(({ table, why, count }) => ({
    ...{ domain: null, table, uuid: null, name: null, field: null, value: null, reason: why, count },
  }));
  const tenants: Imported["tenants"] = [];
  const [names, numbers] = [new Set<string>(), new Map<string, string>()];
  for (const row of rows.get("v_domains") ?? []) {
    const own = rowsOf(rows, owners, row.uuid);
    const name = row.text("domain_name") ?? "";
    const why = unfit(row, name, names, options);
    if (why) {
      for (const one of [...own.values()].flat()) one.refused(why);
    } else {
      names.add(name.toLowerCase());
      const domain = new Domain(settingsOf(row, name, own, shared, options), own, trunks);
      tenants.push({ domain: domain.settings.domain, document: documentOf(domain, row, numbers) });
    }
    findings.push(...said(own, name));
  }
  refuseShared(shared, owners);
  findings.push(...said(shared, null));
  return { tenants, account, findings: ordered(findings), tallies: tallies(rows, counted) };
}

/** By domain, table, row and field. */
function ordered(findings: Finding[]): Finding[] {
  const keyed = findings.map((finding) => ({
    finding,
    key: [finding.domain ?? "", finding.table, finding.uuid ?? "", finding.field ?? ""].join("\u0000"),
  }));
  return keyed.sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0)).map(({ finding }) => finding);
}

/** Whose each row is: its domain's uuid, its parent's where it names none itself, null where it is nobody's or of a domain that is not in the dump. */
function ownersOf(rows: Rows): Map<Row, string | null> {
  const domains = new Set((rows.get("v_domains") ?? []).map((row) => row.uuid));
  const parents = [
    "dialplan_uuid",
    "ring_group_uuid",
    "ivr_menu_uuid",
    "contact_uuid",
    "follow_me_uuid",
    "device_uuid",
  ];
  const byUuid = new Map([...rows.values()].flat().map((row) => [row.uuid, row]));
  const ownerOf = (row: Row): string | null => {
    const own = row.table === "v_domains" ? row.uuid : row.peek("domain_uuid");
    if (own) return domains.has(own) ? own : null;
    const parent = parents.map((column) => byUuid.get(row.peek(column) ?? "")).find((one) => one && one !== row);
    const inherited = parent?.peek("domain_uuid");
    return inherited && domains.has(inherited) ? inherited : null;
  };
  return new Map([...rows.values()].flat().map((row) => [row, ownerOf(row)]));
}

function rowsOf(rows: Rows, owners: Map<Row, string | null>, owner: string | null): Rows {
  return new Map([...rows].map(([table, all]) => [table, all.filter((row) => owners.get(row) === owner)]));
}

/** Why a whole domain is not carried, if it is not. */
function unfit(row: Row, name: string, names: Set<string>, options: Options): string | undefined {
  const wanted = options.domains?.map((one) => one.toLowerCase());
  if (wanted && !wanted.includes(name.toLowerCase())) return `the domain ${name} was not asked for`;
  if (!z.safeParse(domainName, name).success)
    return `${name} is no domain name, as in acme.example: rename the domain in FusionPBX, then export again`;
  if (names.has(name.toLowerCase())) return `another domain has the name ${name}`;
  if (!row.flag("domain_enabled", true) && !wanted)
    return `the domain ${name} is switched off: name it to carry it all the same`;
  return undefined;
}

function settingsOf(row: Row, name: string, own: Rows, shared: Rows, options: Options): Settings {
  const setting = <T>(what: string, fits: (value: string) => T | undefined, otherwise: T): T => {
    for (const [table, rows] of [["domain_setting", own] as const, ["default_setting", shared] as const])
      for (const one of rows.get(`v_${table}s`) ?? []) {
        const named = [one.peek(`${table}_category`), one.peek(`${table}_subcategory`)].join("/");
        if (named !== `domain/${what}` || !one.flag(`${table}_enabled`, true)) continue;
        const value = fits(one.peek(`${table}_value`) ?? "");
        if (value !== undefined) {
          one.derived();
          return value;
        }
      }
    return otherwise;
  };
  const valid = (schema: z.ZodType, value: string): string | undefined =>
    schema.safeParse(value).success ? value : undefined;
  return {
    name: line(row, "domain_description", 128) ?? name.toLowerCase(),
    domain: name.toLowerCase(),
    country: setting("country", (value) => valid(locale.country, value.toUpperCase()), options.country),
    timeZone: setting("time_zone", (value) => valid(timeZone, value), "UTC"),
    language: setting("language", (value) => canonicalLanguage(value), "en"),
  };
}

function canonicalLanguage(value: string): string | undefined {
  try {
    const [tag] = Intl.getCanonicalLocales(value);
    return language.safeParse(tag).success ? tag : undefined;
  } catch {
    return undefined;
  }
}

/** In order: what claims numbers first has them. */
const mappings = [
  prompts,
  voicemailBoxes,
  extensions,
  ringGroups,
  menus,
  queues,
  conferences,
  timeConditions,
  callFlows,
];

function documentOf(domain: Domain, row: Row, numbers: Map<string, string>): Body {
  row.carried();
  const names = new Set(domain.trunks.values());
  for (const gateway of domain.rows("v_gateways")) {
    const body = trunk(gateway, (wanted) =>
      domain.fresh("trunk", names.has(wanted) ? `${wanted.slice(0, 50)} (own)` : wanted),
    );
    if (!body) continue;
    domain.add("trunk", body, gateway);
    if (gateway.uuid) domain.trunks.set(gateway.uuid, String(body.name));
  }
  domain.alias("*411", { kind: "directory", ref: "Directory" });
  const makers = mappings.map((mapping) => mapping(domain));
  for (const make of [
    ...makers,
    contacts(domain),
    blockRules(domain),
    outboundRoutes(domain),
    phoneNumbers(domain, numbers),
  ])
    make();
  if (domain.items.some((item) => JSON.stringify(item.body).includes('"kind":"directory"')))
    domain.addAside("directory", { name: "Directory" }, row);
  dialplans(domain);
  mend(domain, names);
  const { name, ...rest } = domain.settings;
  const document: Body = { settings: { name, ...rest } };
  for (const { kind, body } of domain.items) {
    const { plural } = kindOf(kind);
    document[plural] = [...((document[plural] as Body[] | undefined) ?? []), body];
  }
  return document;
}

/** Dialplan entries that FusionPBX made from other rows go with them; the rest is its own features, or somebody's own work. */
function dialplans(domain: Domain): void {
  const makers = [
    "v_ring_groups",
    "v_ivr_menus",
    "v_call_center_queues",
    "v_conferences",
    "v_call_flows",
    "v_destinations",
    "v_fifo",
    "v_fax",
    "v_conference_centers",
  ];
  const made = new Map(makers.flatMap((table) => domain.rows(table)).map((row) => [row.peek("dialplan_uuid"), row]));
  for (const row of domain.rows("v_dialplans")) {
    const details = domain.rowsOf("v_dialplan_details", "dialplan_uuid", row.uuid);
    const maker = made.get(row.uuid ?? "");
    for (const one of [row, ...details]) {
      if (maker?.isCarried) {
        if (!one.flag(one === row ? "dialplan_enabled" : "dialplan_detail_enabled", true))
          one.lost(
            one === row ? "dialplan_enabled" : "dialplan_detail_enabled",
            `was switched off, its ${maker.table} ${maker.uuid} is not`,
          );
        one.derived();
      } else if (maker) one.refused(`made from ${maker.table} ${maker.uuid}, which was not carried`);
      else if (!row.isCarried) one.refused(dialplanReason(row));
    }
  }
}

function dialplanReason(row: Row): string {
  const app = row.peek("app_uuid");
  if (app === "c03b422e-13a8-bd1b-e42b-b6b9b4d27ce4")
    return "an inbound route without a destination: create the phone number by hand";
  if (app === undefined || app === "742714e5-8cdf-32fd-462c-cbe7e3d655db")
    return "a dialplan entry of your own: build it from resources";
  return "a feature of FusionPBX's own: see the feature codes";
}

function sharedTrunks(shared: Rows): { account: Body | null; trunks: Map<string, string> } {
  const [trunks, names, bodies] = [new Map<string, string>(), new Set<string>(), [] as Body[]];
  const fresh = (wanted: string): string => {
    let name = wanted;
    for (let turn = 2; names.has(name); turn++) name = `${wanted.slice(0, 58)} (${turn})`;
    names.add(name);
    return name;
  };
  for (const row of shared.get("v_gateways") ?? []) {
    // a gateway of a domain that is not in the dump is nobody's
    const body = row.peek("domain_uuid") ? undefined : trunk(row, fresh);
    if (!body) continue;
    row.carried();
    bodies.push(body);
    if (row.uuid) trunks.set(row.uuid, String(body.name));
  }
  return { account: bodies.length > 0 ? { trunks: bodies } : null, trunks };
}

function refuseShared(shared: Rows, owners: Map<Row, string | null>): void {
  for (const [table, rows] of shared)
    for (const row of rows) {
      const domain = row.peek("domain_uuid");
      if (domain && owners.get(row) === null) row.refused(`its domain ${domain} is not in the dump`);
      else if (table === "v_dialplans") row.refused(dialplanReason(row));
      else if (table === "v_call_block" || table === "v_destinations" || table === "v_contacts")
        row.refused("holds for every domain: give it to the tenants that need it");
    }
}

const said = (rows: Rows, domain: string | null): Finding[] =>
  [...rows.values()].flat().flatMap((row) => row.findings().map((finding) => ({ domain, ...finding })));

function tallies(rows: Rows, counted: Counted[]): Tally[] {
  const found = new Map<string, Tally>();
  const of = (table: string): Tally => {
    const tally = found.get(table) ?? { table, rows: 0, carried: 0 };
    found.set(table, tally);
    return tally;
  };
  for (const row of [...rows.values()].flat()) {
    of(row.table).rows++;
    if (row.isCarried) of(row.table).carried++;
  }
  for (const { table, count } of counted) of(table).rows += count;
  return [...found.values()].sort((a, b) => (a.table < b.table ? -1 : 1));
}
