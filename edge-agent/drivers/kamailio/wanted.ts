// Which rows a change touches, and all that a document wants: each with the resource that is told of where a row does not take.
import { idOf, isTenant, type Owner } from "../../../core/owner.ts";
import type { Documents } from "../../documents.ts";
import type { Change } from "../../driver.ts";
import { normalAddress } from "../../names.ts";
import * as Rows from "./rows.ts";
import type { Tables } from "./tables.ts";

/** `owner`: in whose document it stands; "": in several or none. */
export type Wanted = Rows.Row & { owner: Owner | ""; for: { kind: string; id: string } };
/** A phone whose registration ends. */
export type Ended = { domain: string; username: string; for: Wanted["for"] };

type State = { documents: Documents; placed: Rows.Placed; tables: Pick<Tables, "of"> };

/** What the changes touch. `documents` already hold them. */
export function wantedBy(owner: Owner, changes: readonly Change[], state: State): Wanted[] {
  const kinds = new Set(changes.map(({ kind }) => kind));
  const settings = changes.find(({ kind }) => kind === "tenant");
  // domain and country are in most of its rows
  if (settings)
    return [
      ...tenantRows(owner, state, settings),
      ...changes.flatMap((change) => trunkRows(change, state)),
      ...(movesCountry(settings) ? allCarriers(state.documents) : []),
    ];
  const touched = changes.flatMap((change) => rowsOf(owner, change, state));
  const limited = ["limits", "plan", "placement"].filter((kind) => kinds.has(kind));
  if (limited.length > 0)
    touched.push(...tenantsBelow(owner, state.documents).flatMap((one) => settingsRow(one, state)));
  if (changes.some((change) => change.kind === "account" && movesCountry(change)))
    touched.push(...allCarriers(state.documents));
  return touched;
}

/** By it its trunks' numbers are read. Of a document that comes or goes as a whole, the trunks do too. */
const movesCountry = ({ before, after }: Change): boolean =>
  before !== undefined && after !== undefined && before.country !== after.country;

function rowsOf(owner: Owner, change: Change, state: State): Wanted[] {
  const { documents } = state;
  const about = { kind: change.kind, id: change.id };
  const bodies = [change.before, change.after];
  if (change.kind === "trunk") return trunkRows(change, state);
  if (change.kind === "phone-number")
    return distinct(bodies.map((body) => body?.number)).flatMap((e164) => numberRows(documents, e164, about));
  const domain = documents.config(owner)?.settings.domain;
  if (change.kind !== "extension" || domain === undefined) return [];
  return distinct(bodies.flatMap(usernames)).map((username) => ({
    ...Rows.credential(documents, domain, username),
    owner,
    for: about,
  }));
}

/** Everything of the tenant: what its document wants, and without a value what stands for it and is no longer wanted. */
export function tenantRows(owner: Owner, state: State, change?: Change): Wanted[] {
  const about = { kind: "tenant", id: idOf(owner) };
  const wanted = new Map<string, Wanted>();
  const before = change?.before?.domain;
  for (const { table, key } of state.tables.of(owner))
    wanted.set(`${table} ${key}`, { table, key, value: undefined, owner, for: about });
  if (typeof before === "string")
    wanted.set(`tenant ${before}`, { table: "tenant", key: before, value: undefined, owner, for: about });
  for (const row of documentRows(owner, state)) wanted.set(`${row.table} ${row.key}`, row);
  return [...wanted.values()];
}

function documentRows(owner: Owner, state: State): Wanted[] {
  const { documents } = state;
  const config = documents.config(owner);
  if (!config) return [];
  const { domain } = config.settings;
  const credentials = config.list("extension").flatMap(({ id, body }) =>
    body.devices.map(({ username }) => ({
      ...Rows.credential(documents, domain, username),
      owner,
      for: { kind: "extension", id },
    })),
  );
  const numbers = config
    .list("phone-number")
    .flatMap(({ id, body }) => numberRows(documents, body.number, { kind: "phone-number", id }));
  return [...settingsRow(owner, state), ...credentials, ...numbers];
}

/** The tenant's own row, which says where its home is. */
export function settingsRow(owner: Owner, { documents, placed }: State): Wanted[] {
  const domain = documents.config(owner)?.settings.domain;
  const about = { kind: "tenant", id: idOf(owner) };
  return domain === undefined ? [] : [{ ...Rows.tenant(documents, placed, domain), owner, for: about }];
}

