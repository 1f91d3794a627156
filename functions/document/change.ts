// A change record: who changed what in a document, when and why. One per revision; a long one is spread over several items.
import * as z from "zod/mini";
import { canonical } from "../../core/canonical.ts";
import { lazy } from "../../core/lazy.ts";
import type { Owner } from "../../core/owner.ts";
import * as keys from "../keys.ts";
import { allItems, type Item, type Store } from "../store/store.ts";

const body = lazy(() => z.record(z.string(), z.unknown()));
const line = lazy(() =>
  z.object({
    op: z.enum(["create", "update", "delete"]),
    kind: z.string(),
    id: z.string(),
    key: z.string(),
    before: z.nullable(body()),
    after: z.nullable(body()),
  }),
);
/** One resource's change. Secrets stand as their names, so a new password shows as a new version. */
export type DiffLine = z.output<ReturnType<typeof line>>;

export const actor = lazy(() =>
  z.object({
    type: z.enum(["api-key", "person", "edge", "system"]),
    id: z.string(),
    name: z.string(),
    ip: z.nullable(z.string()),
    requestId: z.string(),
    /** Whose key it is, or as whom the person acts. */
    member: z.exactOptional(z.object({ id: z.string(), name: z.string() })),
    /** He acted for the tenant as somebody with this role, from the account that he is a member of. */
    impersonating: z.exactOptional(z.object({ accountId: z.string(), role: z.string() })),
  }),
);
export type Actor = z.output<ReturnType<typeof actor>>;

/** What happened to a document as a whole. */
export const wholeChange = lazy(() =>
  z.object({
    what: z.enum(["deleted", "restored", "moved"]),
    from: z.nullable(z.string()).check(z.describe("The account that it was moved from")),
  }),
);

const first = lazy(() =>
  z.object({
    revision: z.number(),
    at: z.string(),
    actor: actor(),
    summary: z.string(),
    base: z.string(),
    digest: z.string(),
    whole: z.optional(wholeChange()),
    parts: z.number(),
    lines: z.string(),
  }),
);
export type Change = Omit<z.output<ReturnType<typeof first>>, "parts" | "lines"> & { diff: DiffLine[] };

/** `create extension 1001`, or `2 created, 1 deleted`. */
export function summarize(diff: DiffLine[]): string {
  const [only] = diff;
  if (diff.length === 1 && only) return `${only.op} ${only.kind} ${only.key}`;
  const counts = (["create", "update", "delete"] as const).map(
    (op) => [op, diff.filter((entry) => entry.op === op).length] as const,
  );
  return counts.flatMap(([op, count]) => (count > 0 ? [`${count} ${op}d`] : [])).join(", ");
}

const partBytes = 300 * 1024;

export function changeItems(owner: Owner, change: Change): Item[] {
  const { diff, whole: happened, ...rest } = change;
  const parts: DiffLine[][] = [[]];
  let size = 0;
  for (const entry of diff) {
    const length = Buffer.byteLength(JSON.stringify(entry));
    if (size + length > partBytes && size > 0) {
      parts.push([]);
      size = 0;
    }
    parts.at(-1)?.push(entry);
    size += length;
  }
  return parts.map((lines, part) => ({
    ...keys.change(owner, change.revision, part),
    lines: JSON.stringify(lines),
    ...(part === 0 && { ...rest, ...(happened && { whole: happened }), parts: parts.length }),
  }));
}

/** Changes from `from` up (or, descending, from the newest down to `from`), each whole. */
export async function* readChanges(
  store: Store,
  owner: Owner,
  from: number,
  options: { descending?: boolean; upTo?: number } = {},
): AsyncGenerator<Change> {
  const query = {
    pk: owner,
    from: keys.changesFrom(from),
    to: `${keys.changesFrom(options.upTo ?? 999_999_999_999)}#~`,
    descending: options.descending ?? false,
  };
  let tail: DiffLine[][] = [];
  let open: { head: z.output<ReturnType<typeof first>>; lines: DiffLine[] } | undefined;
  for await (const item of allItems((q) => store.query(q), query)) {
    const lines = z.array(line()).parse(JSON.parse(String(item.lines)));
    const head = first().safeParse(item);
    if (options.descending) {
      if (head.success) yield whole(head.data, [...lines, ...tail.reverse().flat()]);
      tail = head.success ? [] : [...tail, lines];
    } else {
      if (head.success) {
        if (open) yield whole(open.head, open.lines);
        open = { head: head.data, lines };
      } else open?.lines.push(...lines);
    }
  }
  if (open) yield whole(open.head, open.lines);
}

/** A place in a revision's diff: the part that it is in, and the line there. */
export type DiffPlace = { part: number; line: number };
/** A page of a diff is no longer than this, in bytes. */
const pageBytes = 2.5 * 1024 * 1024;

/** One revision, with at most `limit` lines of its diff from `from` on, and where the next begin; undefined where there is none. */
export async function readChange(
  store: Store,
  owner: Owner,
  revision: number,
  limit: number,
  from: DiffPlace = { part: 0, line: 0 },
): Promise<{ change: Change; next: DiffPlace | null } | undefined> {
  const top = first().safeParse(await store.get(keys.change(owner, revision)));
  if (!top.success) return undefined;
  const range = { pk: owner, from: keys.change(owner, revision, from.part).sk, to: `${keys.changesFrom(revision)}#~` };
  const diff: DiffLine[] = [];
  let [part, bytes] = [from.part, 0];
  for await (const item of allItems((q) => store.query(q), { ...range, limit: 4 })) {
    const lines = z.array(line()).parse(JSON.parse(String(item.lines)));
    for (let at = part === from.part ? from.line : 0; at < lines.length; at++) {
      const entry = lines[at] as DiffLine;
      bytes += Buffer.byteLength(JSON.stringify(entry));
      if (diff.length === limit || (bytes > pageBytes && diff.length > 0))
        return { change: whole(top.data, diff), next: { part, line: at } };
      diff.push(entry);
    }
    part++;
  }
  return { change: whole(top.data, diff), next: null };
}

function whole({ parts: _, lines: __, ...head }: z.output<ReturnType<typeof first>>, diff: DiffLine[]): Change {
  return { ...head, diff };
}

/** Of longer ones lists and answers tell what changed, not from what to what: the revision's own page does. */
export const longDiff = 500;

/** A diff as callers see it, with the names of the fields that changed. Secrets are names and versions already. */
export function present(diff: DiffLine[], longest = longDiff): Record<string, unknown>[] {
  const long = diff.length > longest;
  return diff.map(({ op, kind, id, key, before, after }) => {
    const fields = [...new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {})])];
    const changed =
      op === "update"
        ? fields.filter((field) => canonical(before?.[field] ?? null) !== canonical(after?.[field] ?? null))
        : [];
    return {
      op,
      kind,
      id,
      key,
      ...(!long && { before, after }),
      ...(op === "update" && { fields: changed }),
    };
  });
}
