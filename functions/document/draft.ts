// A draft: what a set of edits would make of a document, checked in every way that the document alone can tell. Nothing is written here.
import type { z } from "zod";
import { canonical } from "../../core/canonical.ts";
import { idOf } from "../../core/owner.ts";
import { type KindName, kindOf } from "../../core/registry.ts";
import { type Body, type Kind, numbersOf } from "../../core/resources/kind.ts";
import { isEmergency } from "../../core/routing/emergency.ts";
import { newId } from "../id.ts";
import { type Flaw, Problem } from "../problem.ts";
import { circles } from "./circles.ts";
import { type ClaimChanges, claimChanges } from "./claims.ts";
import { sortOf } from "./head.ts";
import { merge } from "./merge.ts";
import { resolveReferences, usersOf } from "./references.ts";
import { type NewSecret, settle } from "./secrets.ts";
import { checkVersion } from "./version.ts";
import { naturalKey, type Stored, type View } from "./view.ts";

/** One edit. `pointer` is where the caller wrote it, for problems. `restore` puts a body of an earlier revision back. */
export type Edit =
  | { op: "create"; kind: Kind; body: Body; pointer: string; id?: string }
  | { op: "update"; kind: Kind; id: string; patch: Body; pointer: string; ifVersion?: number }
  | { op: "restore"; kind: Kind; id: string; body: Body; pointer: string }
  | { op: "delete"; kind: Kind; id: string; pointer: string; ifVersion?: number };

export type ChangedResource = { before: Stored | undefined; after: Stored | undefined };
export type Draft = {
  changes: ChangedResource[];
  secrets: (NewSecret & { resource: Stored })[];
  superseded: string[];
  claims: ClaimChanges;
  /** Where each resource that was written stands in what was sent, by its id. */
  pointers: Map<string, string>;
};

/** From here on the whole document is read at once. */
export const many = 50;

type Work = { edit: Exclude<Edit, { op: "delete" }>; before: Stored | undefined; resource: Stored };

/** Throws a Problem that names every flaw found. `above`: the documents of the accounts above. `revision` is the one the draft would become. */
export async function draft(view: View, above: View[], edits: Edit[], revision: number, now: string): Promise<Draft> {
  const flaws: Flaw[] = [];
  const work: Work[] = [];
  if (edits.length > many) await view.load();
  for (const edit of edits) {
    if (edit.op === "delete") await remove(view, edit);
    else work.push(...(await parse(view, edit, revision, now, flaws)));
  }
  if (flaws.length > 0) throw invalid(flaws);
  await resolveReferences(view, above, work, flaws);
  if (flaws.length > 0) throw new Problem("reference_not_found", sentence(flaws), { errors: flaws.slice(0, 100) });
  const result: Draft = {
    changes: [],
    secrets: [],
    superseded: [],
    claims: { put: [], delete: [], globals: { put: [], delete: [] } },
    pointers: new Map(work.map(({ edit, resource }) => [resource.id, edit.pointer])),
  };
  for (const { edit, before, resource } of work) {
    const restored = edit.op === "restore" ? structuredClone(resource.body) : undefined;
    const settled = settle(edit.kind.schema, before?.body, resource.body, restored);
    flaws.push(...settled.flaws.map((flaw) => ({ ...flaw, pointer: edit.pointer + flaw.pointer })));
    result.secrets.push(...settled.created.map((secret) => ({ ...secret, resource })));
    result.superseded.push(...settled.superseded);
  }
  flaws.push(...(await unfit(view, work)));
  flaws.push(...(await circles(view, new Map(work.map(({ edit, resource }) => [resource, edit.pointer])))));
  if (flaws.length > 0) throw invalid(flaws);
  const changed = await view.changed();
  result.changes = changed.filter(
    ({ before, after }) => !before || !after || canonical(before.body) !== canonical(after.body),
  );
  result.claims = await claimChanges(view, result.changes, result.pointers);
  await refuseUsed(view, result.changes);
  return result;
}

/** What the schemas alone can't say. Where the country changes, it is asked of every resource: what they may hold depends on it. */
async function unfit(view: View, work: Work[]): Promise<Flaw[]> {
  const settings = await view.get(sortOf(view.owner), idOf(view.owner));
  const country = String(settings?.body.country ?? "US");
  const written = new Map(work.map(({ edit, resource }) => [resource, edit.pointer]));
  const before = await view.stored(sortOf(view.owner), idOf(view.owner));
  const moved = before !== undefined && before.body.country !== country;
  const settingsAt = (settings && written.get(settings)) ?? "";
  const resources = moved ? await view.all() : [...written.keys()];
  return resources.flatMap((resource) =>
    flawsOf(resource, country).map(({ pointer, detail }) => {
      const at = written.get(resource);
      if (at !== undefined) return { pointer: at + pointer, detail };
      return { pointer: `${settingsAt}/country`, detail: `${resource.kind} ${naturalKey(resource)}: ${detail}` };
    }),
  );
}

