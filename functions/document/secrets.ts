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
const generate = (form: Secret["form"]): string => (form === "pin" ? draw(6, "0123456789") : draw(20, alphabet));

const refOf = (value: unknown): string | undefined =>
  typeof value === "object" && value !== null ? String((value as { secret?: unknown }).secret) : undefined;
const next = (ref: string): string => {
  const [id, version] = ref.split("#");
  return `${id}#${Number(version) + 1}`;
};

/** Secrets sit in items that are told apart by user name, else by their place. */
const identity = (place: Place): string =>
  typeof place.holder.username === "string" ? `@${place.holder.username}` : place.pointer;

function secretsOf(schema: z.ZodType, body: Body | undefined): Place[] {
  return body ? [...places(schema, body)].filter((place) => place.mark.mark === "secret") : [];
}

/** Changes `after` in place: every secret in it becomes its name. `before` is the resource as it was; its secrets may be kept. */
export function settle(schema: z.ZodType, before: Body | undefined, after: Body): Settled {
  const result: Settled = { created: [], superseded: [], flaws: [] };
  const old = secretsOf(schema, before);
  const oldRefs = new Map(old.map((place) => [refOf(place.value), place]));
  for (const place of secretsOf(schema, after)) {
    const { form, generate: wanted } = place.mark as Secret;
    const former = old.find((candidate) => identity(candidate) === identity(place));
    const formerRef = refOf(former?.value);
    const given = refOf(place.value);
    const put = (older: string | undefined, plain: NewSecret["plain"], generated: boolean) => {
      const ref = older ? next(older) : `${newId("sec")}#1`;
      place.holder[place.key] = { secret: ref };
      result.created.push({
        ref,
        form,
        plain,
        username: String(place.holder.username ?? ""),
        pointer: place.pointer,
        generated,
      });
      if (older) result.superseded.push(older);
    };
    if (typeof place.value === "string") put(formerRef, place.value, false);
    else if (given !== undefined) {
      const source = oldRefs.get(given);
      if (!source)
        result.flaws.push({
          pointer: place.pointer,
          detail: "names a secret that this resource does not have; send the plain value, or leave it out",
        });
      else if (source.holder.username !== place.holder.username) put(given, { as: given }, false);
    } else if (place.value === undefined && formerRef) {
      place.holder[place.key] = { secret: formerRef };
    } else if (place.value === undefined && wanted) put(undefined, generate(form), true);
  }
  return result;
}
