// What a host refused of a tenant's document, why, and what comes of it.
import type { Failure } from "../../core/wire.ts";
import { t } from "../i18n/t.ts";
import { phrase } from "../part/words.ts";
import { Name } from "../resource/value.tsx";
import { Link } from "../router.tsx";
import { useTenantId } from "../tenant/id.ts";
import { byKindName, placeOf } from "../tenant/kinds.ts";

export function FailureLine({ failure }: { failure: Failure }) {
  const place = placeOf(useTenantId(), failure.kind, failure.id);
  const kind = byKindName(failure.kind);
  const name = (
    <>
      {phrase(failure.kind)} {kind ? <Name kind={kind.kind as never} id={failure.id} /> : failure.id}
    </>
  );
  return (
    <li className="break-words">
      {place ? (
        <Link className="link font-medium underline" to={place}>
          {name}
        </Link>
      ) : (
        <span className="font-medium">{name}</span>
      )}
      : {failure.reason} {failure.retry ? t("The edge tries again.") : t("It needs a change.")}
    </li>
  );
}
