// Phones of a tenant at a running FreeSWITCH: each registers from a port that stays its own, calls, and is called there.
import type { FreeswitchHost } from "./freeswitch.ts";
import type { Pbx } from "./pbx.ts";
import { freePort, play, sipp, type Typed, went } from "./sipp.ts";

type Tenant = Pbx["acme"];
type Values = Record<string, string>;
type More = { tone?: boolean; echo?: boolean; typed?: Typed };

export function createPhones(tenant: Tenant) {
  const ports = new Map<string, number>();
  let host: FreeswitchHost | undefined;
  const portOf = (number: number | string) => ports.get(String(number)) ?? 0;
  const to = (number: number | string) => ({ to: host?.phones ?? 0, port: portOf(number) });
  return {
    /** Registers them, at a host that the other verbs go to as well. */
    async register(at: FreeswitchHost, ...numbers: number[]): Promise<void> {
      host = at;
      for (const number of numbers) {
        const port = ports.get(String(number)) ?? (await freePort());
        ports.set(String(number), port);
        went(await play("register", tenant.phone(number), { to: host.phones, port }));
      }
    },
    async unregister(number: number): Promise<void> {
      went(await play("register", { ...tenant.phone(number), expires: "0" }, to(number)));
    },
    /** The phone is called: it plays the scenario. */
    is: (number: number | string, scenario: string, values: Values = {}, more: More = {}) =>
      sipp(scenario, values, { port: portOf(number), ...more }),
    /** The phone calls, and what happens is as the scenario says. */
    call: async (number: number, dialled: string, scenario = "call", values: Values = {}) =>
      went(await play(scenario, { ...tenant.phone(number), to: dialled, ...values }, to(number))),
    calling: (number: number, dialled: string, scenario = "call", values: Values = {}, more: More = {}) =>
      sipp(scenario, { ...tenant.phone(number), to: dialled, ...values }, { ...to(number), ...more }),
  };
}
