// Who may do what here: invited, changed, invited again, removed.
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { kindOf } from "../../core/registry.ts";
import { send } from "../api/client.ts";
import { useWholeList } from "../api/lists.ts";
import { may, useMe } from "../frame/me.ts";
import { t } from "../i18n/t.ts";
import { roleNames } from "../identity/roles.ts";
import { Button } from "../part/button.tsx";
import { Chip } from "../part/chip.tsx";
import { Dialog } from "../part/dialog.tsx";
import { Empty, Page, Skeleton } from "../part/page.tsx";
import { Problem } from "../part/problem.tsx";
import { type Tab, Tabs } from "../part/tabs.tsx";
import { Time } from "../part/time.tsx";
import { toast } from "../part/toast.tsx";
import { MemberForm } from "./form.tsx";
import { type Member, type Place, queryOf, useFresh, useMembers } from "./members.ts";

export function Members({ place, tabs }: { place: Place; tabs: Tab[] }) {
  const { data: me } = useMe();
  const members = useMembers(place);
  const [open, setOpen] = useState<Member | "new">();
  const mayChange = may(me, "members:write");
  const close = () => setOpen(undefined);
  return (
    <Page
      title={t("Members")}
      about={t(
        "People who sign in here. What each may do is their role's; an extension gives them a phone of their own.",
      )}
      actions={
        mayChange ? (
          <Button look="main" onClick={() => setOpen("new")}>
            {t("Invite somebody")}
          </Button>
        ) : null
      }
    >
      <Tabs name={t("What to show")} tabs={tabs} />
      {members.error && !members.data ? <Problem error={members.error} onRetry={() => members.refetch()} /> : null}
      {members.isPending ? <Skeleton height="h-16" /> : null}
      {members.data?.length === 0 ? (
        <Empty title={t("No members yet")}>
          <p>{t("Invite somebody by email: a link lets them choose a password and come in.")}</p>
        </Empty>
      ) : null}
      <ul className="card divide-y divide-line empty:hidden">
        {members.data?.map((member) => (
          <Row key={member.id} member={member} place={place} mayChange={mayChange} onEdit={() => setOpen(member)} />
        ))}
      </ul>
      {open === undefined ? null : <MemberForm place={place} member={open === "new" ? null : open} onClose={close} />}
    </Page>
  );
}

/** `Ada 1001`, of an extension's id. */
function useExtensionName(place: Place, id: string | null): string | undefined {
  const tenant = "tenantId" in place ? place.tenantId : "";
  const { data } = useWholeList(tenant, kindOf("extension"), ["number", "displayName"], tenant !== "");
  const found = data?.items.find((one) => one.id === id);
  return found && String(found.number);
}

type RowProps = { member: Member; place: Place; mayChange: boolean; onEdit(): void };

function Row({ member, place, mayChange, onEdit }: RowProps) {
  const { data: me } = useMe();
  const fresh = useFresh(place);
  const [removing, setRemoving] = useState(false);
  const number = useExtensionName(place, member.extension);
  const path = `/v1/members/${member.id}`;
  const { name, email } = member;
  const invite = useMutation({
    mutationFn: () => send("POST", `${path}/invite?${queryOf(place)}`, { body: {} }),
    onSuccess() {
      toast(t("An invitation is on its way to {email}.", { email }));
      fresh();
    },
  });
  const remove = useMutation({
    mutationFn: () => send("DELETE", `${path}?${queryOf(place)}`),
    onSuccess() {
      setRemoving(false);
      fresh();
    },
  });
  const isMe = me?.member?.id === member.id;
  return (
    <li className="grid gap-2 px-4 py-3">
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
        <div className="grid min-w-0 flex-1 basis-56">
          <p className="font-medium break-words">
            {name}
            {isMe ? <span className="font-normal text-muted"> · {t("you")}</span> : null}
          </p>
          <p className="text-muted break-all">{email}</p>
          {member.personId === null && member.invitedAt !== null ? (
            <p className="text-muted text-xs">
              {t("Invited")}: <Time at={member.invitedAt} />
            </p>
          ) : null}
          {member.mailReturned === null ? null : (
            <p className="text-xs">
              {member.mailReturned.reason === "bounce"
                ? t("Mail to this address comes back; none is sent there until")
                : t("Mail from here was called spam; none is sent there until")}{" "}
              <Time at={member.mailReturned.until} />
            </p>
          )}
        </div>
        <div className="flex flex-wrap items-center gap-2 sm:w-72">
          <Chip tone="quiet">{roleNames[member.role]?.() ?? member.role}</Chip>
          {number === undefined ? null : <Chip tone="quiet">{t("Phone {number}", { number })}</Chip>}
          <Standing member={member} />
        </div>
        {mayChange ? (
          <div className="flex flex-wrap gap-2 sm:w-60 sm:justify-end">
            {member.personId === null ? (
              <Button
                small
                busy={invite.isPending}
                aria-label={`${member.invitedAt === null ? t("Invite") : t("Invite again")}: ${name}`}
                onClick={() => invite.mutate()}
              >
                {member.invitedAt === null ? t("Invite") : t("Invite again")}
              </Button>
            ) : null}
            <Button small aria-label={t("Change {name}", { name })} onClick={onEdit}>
              {t("Change")}
            </Button>
            <Button small look="danger" aria-label={t("Remove {name}", { name })} onClick={() => setRemoving(true)}>
              {t("Remove")}
            </Button>
          </div>
        ) : null}
      </div>
      {invite.error ? <Problem error={invite.error} title={t("No invitation was sent")} /> : null}
      {removing ? (
        <Dialog
          title={t("Remove {name}?", { name })}
          onClose={() => setRemoving(false)}
          actions={
            <>
              <Button onClick={() => setRemoving(false)}>{t("Cancel")}</Button>
              <Button look="danger" busy={remove.isPending} onClick={() => remove.mutate()}>
                {t("Remove")}
              </Button>
            </>
          }
        >
          <p>
            {t("{name} is signed out here at once, and API keys made for them work no more. Their extension stays.", {
              name,
            })}
          </p>
          {remove.error ? <Problem error={remove.error} /> : null}
        </Dialog>
      ) : null}
    </li>
  );
}

function Standing({ member: { personId, invitedAt } }: { member: Member }) {
  if (personId !== null) return <Chip tone="good">{t("Active")}</Chip>;
  if (invitedAt === null) return <Chip tone="warn">{t("Not invited")}</Chip>;
  return <Chip tone="warn">{t("Invited")}</Chip>;
}
