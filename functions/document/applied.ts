// What an apply or a rollback came to, as callers are told.
import { present } from "./change.ts";
import { diffOf } from "./diff.ts";
import { naturalKey } from "./view.ts";
import type { Outcome } from "./write.ts";

/** `{revision, diff, secrets?}`. */
export function appliedOf({ revision, draft: { changes }, secrets }: Outcome): Record<string, unknown> {
  const keys = new Map(changes.flatMap(({ after }) => (after ? [[after.id, naturalKey(after)] as const] : [])));
  const shown = secrets.map(({ kind, id, pointer, value }) => ({
    kind,
    id,
    key: keys.get(id) ?? null,
    pointer,
    value,
  }));
  return { revision, diff: present(diffOf(changes)), ...(shown.length > 0 && { secrets: shown }) };
}
