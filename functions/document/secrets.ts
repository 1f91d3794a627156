// Settles the secrets of a resource that is being written: what came as plain text or must be generated gets a name and a version; the document keeps the name.
import { randomInt } from "node:crypto";
import type { z } from "zod";
import type { Body } from "../../core/resources/kind.ts";
import { type Place, places, type Secret } from "../../core/resources/marks.ts";
import { newId } from "../id.ts";
import type { Flaw } from "../problem.ts";

/** A new version of a secret. `plain` is what it says, or the ref of the older version that it repeats. */
export type NewSecret = {
  ref: string;
  form: Secret["form"];
  plain: string | { as: string };
  username: string;
  pointer: string;
  generated: boolean;
};
/** `superseded`: versions that a new one replaces; they are deleted, so that nothing can bring them back. */
export type Settled = { created: NewSecret[]; superseded: string[]; flaws: Flaw[] };

const alphabet = "23456789abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ";
const draw = (length: number, from: string): string =>
  Array.from({ length }, () => from[randomInt(from.length)]).join("");
/** A new value, drawn at random, of letters and digits that are not mistaken for one another. */
export const generate = (form: Secret["form"]): string => (form === "pin" ? draw(6, "0123456789") : draw(20, alphabet));

const refOf = (value: unknown): string | undefined =>
  typeof value === "object" && value !== null ? String((value as { secret?: unknown }).secret) : undefined;
const next = (ref: string): string => {
  const [id, version] = ref.split("#");
  return `${id}#${Number(version) + 1}`;
};

/** A list's items are told apart by user name, whatever else by its place. */
const identity = (place: Place): string =>
  typeof place.holder.username === "string" && /\/\d+\//.test(place.pointer)
    ? `@${place.holder.username}`
    : place.pointer;

function secretsOf(schema: z.ZodType, body: Body | undefined): Place[] {
  return body ? [...places(schema, body)].filter((place) => place.mark.mark === "secret") : [];
}

/**
 * Changes `after` in place: every secret in it becomes its name. `before` is the resource as it was; its secrets may be kept. `restored`: a body of an
 * earlier revision, whose secrets may be named too where `before` has none in their place.
 */
export function settle(schema: z.ZodType, before: Body | undefined, after: Body, restored?: Body): Settled {
  const result: Settled = { created: [], superseded: [], flaws: [] };
  const [old, older] = [secretsOf(schema, before), secretsOf(schema, restored)];
  const sources = new Map([...older, ...old].map((place) => [refOf(place.value), place]));
  const wanted = secretsOf(schema, after).map((place) => want(place, old, sources));
  // a version belongs to one place: what stays takes its own first, the others get new ones
  const inUse = new Set(wanted.flatMap(({ keep }) => keep ?? []));
  for (const { place, keep, plain, successorOf, generated } of wanted) {
    if (keep !== undefined) place.holder[place.key] = { secret: keep };
    else if (plain === undefined) {
      if (place.value !== undefined && place.value !== null)
        result.flaws.push({
          pointer: place.pointer,
          detail: "names a secret that this resource does not have; send the plain value, or leave it out",
        });
    } else {
      const following = successorOf && !inUse.has(successorOf) ? next(successorOf) : undefined;
      const ref = following !== undefined && !inUse.has(following) ? following : `${newId("sec")}#1`;
      inUse.add(ref);
      place.holder[place.key] = { secret: ref };
      const username = String(place.holder.username ?? "");
      result.created.push({
        ref,
        form: (place.mark as Secret).form,
        plain,
        username,
        pointer: place.pointer,
        generated: generated ?? false,
      });
      if (successorOf && !inUse.has(successorOf)) result.superseded.push(successorOf);
    }
  }
  result.superseded = [...new Set(result.superseded)];
  return result;
}

type Wanted = {
  place: Place;
  /** The version that stays. */
  keep?: string;
  /** What a new version says. */
  plain?: NewSecret["plain"];
  successorOf?: string | undefined;
  generated?: boolean;
};

/** What a place of the new body asks for. Neither `keep` nor `plain`: nothing, or what it may not have. */
function want(place: Place, old: Place[], sources: Map<string | undefined, Place>): Wanted {
  const former = old.find((candidate) => identity(candidate) === identity(place));
  const formerRef = refOf(former?.value);
  if (typeof place.value === "string") return { place, plain: place.value, successorOf: formerRef };
  const given = refOf(place.value);
  if (given === undefined) {
    if (place.value === undefined && formerRef) return { place, keep: formerRef };
    const { form, generate: make } = place.mark as Secret;
    return place.value === undefined && make ? { place, plain: generate(form), generated: true } : { place };
  }
  const source = sources.get(given);
  if (!source) return { place };
  // a restored body names what was there then; what has taken its place since stands
  if (formerRef && !old.includes(source)) return { place, keep: formerRef };
  // HA1 is made of the user name too
  const bound = (place.mark as Secret).form === "sip-password";
  if (!bound || source.holder.username === place.holder.username) return { place, keep: given };
  return { place, plain: { as: given }, successorOf: given };
}
