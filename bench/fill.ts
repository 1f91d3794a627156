// An agent's state with many tenants, as snapshots would have left it.

import { createStaging } from "../edge-agent/staging.ts";
import { openState } from "../edge-agent/state.ts";
import { createTenant, type Write } from "../test/support/document.ts";

/** Writes `tenants` tenants of `extensions` extensions into the state's file; `more` is what the tenant of that number has beside. */
export function fill(file: string, tenants: number, extensions = 20, more: (n: number) => Write[] = () => []): void {
  const state = openState(file);
  for (let n = 0; n < tenants; n++) {
    const staging = createStaging();
    const document = createTenant(n, extensions);
    const beside = more(n);
    if (beside.length > 0) document.write(...beside);
    for (const page of document.pages()) staging.page(page);
    const whole = staging.whole();
    if (!whole) throw new Error("the snapshot does not add up");
    state.replace(whole);
  }
  state.close();
}
