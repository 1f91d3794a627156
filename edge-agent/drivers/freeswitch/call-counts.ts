// How many calls a tenant has now, and all below an account, and how many began within the last second: what limits on calls are held to. A call counts from
// the answer that lets it begin, before FreeSWITCH tells of its leg, so that of two that come at once the second one is seen.
import { type Owner, tenantOwner } from "../../../core/owner.ts";
import type { Used } from "../../../core/routing/limits.ts";
import type { Documents } from "../../documents.ts";

export type CallCounts = {
  /** The leg's call begins, or is found to go on. */
  begins(uuid: string, tenant: string, fresh: boolean): void;
  ends(uuid: string): void;
  /** FreeSWITCH has these legs and no others. */
  keep(uuids: ReadonlySet<string>): void;
  /** As the leg's call sees it: itself does not count. */
  used(uuid: string): (limit: Parameters<Used>[0], scope: Owner) => number;
};

const secondMs = 1000;

export function createCallCounts(documents: Pick<Documents, "config">, now: () => number = Date.now): CallCounts {
  /** Whose each call is: its tenant's and the accounts' above it. */
  const calls = new Map<string, readonly Owner[]>();
  const counts = new Map<Owner, number>();
  const starts = new Map<Owner, number[]>();

  function count(owners: readonly Owner[], by: 1 | -1): void {
    for (const owner of owners) {
      const sum = (counts.get(owner) ?? 0) + by;
      if (sum > 0) counts.set(owner, sum);
      else counts.delete(owner);
    }
  }

  function ends(uuid: string): void {
    count(calls.get(uuid) ?? [], -1);
    calls.delete(uuid);
  }

  const lately = (owner: Owner): number[] => (starts.get(owner) ?? []).filter((at) => at > now() - secondMs);

  return {
    begins(uuid, tenant, fresh) {
      if (calls.has(uuid)) return;
      const owner = tenantOwner(tenant);
      const owners = [owner, ...(documents.config(owner)?.accounts ?? [])];
      calls.set(uuid, owners);
      count(owners, 1);
      if (fresh) for (const one of owners) starts.set(one, [...lately(one), now()]);
    },
    ends,
    keep(uuids) {
      for (const uuid of [...calls.keys()]) if (!uuids.has(uuid)) ends(uuid);
    },
    used: (uuid) => (limit, scope) => {
      if (limit === "callsPerSecond") return lately(scope).length;
      if (limit !== "concurrentCalls") return 0;
      return (counts.get(scope) ?? 0) - (calls.get(uuid)?.includes(scope) ? 1 : 0);
    },
  };
}
