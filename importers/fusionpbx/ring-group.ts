// Ring groups.

import { action } from "./destination.ts";
import { type Domain, line, seconds } from "./domain.ts";
import { member } from "./extension.ts";
import type { Row } from "./ledger.ts";

const strategies: Record<string, string> = {
  simultaneous: "simultaneous",
  enterprise: "simultaneous",
  sequence: "sequence",
  rollover: "sequence",
  random: "random",
};

export function ringGroups(domain: Domain): () => void {
  const declared = domain.rows("v_ring_groups").flatMap((row) => {
    if (!row.flag("ring_group_enabled", true)) {
      row.refused("the group is switched off");
      return [];
    }
    const name = domain.name(
      "ring-group",
      row,
      "ring_group_name",
      `Group ${row.peek("ring_group_extension") ?? ""}`.trim(),
    );
    return [
      { row, name, extensionNumber: domain.claim(row, "ring_group_extension", { kind: "ring-group", ref: name }) },
    ];
  });
  return () => {
    for (const { row, name, extensionNumber } of declared) {
      contextOf(domain, row, "ring_group_context");
      if (row.flag("ring_group_forward_enabled", false))
        row.lost("ring_group_forward_destination", "all its calls went there: point its callers there yourself");
      const destinations = domain.rowsOf("v_ring_group_destinations", "ring_group_uuid", row.uuid, "destination_delay");
      const on = destinations.filter((one) => {
        const enabled = one.flag("destination_enabled", true);
        if (!enabled) one.refused("the destination is switched off");
        return enabled;
      });
      const confirm = on.filter((one) => Number(one.text("destination_prompt") ?? 0) > 0);
      if (confirm.length > 0 && confirm.length < on.length)
        for (const one of confirm) one.lost("destination_prompt", "every member outside is asked to press 1");
      domain.add(
        "ring-group",
        {
          name,
          extensionNumber,
          strategy: strategy(row),
          members: on.flatMap(
            (one) => member(domain, one, "destination_number", "destination_delay", "destination_timeout") ?? [],
          ),
          ringSeconds: seconds(row, "ring_group_call_timeout", 5, 300, 300),
          confirm: confirm.length > 0,
          callerNamePrefix: line(row, "ring_group_cid_name_prefix", 16),
          afterwards: action(domain, row, "ring_group_timeout_app", "ring_group_timeout_data"),
        },
        row,
      );
    }
  };
}

function strategy(row: Row): string {
  const given = row.text("ring_group_strategy") ?? "simultaneous";
  const known = strategies[given];
  if (known === undefined) row.lost("ring_group_strategy", "is unknown: all ring at once");
  return known ?? "simultaneous";
}

/** A domain's calls are in the context of its name; whatever is elsewhere can't be dialled from its phones. */
export function contextOf(domain: Domain, row: Row, column: string): void {
  const context = row.text(column);
  if (context !== undefined && !["${domain_name}", "default", domain.settings.domain].includes(context.toLowerCase()))
    row.lost(column, "was in another context: here it is the tenant's own");
}
