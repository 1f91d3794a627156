// What Kamailio's hash tables say of each document: pure, from the agent's state. conf/kamailio.cfg reads these values field by field.
import { parsePhoneNumberFromString } from "libphonenumber-js/min";
import { boundsOn } from "../../../core/limits.ts";
import { idOf, type Owner } from "../../../core/owner.ts";
import { emergencyNumbers } from "../../../core/routing/emergency.ts";
import { boundsFor } from "../../../core/routing/limits.ts";
import { carrierReadings, format } from "../../../core/routing/number.ts";
import type { Documents } from "../../documents.ts";
import { asKamailioHas } from "./address.ts";

export type Table = "cred" | "tenant" | "did" | "carrier" | "peer";
/** Without a value it is not to be there. */
export type Row = { table: Table; key: string; value: string | undefined };

/** The dispatcher sets of a tenant's home and standby; 0: none. */
export type Placed = (owner: Owner) => { home: number; standby: number };

/** `user@domain` => `HA1;enabled`. A disabled extension's phone may call, for its home to let it reach the emergency services alone. */
export function credential(documents: Documents, domain: string, username: string): Row {
  const key = `${username}@${domain}`;
  const owner = documents.tenantByDomain(domain);
  const found = owner && documents.device(owner, username);
  const password = found?.device.password;
  const ha1 = typeof password === "object" ? documents.secret(password.secret) : undefined;
  const good = ha1 !== undefined && /^[0-9a-f]{32}$/.test(ha1);
  return { table: "cred", key, value: found && good ? `${ha1};${found.extension.body.enabled ? 1 : 0}` : undefined };
}

/** `domain` => `tenant;home;standby;emergency numbers;calls a second`: the tightest limit of each scope, as in `T#ten_…=10,A#acc_…=50`. */
export function tenant(documents: Documents, placed: Placed, domain: string): Row {
  const owner = documents.tenantByDomain(domain);
  const config = owner && documents.config(owner);
  if (!owner || !config) return { table: "tenant", key: domain, value: undefined };
  const { home, standby } = placed(owner);
  const limits = new Map<Owner, number>();
  for (const { bound, value } of boundsOn(boundsFor(config), "callsPerSecond"))
    limits.set(bound.scope, Math.min(value, limits.get(bound.scope) ?? value));
  const fields = [
    idOf(owner),
    home,
    standby,
    emergencyNumbers(config.settings.country).join(","),
    [...limits].map(([scope, limit]) => `${scope}=${limit}`).join(","),
  ];
  return { table: "tenant", key: domain, value: fields.join(";") };
}

/** A phone number, in E.164 and as a carrier of its own country may write it (`US:5550100`) => its tenant's domain. */
export function number(documents: Documents, e164: string): Row[] {
  const owner = documents.tenantByNumber(e164);
  const value = owner && documents.config(owner)?.settings.domain;
  const parsed = parsePhoneNumberFromString(e164);
  const country = parsed?.country;
  const national = country
    ? [parsed.nationalNumber, format(e164, "national")].filter((digits) =>
        carrierReadings(digits, country).includes(e164),
      )
    : [];
  const keys = [e164, ...new Set(national.map((digits) => `${country}:${digits}`))];
  return keys.map((key) => ({ table: "did", key, value }));
}

/** An address from which a trunk's calls come => the country by which its numbers are read. */
export function carrier(documents: Documents, address: string): Row {
  const [trunk] = documents.trunksByAddress(address);
  return { table: "carrier", key: asKamailioHas(address), value: trunk && documents.country(trunk.owner) };
}

/** Networks from which trunks' calls come, in lists for one country each: `networks#1` => `192.0.2.0/24,…`, `country#1` => `US`. */
export function networks(documents: Documents): Row[] {
  const byCountry = new Map<string, Set<string>>();
  for (const { owner, body } of documents.trunks()) {
    if (!body.enabled) continue;
    const country = documents.country(owner);
    const known = byCountry.get(country) ?? new Set<string>();
    byCountry.set(country, known);
    for (const address of body.inboundAddresses) if (address.includes("/")) known.add(address);
  }
  const lists = [...byCountry].flatMap(([country, all]) => chunks([...all].sort()).map((list) => ({ country, list })));
  return lists.flatMap(({ country, list }, index): Row[] => [
    { table: "carrier", key: `networks#${index + 1}`, value: list.join(",") },
    { table: "carrier", key: `country#${index + 1}`, value: country },
  ]);
}

/** Kamailio reads a list from its beginning. */
const listed = 50;

const chunks = (all: string[]): string[][] =>
  Array.from({ length: Math.ceil(all.length / listed) }, (_, index) => all.slice(index * listed, (index + 1) * listed));

export const isNetworkRow = (key: string): boolean => key.startsWith("networks#") || key.startsWith("country#");
