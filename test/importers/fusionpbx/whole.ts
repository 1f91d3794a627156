// Whether a document could be applied: every body is one of its kind's, names and numbers are unique, references lead somewhere, no call goes round for ever.
import { all, kindOf } from "../../../core/registry.ts";
import type { Destination } from "../../../core/resources/destination.ts";
import { numbersOf } from "../../../core/resources/kind.ts";
import { places } from "../../../core/resources/marks.ts";
import { automatic } from "../../../core/routing/automatic.ts";

type Body = Record<string, unknown>;

export function flawsOf(document: Body, account: Body | null): string[] {
  const flaws: string[] = [];
  const bodies = new Map<string, Body>();
  const taken = new Set<string>();
  const settings = document.settings as Body;
  const parsed = kindOf("tenant").schema.safeParse(settings);
  if (!parsed.success) flaws.push(`settings: ${parsed.error.message}`);
  for (const kind of all)
    for (const item of (document[kind.plural] ?? []) as Body[]) {
      const read = kind.schema.safeParse(kind.prepare?.(item, undefined) ?? item);
      const key = `${kind.kind}#${String(item[kind.key])}`;
      if (!read.success) flaws.push(`${key}: ${read.error.message}`);
      if (bodies.has(key)) flaws.push(`${key} is there twice`);
      if (!read.success) continue;
      bodies.set(key, read.data);
      flaws.push(
        ...(kind.check?.(read.data, { country: String(settings.country) }) ?? []).map(
          ({ detail }) => `${key}: ${detail}`,
        ),
      );
      for (const number of numbersOf(kind, read.data)) {
        if (taken.has(number)) flaws.push(`${key}: ${number} is taken`);
        taken.add(number);
      }
    }
  const known = new Set([
    ...bodies.keys(),
    ...((account?.trunks ?? []) as Body[]).map(({ name }) => `trunk#${String(name)}`),
  ]);
  for (const [key, body] of bodies)
    for (const { mark, value } of places(kindOf(key.split("#")[0] as "trunk").schema, body))
      if (mark.mark === "reference" && typeof value === "string" && !known.has(`${mark.kind}#${value}`))
        flaws.push(`${key} leads to ${mark.kind} ${value}, which is not there`);
  return [...flaws, ...roundabouts(bodies)];
}

function roundabouts(bodies: Map<string, Body>): string[] {
  const next = (key: string): string[] =>
    automatic(key.split("#")[0] as "menu", bodies.get(key) ?? {}).map(({ to }) => idOf(to));
  return [...bodies.keys()].filter((start) => {
    const seen = new Set<string>();
    const open = next(start);
    for (let key = open.pop(); key !== undefined; key = open.pop()) {
      if (key === start) return true;
      if (seen.has(key) || !bodies.has(key)) continue;
      seen.add(key);
      open.push(...next(key));
    }
    return false;
  });
}

const idOf = (to: Destination): string =>
  to.kind === "hangup" ? "" : to.kind === "outside-number" ? `phone-number#${to.number}` : `${to.kind}#${to.ref}`;
