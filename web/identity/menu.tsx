// What the account's menu has for a person: his own page, and his other places.
import { useMutation } from "@tanstack/react-query";
import { send } from "../api/client.ts";
import { t } from "../i18n/t.ts";
import { Icon } from "../part/icon.tsx";
import { Link, navigate } from "../router.tsx";
import { homeOf, type PersonSession, setPerson, useSession } from "../session/session.ts";
import { roleNames } from "./roles.ts";

const item = "flex min-h-8 w-full items-center gap-2 rounded-md px-2 text-left hover:bg-hover";

export function IdentityItems({ close }: { close(): void }) {
  const session = useSession();
  const change = useMutation({
    mutationFn: (memberId: string) =>
      send<PersonSession>("POST", "/v1/identity/session/member", { body: { memberId } }),
    onSuccess(next) {
      navigate(homeOf(next.member));
      setPerson(next);
    },
  });
  if (session?.by !== "person") return null;
  const { members, member: current, person } = session;
  return (
    <>
      <p className="-mt-1.5 truncate px-2 text-muted text-xs">{person.email}</p>
      <Link to="/account" className={item} onClick={close}>
        {t("Your account")}
      </Link>
      <Link to="/account/security" className={item} onClick={close}>
        {t("Security")}
      </Link>
      {members.length > 1 ? (
        <fieldset className="grid gap-0.5">
          <legend className="px-2 pb-0.5 text-muted text-xs">{t("Your places")}</legend>
          {members.map(({ id, place, role }) => (
            <button
              key={id}
              type="button"
              aria-pressed={id === current?.id}
              className={item}
              onClick={() => id !== current?.id && change.mutate(id)}
            >
              <span className="min-w-0 flex-1 truncate">{place}</span>
              <span className="text-muted text-xs">{roleNames[role]?.() ?? role}</span>
              {id === current?.id ? <Icon name="check" /> : <span className="size-4" />}
            </button>
          ))}
        </fieldset>
      ) : null}
    </>
  );
}
