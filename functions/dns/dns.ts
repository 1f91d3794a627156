// The DNS zone that the control plane may write in: hosts' own names, and the records by which they prove names to a CA.

export type RecordType = "A" | "AAAA" | "TXT";

/** A provider of DNS. Names are absolute, without a dot at the end; a TXT record's values are as they are read, without quotes. */
export interface Dns {
  /** The record has these values and no others from now on; without any it is gone. Resolves with a token to ask `isVisible` by. */
  put(name: string, type: RecordType, values: readonly string[]): Promise<string>;
  /** Whether every server of the zone has what a `put` set. */
  isVisible(change: string): Promise<boolean>;
}

export type Zone = {
  /** `sip.example.com`; hosts are `<label>.hosts.sip.example.com`. */
  name: string;
  /** The directory of the CA whose certificates hosts get (RFC 8555). */
  directory: string;
  dns: Dns;
  /** Reads a name's CNAME in anybody's DNS. Rejects where it has none, or can't be asked. */
  alias(name: string): Promise<string[]>;
};

/** Let's Encrypt's. */
export const usualDirectory = "https://acme-v02.api.letsencrypt.org/directory";
