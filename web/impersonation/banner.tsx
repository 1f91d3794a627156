// On every page while somebody acts for a company: who he is, as whom he looks, until when, and the way out.
import { useMutation } from "@tanstack/react-query";
import { useEffect } from "react";
import { impersonationOver } from "../api/client.ts";
import { t } from "../i18n/t.ts";
import { roleNames } from "../identity/roles.ts";
import { Button } from "../part/button.tsx";
import { useNow } from "../part/time.tsx";
import { useSession } from "../session/session.ts";
import { leaveCompany } from "./open.ts";

export function ImpersonationBanner() {
  const session = useSession();
  const acting = session?.by === "person" ? session.impersonation : null;
  return acting && session?.by === "person" ? <Banner name={session.person.name} {...acting} /> : null;
}

type Props = { name: string; place: string; role: string; until: string };

function Banner({ name, place, role, until }: Props) {
  const leave = useMutation({ mutationFn: (why?: string) => leaveCompany(why) });
  const left = Date.parse(until) - useNow(5000);
  const isOver = left <= 0;
  const { mutate } = leave;
  useEffect(() => {
    const over = (): void => mutate(t("You no longer act for {place}.", { place }));
    if (isOver) over();
    addEventListener(impersonationOver, over);
    return () => removeEventListener(impersonationOver, over);
  }, [mutate, isOver, place]);
  return (
    <section
      aria-label={t("Acting for a company")}
      className="sticky top-12 z-10 flex flex-wrap items-center gap-x-4 gap-y-1 border-warn border-b bg-warn-soft px-4 py-1.5 text-warn md:top-0 md:px-8"
    >
      <p className="min-w-0 flex-1 basis-60 break-words">
        {t("{name}, you look at {place} as its {role}.", { name, place, role: roleNames[role]?.() ?? role })}{" "}
        <span className="whitespace-nowrap">
          {t("{n} minutes left.", { n: Math.max(0, Math.ceil(left / 60_000)) })}
        </span>{" "}
        {t("What you change names you.")}
      </p>
      <Button small busy={leave.isPending} onClick={() => mutate(undefined)}>
        {t("Leave the company")}
      </Button>
    </section>
  );
}
