// What a draft changes, as its change record tells it.
import type { DiffLine } from "./change.ts";
import type { ChangedResource } from "./draft.ts";
import { naturalKey } from "./view.ts";

export function diffOf(changes: ChangedResource[]): DiffLine[] {
  return changes.flatMap(({ before, after }) => {
    const resource = after ?? before;
    if (!resource) return [];
    const op = before ? (after ? "update" : "delete") : "create";
    return [
      {
        op,
        kind: resource.kind,
        id: resource.id,
        key: naturalKey(resource),
        before: before?.body ?? null,
        after: after?.body ?? null,
      },
    ];
  });
}
