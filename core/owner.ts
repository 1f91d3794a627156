// Who owns a document: a tenant or an account. In keys and on the wire an owner is written `T#<id>` or `A#<id>`.
import * as z from "zod/mini";

export type Owner = `T#${string}` | `A#${string}`;

export const owner = z.templateLiteral([
  z.enum(["T", "A"]),
  "#",
  z.string().check(z.regex(/^[a-z]{3}_[0-9A-HJKMNP-TV-Z]{26}$/)),
]);

export const tenantOwner = (id: string): Owner => `T#${id}`;
export const accountOwner = (id: string): Owner => `A#${id}`;
export const isTenant = (value: Owner): boolean => value.startsWith("T#");
export const idOf = (value: Owner): string => value.slice(2);