function flawsOf({ kind: name, body }: Stored, country: string): Flaw[] {
  const kind = kindOf(name);
  const pointer = typeof kind.dialable === "string" ? `/${kind.dialable}` : "";
  const dialled = numbersOf(kind, body).filter((number) => isEmergency(number, country));
  const emergencies = dialled.map((number) => ({
    pointer,
    detail: `${number} is an emergency number; choose another`,
  }));
  return [...emergencies, ...(kind.check?.(body, { country }) ?? [])];
}

async function remove(view: View, edit: Edit & { op: "delete" }): Promise<void> {
  const before = await existing(view, edit.kind, edit.id);
  checkVersion(before, edit.ifVersion);
  view.set(edit.kind.kind, edit.id, undefined);
}

async function existing(view: View, kind: Kind, id: string): Promise<Stored> {
  const found = await view.get(kind.kind, id);
  if (!found) throw new Problem("not_found", `There is no ${kind.kind} ${id}; check the id.`);
  return found;
}

async function parse(view: View, edit: Work["edit"], revision: number, now: string, flaws: Flaw[]): Promise<Work[]> {
  const before =
    edit.op === "update"
      ? await existing(view, edit.kind, edit.id)
      : edit.op === "restore"
        ? await view.get(edit.kind.kind, edit.id)
        : undefined;
  if (edit.op === "update" && before) checkVersion(before, edit.ifVersion);
  const parsed = edit.kind.schema.safeParse(candidate(edit, before));
  if (!parsed.success) {
    flaws.push(...flawsIn(parsed.error, edit.pointer));
    return [];
  }
  const id = edit.op === "create" ? (edit.id ?? newId(edit.kind.prefix)) : edit.id;
  const resource: Stored = {
    kind: edit.kind.kind as KindName,
    id,
    body: structuredClone(parsed.data),
    version: (before?.version ?? 0) + 1,
    revision,
    createdAt: before?.createdAt ?? now,
    updatedAt: now,
  };
  view.set(resource.kind, id, resource);
  return [{ edit, before, resource }];
}

function candidate(edit: Work["edit"], before: Stored | undefined): Body {
  if (edit.op === "restore") return edit.body;
  if (edit.op === "create") return edit.kind.prepare?.(edit.body, undefined) ?? edit.body;
  const merged = merge(before?.body ?? {}, edit.patch, edit.kind.schema);
  return edit.kind.prepare?.(merged, before?.body) ?? merged;
}

/** What a schema found, the first hundred; `at`: where what it was given stands. */
export const flawsIn = ({ issues }: z.ZodError, at: string): Flaw[] =>
  issues.slice(0, 100).map((issue) => ({ pointer: pointerTo(at, issue.path), detail: explain(issue) }));

const pointerTo = (base: string, path: PropertyKey[]): string =>
  base + path.map((part) => `/${String(part).replaceAll("~", "~0").replaceAll("/", "~1")}`).join("");

function explain(issue: { code?: string; message: string; keys?: string[] }): string {
  if (issue.code === "unrecognized_keys")
    return `unknown field ${issue.keys?.map((key) => JSON.stringify(key.slice(0, 64))).join(", ")}; remove it`;
  return issue.message.slice(0, 500);
}

const sentence = (flaws: Flaw[]): string =>
  flaws
    .slice(0, 3)
    .map((flaw) => `${flaw.pointer || "/"}: ${flaw.detail}`)
    .join("; ")
    .concat(".");
const invalid = (flaws: Flaw[]): Problem => new Problem("invalid", sentence(flaws), { errors: flaws.slice(0, 100) });

/** What is deleted may not be in use by what stays. */
async function refuseUsed(view: View, changes: ChangedResource[]): Promise<void> {
  const gone = new Set(changes.flatMap(({ before, after }) => (before && !after ? [before.id] : [])));
  if (gone.size === 0) return;
  const users = usersOf(await view.all(), gone);
  if (users.length === 0) return;
  const named = users.map(({ resource, pointer }) => ({
    kind: resource.kind,
    id: resource.id,
    key: naturalKey(resource),
    pointer,
  }));
  const list = named
    .slice(0, 5)
    .map((user) => `${user.kind} ${user.key}`)
    .join(", ");
  throw new Problem(
    "in_use",
    `Still in use by ${list}${named.length > 5 ? ` and ${named.length - 5} more` : ""}; change these first.`,
    { extra: { users: named.slice(0, 100) } },
  );
}
