// Whom called parties see: inside the extension, outside a number that the tenant really has.
import { hidesNumber } from "./code.ts";
import type { Config } from "./config.ts";
import type { Call, Shown } from "./plan.ts";

/**
 * What phones of the tenant show. A caller from outside has the name, and the company after it, that the tenant's contacts give his number. `prefix`: of the group or queue that he
 * waits for; it stands before that of the phone number he dialled.
 */
export function shownInside(config: Config, call: Call, prefix: string | null = null): Shown {
  const { number, name } = hidesNumber(config, call) ? { number: "anonymous", name: null } : caller(config, call);
  const dialled = call.did === undefined ? null : config.byKey("phone-number", call.did)?.body.callerNamePrefix;
  const prefixes = [prefix, dialled].filter((one) => one);
  return { number, name: prefixes.length === 0 ? name : [...prefixes, name ?? number].join(" ") };
}

function caller(config: Config, { from }: Call): Shown {
  if (from.kind === "extension") {
    const body = config.get("extension", from.id)?.body;
    return { number: body?.number ?? "anonymous", name: body?.displayName ?? null };
  }
  const contact = from.number === null ? undefined : config.byKey("contact", from.number)?.body;
  const name = contact && [contact.name, ...(contact.company === null ? [] : [contact.company])].join(", ");
  return { number: from.number ?? "anonymous", name: name ?? from.name };
}

/**
 * What the outside is shown. An extension shows its external number if the tenant still has it, else the tenant's first; a caller passed through shows as
 * he came. Emergency services are shown the number of the place where the phone is, whoever uses it.
 */
export function shownOutside(config: Config, call: Call, payer: string | undefined, emergency = false): Shown {
  const { from } = call;
  if (from.kind === "outside" && payer === undefined) return { number: from.number ?? "anonymous", name: from.name };
  const caller = from.kind === "extension" ? ((emergency ? call.phone?.extension : undefined) ?? from.id) : "";
  const body = config.get("extension", payer ?? caller)?.body;
  const wanted = [...(emergency ? [body?.emergencyCallerId] : []), body?.externalCallerId];
  const own = wanted.find((number) => number && config.byKey("phone-number", number));
  const number = own ?? config.first("phone-number")?.body.number ?? "anonymous";
  return { number, name: own === undefined ? null : (body?.externalCallerName ?? null) };
}
