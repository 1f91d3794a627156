// Whether a tenant's emergency calls get out: they take every trunk that there is, its own and its accounts'.
import { z } from "zod";
import { complete } from "../../core/complete.ts";
import { lineOf } from "../../core/limits.ts";
import { idOf, type Owner } from "../../core/owner.ts";
import { fromItem } from "../document/view.ts";
import * as keys from "../keys.ts";
import { allItems, type Store } from "../store/store.ts";
import { into } from "./into.ts";
import { ok, type Route } from "./route.ts";

const shown = z.object({
  reachable: z.boolean().describe("false: no trunk is there, so that an emergency call would fail"),
  numbers: z.array(z.string()).describe("What reaches the emergency services in the tenant's country, as dialled"),
});

export const emergencyRoutes = (): Route[] => [
  {
    method: "get",
    path: "/v1/tenants/{tenant}/emergency",
    tag: "tenants",
    summary: "Whether emergency calls have a trunk to leave by, and which numbers they are",
    scope: "tenants:read",
    answers: { 200: { about: "As it is now", schema: shown } },
    async handle(request) {
      const { owner, head } = await into(request, "tenant");
      const { emergencyNumbers } = await import("../../core/routing/emergency.ts");
      const { store } = request.ctx;
      const settings = await store.get(keys.resource(owner, "tenant", idOf(owner)));
      const country = settings ? String(fromItem(settings).body.country ?? "") : "";
      const line = lineOf(owner, head.path);
      const found = await Promise.all(line.map((one) => hasTrunk(store, one)));
      return ok({ reachable: found.includes(true), numbers: emergencyNumbers(country) });
    },
  },
];

/** Whether it has a trunk of its own that is on. */
export async function hasTrunk(store: Store, owner: Owner): Promise<boolean> {
  const range = { pk: owner, prefix: keys.resources("trunk") };
  for await (const item of allItems((query) => store.query(query), range))
    if (complete("trunk", fromItem(item).body).enabled === true) return true;
  return false;
}
