// The last look at a document before it leaves: whatever the schemas or the document as a whole would refuse is taken out and put into the ledger, so that what is
// left can be applied.
import { type KindName, kindOf } from "../../core/registry.ts";
import type { Destination } from "../../core/resources/destination.ts";
import { places } from "../../core/resources/marks.ts";
import { automatic } from "../../core/routing/automatic.ts";
import type { Body, Domain, Item } from "./domain.ts";

type Path = (string | number)[];

/** Changes `domain.items`. `inherited`: the names of the account's trunks. */
export function mend(domain: Domain, inherited: Iterable<string>): void {
  const above = new Set([...inherited].map((name) => `trunk#${name}`));
  for (;;) {
    const gone = domain.items.filter((item) => !fits(domain, item));
    if (gone.length > 0) remove(domain, gone);
    const keys = new Set([...above, ...domain.items.map((item) => `${item.kind}#${keyOf(item)}`)]);
    const dangling = domain.items.filter((item) => cutDangling(item, keys));
    if (gone.length === 0 && dangling.length === 0) break;
  }
  for (let cut = true; cut; ) cut = cutCircle(domain);
}

const keyOf = ({ kind, body }: Item): string => String(body[kindOf(kind).key]);

function remove(domain: Domain, gone: Item[]): void {
  const left = domain.items.filter((item) => !gone.includes(item));
  domain.items.splice(0, domain.items.length, ...left);
}

/** Whether the body is one of its kind's, after what is wrong in it was taken out. */
function fits(domain: Domain, item: Item): boolean {
  const kind = kindOf(item.kind);
  for (let turn = 0; turn < 100; turn++) {
    const parsed = kind.schema.safeParse(kind.prepare?.(item.body, undefined) ?? item.body);
    const [issue] = parsed.success
      ? (kind.check?.(parsed.data, { country: domain.settings.country }) ?? []).map(({ pointer, detail }) => ({
          path: pathOf(pointer),
          message: detail,
        }))
      : parsed.error.issues.map(({ path, message }) => ({ path: path as Path, message }));
    if (!issue) return true;
    const [field] = issue.path;
    if (field === undefined || field === kind.key || !removed(item.body, issue.path)) {
      const why = `${issue.path.join("/")}: ${issue.message}`.slice(0, 250);
      for (const row of item.rows) item.aside ? row.lost(`${item.kind} here`, why) : row.refused(why);
      return false;
    }
    item.rows[0]?.lost(`${issue.path.join("/")} here`, issue.message.slice(0, 250));
  }
  return false;
}

const pathOf = (pointer: string): Path =>
  pointer
    .split("/")
    .slice(1)
    .map((part) => (/^\d+$/.test(part) ? Number(part) : part));

/** Takes out what is at `path`: of a list the whole item, of a destination all of it, else the field. False where there is nothing. */
function removed(body: Body, path: Path): boolean {
  const list = path.findIndex((part) => typeof part === "number");
  const end = list >= 0 ? list : path.at(-1) === "ref" ? path.length - 2 : path.length - 1;
  const last = path[end];
  if (last === undefined) return false;
  let holder: unknown = body;
  for (const part of path.slice(0, end)) holder = (holder as Body | undefined)?.[part];
  if (Array.isArray(holder)) return holder.splice(Number(last), 1).length > 0;
  if (typeof holder !== "object" || holder === null || !Object.hasOwn(holder, last)) return false;
  delete (holder as Body)[last];
  return true;
}

/** Takes out one reference to what was not carried, if there is any. */
function cutDangling(item: Item, keys: Set<string>): boolean {
  for (const { pointer, value, mark } of places(kindOf(item.kind).schema, item.body)) {
    if (mark.mark !== "reference" || typeof value !== "string" || keys.has(`${mark.kind}#${value}`)) continue;
    if (!removed(item.body, pathOf(pointer))) continue;
    item.rows[0]?.lost(`${pointer.slice(1)} here`, `leads to ${mark.kind} ${value}, which was not carried`);
    return true;
  }
  return false;
}

/** Takes out one place by which calls would go round for ever, if there is any. */
function cutCircle(domain: Domain): boolean {
  const byKey = new Map(domain.items.map((item) => [`${item.kind}#${keyOf(item)}`, item]));
  const state = new Map<Item, "open" | "done">();
  const visit = (item: Item): boolean => {
    state.set(item, "open");
    for (const { pointer, to } of automatic(item.kind as KindName, item.body)) {
      const next = byKey.get(idOf(to));
      if (!next || state.get(next) === "done") continue;
      if (state.get(next) === "open") {
        item.rows[0]?.lost(
          `${pointer.slice(1)} here`,
          `calls would go round for ever: it led back to ${next.kind} ${keyOf(next)}`,
        );
        return removed(item.body, pathOf(pointer));
      }
      if (visit(next)) return true;
    }
    state.set(item, "done");
    return false;
  };
  return domain.items.some((item) => !state.has(item) && visit(item));
}

function idOf(to: Destination): string {
  if (to.kind === "hangup") return "";
  return to.kind === "outside-number" ? `phone-number#${to.number}` : `${to.kind}#${to.ref}`;
}
