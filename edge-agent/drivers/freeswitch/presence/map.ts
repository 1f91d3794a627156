// presence_map.conf, asked for at every SUBSCRIBE: to whose protocol the subscription belongs. That is the tenant's id, so that what we tell of one tenant
// reaches no other's phones, whatever their domains and numbers, and what FreeSWITCH itself tells (protocol `sip`) reaches nobody.
import { idOf } from "../../../../core/owner.ts";
import type { Documents } from "../../../documents.ts";
import type { Fields } from "../fields.ts";
import { element, type Xml } from "../xml.ts";
import type { Presence } from "./presence.ts";

export function presenceMap(fields: Fields, documents?: Documents, presence?: Pick<Presence, "watch">): Xml[] {
  const tenant = documents?.tenantByDomain(fields.get("domain") ?? "");
  const number = fields.get("exten");
  if (tenant && number !== undefined) presence?.watch(tenant, number);
  const protocol = tenant ? idOf(tenant) : "nobody";
  return [
    element("domains", {}, [element("domain", { name: "*" }, [element("exten", { regex: ".", proto: protocol })])]),
  ];
}
