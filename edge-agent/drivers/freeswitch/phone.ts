// Where a phone is dialled: at its registration here, or through the Kamailio host that knows it.
import { isIP } from "node:net";
import { token } from "./inert.ts";

/** Where a host of the pool listens for the others. */
export type Host = { address: string; port: number };

/** The part of a dial string that calls a phone. `through`: the Kamailio host that the INVITE goes to; its own INVITEs are for the address of record. */
export function phone(username: string, domain: string, through: Host | undefined): string {
  if (through === undefined) return `sofia/phones/${token(username)}%${token(domain)}`;
  return `sofia/front/sip:${token(username)}@${token(domain)};fs_path=${path(through)}`;
}

/** As mod_sofia decodes it (sofia_glue.c, sofia_glue_get_destination). */
export function path({ address, port }: Host): string {
  if (isIP(address) === 0) throw new Error(`no address: ${address}`);
  const host = address.includes(":") ? `[${address}]` : address;
  return encodeURIComponent(`<sip:${host}:${port};lr>`);
}
