// FreeSWITCH behind the pool's Kamailio hosts: whom its profile `front` believes, and who a phone is that one of them hands over. The roster decides at
// each lookup, so that nothing of FreeSWITCH's own is changed when a host comes or goes.
import { isIP } from "node:net";
import { idOf, type Owner, tenantOwner } from "../../../core/owner.ts";
import type { Roster } from "../../../core/wire.ts";
import type { Documents } from "../../documents.ts";
import { normalAddress } from "../../names.ts";
import type { Fields } from "./fields.ts";
import { token } from "./inert.ts";
import type { Host } from "./phone.ts";
import { untold, variables } from "./variables.ts";

export type Front = {
  /** Whether phones register with Kamailio hosts of the pool, and none here. */
  readonly inUse: boolean;
  /** Whether it is a Kamailio host of the pool. */
  trusts(address: string | undefined): boolean;
  /** The Kamailio host through which phones are reached; undefined: they are registered here. */
  readonly through: Host | undefined;
};

export const noFront: Front = { inUse: false, trusts: () => false, through: undefined };

/** What a Kamailio host says of whom it hands over. It strips these where they come from outside. */
export const asserted = ["X-DP-Tenant", "X-DP-Device", "X-DP-Carrier"] as const;
export const headers = [...asserted, "X-DP-Source"] as const;
const said = (fields: Fields, name: (typeof asserted)[number]): string | undefined =>
  fields.get(`variable_sip_h_${name}`);

type Known = Host & { state: Roster["hosts"][number]["state"] };

/** `roster`: the pool's hosts as they are known now. `answers`: whether a host answered of late, as far as one knows. */
export function createFront(roster: () => Roster | undefined, answers: (host: Host) => boolean = () => true): Front {
  let read: { from: Roster | undefined; hosts: Known[]; addresses: Set<string> } | undefined;

  function now() {
    const from = roster();
    if (read?.from === from && read) return read;
    const hosts = kamailios(from);
    read = { from, hosts, addresses: new Set(hosts.map(({ address }) => normalAddress(address))) };
    return read;
  }

  return {
    get inUse() {
      return now().hosts.length > 0;
    },
    trusts: (address) => address !== undefined && now().addresses.has(normalAddress(address)),
    get through() {
      const { hosts } = now();
      const best = (list: Known[]) => list.find(answers) ?? list[0];
      return best(hosts.filter(({ state }) => state === "up")) ?? best(hosts);
    },
  };
}

/** By their slots: every host of the pool prefers the same one. */
export const kamailios = (roster: Roster | undefined): Known[] =>
  [...(roster?.hosts ?? [])]
    .sort((a, b) => a.slot - b.slot)
    .flatMap(({ engine, front, state }) =>
      engine === "kamailio" && front && isIP(front.address) > 0 ? [{ ...front, state }] : [],
    );

const isOfFront = (fields: Fields, front: Front): boolean =>
  fields.get("variable_sofia_profile_name") === "front" && front.trusts(fields.get("variable_sip_network_ip"));

/** The address that a carrier called from; undefined for what is no carrier's call. */
export function carrierOf(fields: Fields, front: Front): string | undefined {
  const profile = fields.get("variable_sofia_profile_name");
  if (profile === "carriers") return fields.get("variable_sip_network_ip");
  return isOfFront(fields, front) && said(fields, "X-DP-Device") === undefined
    ? said(fields, "X-DP-Carrier")
    : undefined;
}

/** The tenant and device that a Kamailio host names; undefined where it names none that there is. */
export function deviceOf(
  tenant: string | undefined,
  username: string | undefined,
  documents: Pick<Documents, "config" | "device">,
): { owner: Owner; domain: string; username: string; extension: string } | undefined {
  if (tenant === undefined || username === undefined || !/^ten_\w{1,32}$/.test(tenant)) return undefined;
  const owner = tenantOwner(tenant);
  const domain = documents.config(owner)?.settings.domain;
  const found = domain === undefined ? undefined : documents.device(owner, username);
  if (domain === undefined || !found) return undefined;
  return { owner, domain, username, extension: found.extension.id };
}

/** Whether a SUBSCRIBE's directory lookup is of the device that a Kamailio host says has authenticated. */
export function isSubscriber(fields: Fields, owner: Owner, front: Front): boolean {
  const method = fields.get("sip_auth_method");
  if (method !== "SUBSCRIBE" || !front.trusts(fields.get("ip"))) return false;
  return fields.get("X-DP-Tenant") === idOf(owner) && fields.get("X-DP-Device") === fields.get("user");
}

/** A lookup for a phone's new leg at `front`, as it would be had the phone authenticated at `phones`; undefined for anybody else. */
export function asPhone(fields: Fields, documents: Documents, front: Front): Fields | undefined {
  if (!isOfFront(fields, front) || said(fields, "X-DP-Carrier") !== undefined) return undefined;
  const device = deviceOf(said(fields, "X-DP-Tenant"), said(fields, "X-DP-Device"), documents);
  if (!device) return undefined;
  const { owner, domain, username, extension } = device;
  return new Map([
    ...fields,
    ["Caller-Context", domain],
    ["variable_sip_auth_username", username],
    ["variable_sip_auth_realm", domain],
    ["variable_domain_name", domain],
    [`variable_${variables.tenant}`, idOf(owner)],
    [`variable_${variables.fromExtension}`, extension],
  ]);
}

/** What the leg is told of itself, for all lookups and records that follow: what FreeSWITCH and the directory say of one that authenticated. */
export function ofPhone(fields: Fields): Record<string, string> {
  const names = ["sip_auth_username", "sip_auth_realm", "domain_name", variables.fromExtension];
  const told = names.map((name) => [name, token(fields.get(`variable_${name}`) ?? "")] as const);
  return { ...Object.fromEntries(told), ...untold };
}
