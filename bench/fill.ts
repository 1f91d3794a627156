// An agent's state with many tenants, as snapshots would have left it.

import { createStaging } from "../edge-agent/staging.ts";
import { openState } from "../edge-agent/state.ts";
import { createTenant } from "../test/support/document.ts";

/** Writes `tenants` tenants of `extensions` extensions into the state's file. */
export function fill(file: string, tenants: number, extensions = 20): void {
  const state = openState(file);
  for (let n = 0; n < tenants; n++) {
    const staging = createStaging();
    for (const page of createTenant(n, extensions).pages()) staging.page(page);
    const whole = staging.whole();
    if (!whole) throw new Error("the snapshot does not add up");
    state.replace(whole);
  }
  state.close();
}
