// Voicemail: the boxes, and the messages of one.
import { useId } from "react";
import { kindOf } from "../../core/registry.ts";
import { pathOf, useItems } from "../api/queries.ts";
import { may, useMe } from "../frame/me.ts";
import { t } from "../i18n/t.ts";
import { Button } from "../part/button.tsx";
import { Empty, Page, Skeleton } from "../part/page.tsx";
import { Problem } from "../part/problem.tsx";
import { Link, navigate } from "../router.tsx";
import { useTenantId } from "../tenant/id.ts";
import { Messages } from "./messages.tsx";

const boxes = kindOf("voicemail-box");

export function VoicemailPage({ rest }: { rest: string[] }) {
  const tenant = useTenantId();
  const id = useId();
  const { data: me } = useMe();
  const all = useItems(tenant, boxes);
  const found = all.data?.pages.flatMap((page) => page.data);
  const box = found?.find((one) => one.id === rest[0]) ?? found?.[0];
  return (
    <Page title={t("Voicemail")}>
      {all.error && !found ? <Problem error={all.error} onRetry={() => all.refetch()} /> : null}
      {all.isPending ? <Skeleton height="h-16" /> : null}
      {found?.length === 0 ? (
        <Empty title={t("No voicemail box yet")}>
          <p>{t("An extension with a box takes messages from callers whom nobody answered.")}</p>
          <Link
            className="link inline-flex min-h-6 items-center underline"
            to={`/tenants/${tenant}/voicemail-boxes/new`}
          >
            {t("Make a voicemail box")}
          </Link>
        </Empty>
      ) : null}
      {found && found.length > 0 ? (
        <div className="flex flex-wrap items-end gap-3">
          <div className="grid gap-1 sm:w-64">
            <label htmlFor={id} className="text-muted text-xs">
              {t("Box")}
            </label>
            <select
              id={id}
              className="input"
              value={box?.id ?? ""}
              onChange={({ target }) => navigate(`/tenants/${tenant}/voicemail/${target.value}`, "replace")}
            >
              {found.map((one) => (
                <option key={one.id} value={one.id}>
                  {String(one.number)}
                </option>
              ))}
            </select>
          </div>
          {all.hasNextPage ? (
            <Button busy={all.isFetchingNextPage} onClick={() => all.fetchNextPage()}>
              {t("More boxes")}
            </Button>
          ) : null}
          {box ? (
            <Link className="link min-h-9 content-center" to={`/tenants/${tenant}/voicemail-boxes/${box.id}`}>
              {t("The box's settings")}
            </Link>
          ) : null}
        </div>
      ) : null}
      {box ? (
        <Messages
          key={box.id}
          path={`${pathOf(tenant, boxes, box.id)}/messages`}
          mayChange={may(me, "voicemail-boxes:write")}
        />
      ) : null}
    </Page>
  );
}