function numberRows(documents: Documents, e164: string, about: Wanted["for"]): Wanted[] {
  const owner = documents.tenantByNumber(e164) ?? "";
  return Rows.number(documents, e164).map((row) => ({ ...row, owner, for: about }));
}

function trunkRows({ kind, id, before, after }: Change, { documents }: State): Wanted[] {
  if (kind !== "trunk") return [];
  const about = { kind, id };
  const addresses = distinct(
    [before, after].flatMap((body) => (body ? [body.host, ...listOf(body.inboundAddresses)] : [])),
  );
  const single = addresses.filter((address) => !address.includes("/")).map(normalAddress);
  const rows = single.map((address) => ({ ...Rows.carrier(documents, address), owner: "" as const, for: about }));
  return single.length < addresses.length ? [...rows, ...networkRows(documents, about)] : rows;
}

/** Lists that were and are no more have no value. */
function networkRows(documents: Documents, about: Wanted["for"]): Wanted[] {
  const now = Rows.networks(documents);
  const end = now.length / 2 + 1;
  const gone = [`networks#${end}`, `country#${end}`].map(
    (key): Rows.Row => ({ table: "carrier", key, value: undefined }),
  );
  return [...now, ...gone].map((row) => ({ ...row, owner: "", for: about }));
}

/** Every address from which calls of trunks come. */
export function allCarriers(documents: Documents): Wanted[] {
  const about = { kind: "trunk", id: "" };
  const addresses = documents.trunks().flatMap(({ body }) => [body.host, ...body.inboundAddresses]);
  const single = distinct(addresses.filter((address) => !address.includes("/")).map(normalAddress));
  const rows = single.map((address): Wanted => ({ ...Rows.carrier(documents, address), owner: "", for: about }));
  return [...rows.filter(({ value }) => value !== undefined), ...networkRows(documents, about)];
}

const tenantsBelow = (owner: Owner, documents: Documents): Owner[] =>
  isTenant(owner)
    ? [owner]
    : documents.domains().flatMap((domain) => {
        const tenant = documents.tenantByDomain(domain);
        return tenant && documents.ancestors(tenant).includes(owner) ? [tenant] : [];
      });

/** Every tenant that this edge holds. */
export const tenantsOf = (documents: Documents): Owner[] =>
  documents.domains().flatMap((domain) => documents.tenantByDomain(domain) ?? []);

/** The phones that may no longer be registered as they are: their device is gone or disabled, has another password, or its domain is another. */
export function endedBy(owner: Owner, changes: readonly Change[], documents: Documents): Ended[] {
  const config = documents.config(owner);
  const settings = changes.find(({ kind }) => kind === "tenant");
  const was = settings?.before?.domain;
  const domain = typeof was === "string" ? was : config?.settings.domain;
  if (domain === undefined) return [];
  const moved = config?.settings.domain !== domain;
  const changed = changes.filter(({ kind }) => kind === "extension");
  const known = new Set(changed.map(({ id }) => id));
  const others = (moved ? (config?.list("extension") ?? []) : []).filter(({ id }) => !known.has(id));
  return [
    ...changed.flatMap(({ id, before, after }) =>
      usernames(before)
        .filter((username) => moved || passwordOf(before, username) !== passwordOf(after, username))
        .map((username) => ({ domain, username, for: { kind: "extension", id } })),
    ),
    ...others.flatMap(({ id, body }) =>
      usernames(body).map((username) => ({ domain, username, for: { kind: "extension", id } })),
    ),
  ];
}

const devicesOf = (body: Record<string, unknown> | undefined): Record<string, unknown>[] =>
  Array.isArray(body?.devices) ? body.devices : [];
const usernames = (body: Record<string, unknown> | undefined): string[] =>
  distinct(devicesOf(body).map(({ username }) => username));

/** Its secret's name, as long as it may register with it. */
function passwordOf(body: Record<string, unknown> | undefined, username: unknown): string | undefined {
  const device = devicesOf(body).find((one) => one.username === username);
  return device && body?.enabled !== false ? JSON.stringify(device.password) : undefined;
}

const listOf = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);
const distinct = (values: unknown[]): string[] => [...new Set(values.filter((value) => typeof value === "string"))];
