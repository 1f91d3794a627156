// The names under which the agent finds a resource at call time. They derive from the registry: natural key, dialable number, claims, globals.
import { isIP } from "node:net";
import { all, isKindName, kindOf } from "../core/registry.ts";
import { type Kind, numbersOf } from "../core/resources/kind.ts";
import { readBody } from "./body.ts";
import { sha256 } from "./hash.ts";

/** `here`: within the document. `anywhere`: among all documents of this edge. */
export type Names = { here: string[]; anywhere: string[] };

export const byKey = (kind: string, key: string) => `k#${kind}#${key}`;
export const byNumber = (number: string) => `n#${number}`;
export const byClaim = (claim: string) => `c#${claim}`;
export const byGlobal = (what: string, value: string) => `g#${what}#${value}`;
/** For kinds that an account's document may hold too (tenants use them by id from there), and for those that an engine asks for by id alone. */
export const byId = (kind: string, id: string) => `i#${kind}#${id}`;
export const byAddress = (address: string) => `a#${address}`;
export const byNetwork = (network: string) => `w#${network}`;

const askedById = new Set(["queue", "voicemail-box"]);

/** One spelling for an address: IPv6 compressed and in lower case, an IPv4 one that is written as IPv6 as IPv4. */
export function normalAddress(address: string): string {
  if (isIP(address) !== 6) return address;
  const dotted = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  if (dotted) return dotted;
  const short = new URL(`http://[${address}]`).hostname.slice(1, -1);
  const [, high, low] = /^::ffff:([0-9a-f]{1,4}):([0-9a-f]{1,4})$/.exec(short) ?? [];
  if (!high || !low) return short;
  return [high, low].flatMap((group) => [Number.parseInt(group, 16) >> 8, Number.parseInt(group, 16) & 255]).join(".");
}

/** No names for a kind that this agent does not know, nor where the body is not what it expects: such a resource is kept and never found. */
export function namesOf(kind: string, id: string, text: string): Names {
  const names: Names = { here: [], anywhere: [] };
  if (!isKindName(kind)) return names;
  const body = readBody(kind, text);
  if (!body) return names;
  try {
    return derive(kindOf(kind), id, body);
  } catch {
    return names;
  }
}

function derive(kind: Kind, id: string, body: Record<string, unknown>): Names {
  const here: string[] = [];
  const anywhere: string[] = [];
  const key = body[kind.key];
  if (typeof key === "string") here.push(byKey(kind.kind, key));
  for (const number of numbersOf(kind, body)) here.push(byNumber(number));
  for (const claim of kind.claims?.(body) ?? []) here.push(byClaim(claim));
  for (const [what, value] of kind.globals?.(body) ?? []) anywhere.push(byGlobal(what, String(value).toLowerCase()));
  if (kind.at.includes("account") || askedById.has(kind.kind)) anywhere.push(byId(kind.kind, id));
  if (kind.kind === "trunk") anywhere.push(...addressesOf(body));
  return { here: [...new Set(here)], anywhere: [...new Set(anywhere)] };
}

function addressesOf(trunk: Record<string, unknown>): string[] {
  const given = [trunk.host, ...(Array.isArray(trunk.inboundAddresses) ? trunk.inboundAddresses : [])].filter(
    (value) => typeof value === "string",
  );
  return given.flatMap((value) =>
    isIP(value) ? [byAddress(normalAddress(value))] : value.includes("/") ? [byNetwork(value)] : [],
  );
}

/** Changes with the way names are derived: names on disk that were made another way are made anew. */
export const fingerprint: string = sha256(
  [
    derive,
    addressesOf,
    normalAddress,
    numbersOf,
    ...askedById,
    ...all.flatMap((kind) => [kind.kind, kind.key, kind.dialable, kind.at, kind.claims, kind.globals]),
  ]
    .map(String)
    .join("\n"),
);
