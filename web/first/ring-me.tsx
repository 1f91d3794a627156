// A call to oneself: one's phones ring, and who takes it up hears some words and then himself.
import { useMutation } from "@tanstack/react-query";
import { placeCall } from "../call/place.ts";
import { t } from "../i18n/t.ts";
import { Button } from "../part/button.tsx";
import { Icon } from "../part/icon.tsx";
import { Problem } from "../part/problem.tsx";
import { wordsOf } from "../part/problem-words.ts";
import { useTenantId } from "../tenant/id.ts";

type Props = { extension: string; look?: "main" | "plain"; disabled?: boolean };

export function RingMe({ extension, look = "main", disabled = false }: Props) {
  const tenant = useTenantId();
  const ring = useMutation({ mutationFn: () => placeCall(tenant, { from: extension }) });
  return (
    <>
      <Button
        look={look}
        disabled={disabled}
        className="disabled:opacity-50"
        busy={ring.isPending}
        onClick={() => ring.mutate()}
      >
        <Icon name="phone" /> {t("Ring me")}
      </Button>
      <span role="status" className="text-muted">
        {ring.isPending ? t("Your phone rings now; take it up.") : ring.isSuccess ? t("That went through.") : ""}
      </span>
      {ring.error ? <Problem error={ring.error} title={t("It did not ring")} detail={wordsOf(ring.error)} /> : null}
    </>
  );
}
