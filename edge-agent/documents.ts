// What a driver reads of the agent's state: every document of the pool, by the keys that an engine asks with. Synchronous and from this host's disk.
import type { Owner } from "../core/owner.ts";
import type { Resource } from "../core/registry.ts";
import type { Device } from "../core/resources/extension.ts";
import type { Config, Owned, OwnedTrunk } from "../core/routing/config.ts";

export interface Documents {
  /** Runs `work` on one state of the documents, whatever is applied meanwhile. Reading within it is faster: the file is locked once, not at each read. */
  at<T>(work: () => T): T;
  /** What routing reads of a tenant; undefined for a tenant that this edge does not hold. */
  config(owner: Owner): Config | undefined;
  /** By SIP domain, in any case. */
  tenantByDomain(domain: string): Owner | undefined;
  /** The tenant whose phone number this is (E.164). */
  tenantByNumber(number: string): Owner | undefined;
  /** By SIP user name, whose extension may be disabled. Of a browser phone the device beside which it is. */
  device(owner: Owner, username: string): { extension: Resource<"extension">; device: Device } | undefined;
  /** A secret's value by its name `sec_…#n`: HA1 of a SIP password, else the plain value. */
  secret(ref: string): string | undefined;
  /** Every tenant's SIP domain. */
  domains(): string[];
  /** Every trunk of every document here. */
  trunks(): OwnedTrunk[];
  /** Every prompt of every document here, or the one of that id. */
  prompts(id?: string): Owned<"prompt">[];
  trunk(id: string): OwnedTrunk | undefined;
  /** Every queue of every tenant here. */
  queues(): Owned<"queue">[];
  queue(id: string): Owned<"queue"> | undefined;
  voicemailBox(id: string): Owned<"voicemail-box"> | undefined;
  /** The enabled trunks that calls from this address can come from: `inboundAddresses`, and `host` where it is an address. Constant time for single addresses. */
  trunksByAddress(address: string): readonly OwnedTrunk[];
  /** The owners above, from the nearest to the farthest. */
  ancestors(owner: Owner): readonly Owner[];
  /** A document's country, for reading national numbers. */
  country(owner: Owner): string;
  /** A document's time zone, in which its days and months begin. */
  timeZone(owner: Owner): string;
}
