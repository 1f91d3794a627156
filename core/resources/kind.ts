// What a kind of resource is: the one place from which routes, OpenAPI, history, references, claims, web forms and sync derive.
import type { z } from "zod";

export type Body = Record<string, unknown>;

export interface Kind<S extends z.ZodType<Body> = z.ZodType<Body>> {
  /** Singular, kebab-case: `voicemail-box`. */
  kind: string;
  /** As in paths: `voicemail-boxes`. */
  plural: string;
  /** Of its ids: `vmb` in `vmb_01J…`. */
  prefix: string;
  /** Whose documents may hold it. Empty: only the platform writes it (a tenant's own settings). */
  at: readonly ("tenant" | "account")[];
  /** False: no call depends on it, and edges do not hold it. */
  edges?: false;
  /** One sentence for the API reference. */
  about: string;
  schema: S;
  /** The field that is the natural key, unique in its kind and document. */
  key: string;
  /** Numbers that can be dialled in the tenant, unique across all kinds: the field that holds one (or null), or all that a body has. */
  dialable?: string | ((body: z.output<S>) => string[]);
  /** The fields a list may be filtered by. */
  filters: readonly string[];
  /** The text fields in which a list's `q=` looks. */
  search?: readonly string[];
  /** Further values that must be unique in the document, each prefixed with what it is: `device#desk`. */
  claims?(body: z.output<S>): string[];
  /** Values that must be unique in the whole installation: `["number", "+15550100"]`. */
  globals?(body: z.output<S>): [what: string, value: string][];
  /** Fills in what derives from other fields, before the schema is applied. `before` is the body as it was; undefined at creation. */
  prepare?(input: Body, before: Body | undefined): Body;
  /** What the schema alone can't say, given the document's settings; a pointer and a sentence that says what to do. */
  check?(body: z.output<S>, settings: { country: string }): { pointer: string; detail: string }[];
}

/** The numbers by which a resource can be dialled in its tenant. */
export function numbersOf(kind: Kind, body: Body): string[] {
  if (typeof kind.dialable === "function") return kind.dialable(body);
  const number = kind.dialable === undefined ? null : body[kind.dialable];
  return typeof number === "string" ? [number] : [];
}

/** A kind's schema is made when it is first asked for: there are many, and of most nobody asks in a process's life. */
export function defineKind<const S extends z.ZodType<Body>>(
  kind: Omit<Kind<S>, "schema"> & { schema: () => S },
): Kind<S> {
  return Object.defineProperty(kind as object, "schema", { get: kind.schema, enumerable: true }) as Kind<S>;
}
