// Whether trunks work, in words that do not depend on the engine.
import { idOf, isTenant } from "../../../../core/owner.ts";
import type { Documents } from "../../../documents.ts";
import type { Esl, EslEvent } from "../esl/esl.ts";
import { timeOf } from "./live.ts";
import { rowsOf } from "./status.ts";

/** `up`: not registering, and not known to be dead. `failed`: no registration, or no answer to OPTIONS. `down`: taken out of service. */
export type TrunkState = "trying" | "registered" | "up" | "failed" | "down";
export type TrunkUpdate = { tenant: string | null; trunk: string; state: TrunkState };

export type Trunks = {
  /** Whether calls over it fail at once, as far as FreeSWITCH told. */
  failed(trunk: string): boolean;
  onEvent(event: EslEvent): void;
  reread(esl: Pick<Esl, "api">): Promise<void>;
};

/** Between two tries, and while it registers again in time, a gateway goes through states that say nothing new: those are absent. */
const states: Record<string, TrunkState> = {
  REGED: "registered",
  NOREG: "up",
  FAILED: "failed",
  FAIL_WAIT: "failed",
  TIMEOUT: "failed",
  DOWN: "down",
};

export function createTrunks(
  documents: Pick<Documents, "trunk">,
  report: (update: TrunkUpdate, at: string) => void,
): Trunks {
  const told = new Map<string, TrunkState>();

  function is(
    gateway: string | undefined,
    engineState: string | undefined,
    ping: string | undefined,
    at: string,
  ): void {
    const trunk = gateway === undefined ? undefined : documents.trunk(gateway);
    if (!trunk) return;
    const before = told.get(trunk.id);
    const known = states[engineState ?? ""];
    const state = known === "up" && ping === "DOWN" ? "failed" : (known ?? before ?? "trying");
    if (state === before) return;
    told.set(trunk.id, state);
    report({ tenant: isTenant(trunk.owner) ? idOf(trunk.owner) : null, trunk: trunk.id, state }, at);
  }

  return {
    failed: (trunk) => ["failed", "down"].includes(told.get(trunk) ?? ""),
    onEvent(event) {
      const { Gateway: gateway, State: state, "Ping-Status": ping } = event.headers;
      is(gateway, state, ping, timeOf(event));
      if (gateway !== undefined && state === "DOWN") told.delete(gateway);
    },
    async reread(esl) {
      const rows = rowsOf(await esl.api("sofia xmlstatus gateway"), "gateway");
      const at = new Date().toISOString();
      for (const row of rows ?? []) is(row.get("name"), row.get("state"), row.get("status"), at);
    },
  };
}
