// A revision's differences, resource by resource.

import type { DiffLine } from "../../functions/document/change.ts";
import { type Field, fieldsOf } from "../form/field.ts";
import { t, text } from "../i18n/t.ts";
import { Chip, type Tone } from "../part/chip.tsx";
import { phrase } from "../part/words.ts";
import { Shown } from "../resource/value.tsx";
import { Link } from "../router.tsx";
import { useTenantId } from "../tenant/id.ts";
import { byKindName, placeOf } from "../tenant/kinds.ts";
import { differences, type Leaf } from "./leaves.ts";

const said: Record<DiffLine["op"], [Tone, string]> = {
  create: ["good", text("New")],
  update: ["quiet", text("Changed")],
  delete: ["bad", text("Deleted")],
};
const most = 100;

export function Diff({ lines }: { lines: DiffLine[] }) {
  return (
    <ul className="grid gap-3">
      {lines.slice(0, most).map((line) => (
        <li key={line.id}>
          <Changed line={line} />
        </li>
      ))}
      {lines.length > most ? <li className="text-muted">{t("and {n} more", { n: lines.length - most })}</li> : null}
    </ul>
  );
}

function Changed({ line }: { line: DiffLine }) {
  const { op, kind, id, key, before, after } = line;
  const known = byKindName(kind);
  const fields: Field[] = known ? fieldsOf(known) : [];
  const tenant = useTenantId();
  const place = op === "delete" ? undefined : placeOf(tenant, kind, id);
  const [tone, what] = said[op];
  const name = `${phrase(kind)} ${key}`;
  return (
    <div className="grid gap-1">
      <div className="flex flex-wrap items-center gap-2">
        <Chip tone={tone}>{t(what)}</Chip>
        {place ? (
          <Link className="link min-w-0 font-medium break-words" to={place}>
            {name}
          </Link>
        ) : (
          <span className="min-w-0 font-medium break-words">{name}</span>
        )}
      </div>
      <dl className="grid grid-cols-[7.5rem_minmax(0,1fr)] gap-x-3 gap-y-0.5 border-line border-l-2 pl-3 sm:grid-cols-[10rem_minmax(0,1fr)]">
        {differences(fields, before, after).map(({ label, before: old, after: now }) => (
          <div key={label} className="contents">
            <dt className="text-muted">{label}</dt>
            <dd className="min-w-0 break-words">
              {op === "update" ? (
                <>
                  <Side leaf={old} was />
                  <span aria-hidden="true" className="text-muted">
                    {" "}
                    →{" "}
                  </span>
                  <Side leaf={now} />
                </>
              ) : (
                <Shown field={(now ?? old)?.field} value={(now ?? old)?.value} />
              )}
            </dd>
          </div>
        ))}
      </dl>
    </div>
  );
}

function Side({ leaf, was = false }: { leaf: Leaf | undefined; was?: boolean }) {
  const Element = was ? "del" : "ins";
  return (
    <Element className={was ? "text-muted line-through decoration-from-font" : "no-underline"}>
      {leaf ? <Shown field={leaf.field} value={leaf.value} /> : <span>{t("nothing")}</span>}
    </Element>
  );
}
