// Where a phone is dialled: at its registration here, or through the Kamailio host that knows it.
import { isIP } from "node:net";
import { token } from "./inert.ts";

/** Where a host of the pool listens for the others. */
export type Host = { address: string; port: number };

/** The part of a dial string that calls a phone. `through`: the Kamailio host that the INVITE goes to; its own INVITEs are for the address of record. */
export function phone(username: string, domain: string, through: Host | undefined): string {
  if (through === undefined) return `sofia/phones/${token(username)}%${token(domain)}`;
  // in brackets, or `lr` becomes a parameter of the header and not of the URI
  return `sofia/front/sip:${token(username)}@${token(domain)};fs_path=${encodeURIComponent(`<${hop(through)}>`)}`;
}

/** A Route to the host. */
export function hop({ address, port }: Host): string {
  if (isIP(address) === 0) throw new Error(`no address: ${address}`);
  return `sip:${address.includes(":") ? `[${address}]` : address}:${port};lr`;
}
