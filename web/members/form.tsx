// A member that is invited, or changed.
import { useMutation } from "@tanstack/react-query";
import { type FormEvent, useId, useState } from "react";
import { kindOf } from "../../core/registry.ts";
import { send } from "../api/client.ts";
import { useWholeList } from "../api/lists.ts";
import { currentLanguage, languages, t } from "../i18n/t.ts";
import { EmailField, flawOf, TextField } from "../identity/fields.tsx";
import { roleNames } from "../identity/roles.ts";
import { Button } from "../part/button.tsx";
import { Choices } from "../part/choices.tsx";
import { Dialog } from "../part/dialog.tsx";
import { Problem } from "../part/problem.tsx";
import { toast } from "../part/toast.tsx";
import { type Member, type Place, queryOf, useFresh } from "./members.ts";
import { roleWords } from "./words.ts";

type Props = { place: Place; member: Member | null; onClose(): void };

export function MemberForm({ place, member, onClose }: Props) {
  const id = useId();
  const fresh = useFresh(place);
  const isTenant = "tenantId" in place;
  const [name, setName] = useState(member?.name ?? "");
  const [email, setEmail] = useState(member?.email ?? "");
  const [role, setRole] = useState(member?.role ?? (isTenant ? "user" : "admin"));
  const [extension, setExtension] = useState(member?.extension ?? "");
  const [language, setLanguage] = useState<string>(currentLanguage());
  const [invites, setInvites] = useState(true);
  const settings = { name: name.trim(), role, ...(isTenant && { extension: extension === "" ? null : extension }) };
  const save = useMutation({
    mutationFn: () =>
      member
        ? send("PATCH", `/v1/members/${member.id}?${queryOf(place)}`, {
            body: { ...settings, ...(email.trim() !== member.email && { email: email.trim() }) },
            version: member.version,
          })
        : send("POST", "/v1/members", {
            body: { ...settings, ...place, email: email.trim(), ...(invites && { invite: true, language }) },
          }),
    onSuccess() {
      if (!member && invites) toast(t("An invitation is on its way to {email}.", { email: email.trim() }));
      fresh();
      onClose();
    },
  });
  const incomplete = name.trim() === "" || email.trim() === "";
  const wrong = (pointer: string) => flawOf(save.error, pointer);
  const isField = ["/name", "/email"].some((pointer) => wrong(pointer) !== undefined);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (!incomplete && !save.isPending) save.mutate();
  };
  const action = member ? t("Save") : invites ? t("Send the invitation") : t("Add");
  return (
    <Dialog
      title={member ? t("Change {name}", { name: member.name }) : t("Invite somebody")}
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>{t("Cancel")}</Button>
          <Button type="submit" form={id} look="main" busy={save.isPending} disabled={incomplete}>
            {action}
          </Button>
        </>
      }
    >
      <form id={id} noValidate className="grid gap-4" onSubmit={submit}>
        <div className="fields">
          <TextField label={t("Name")} value={name} onChange={setName} wrong={wrong("/name")} autoFocus />
          <EmailField autoComplete="off" value={email} onChange={setEmail} wrong={wrong("/email")} />
        </div>
        <Choices
          title={t("Role")}
          name={`${id}role`}
          choices={Object.entries(roleNames)
            .filter(([one]) => isTenant || one !== "user")
            .map(([value, label]) => ({ value, label: label(), about: roleWords[value]?.() }))}
          chosen={role}
          onChange={setRole}
        />
        {isTenant ? <Extension tenant={place.tenantId} value={extension} onChange={setExtension} /> : null}
        {member ? null : (
          <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
            <label className="flex min-h-9 items-center gap-2">
              <input type="checkbox" checked={invites} onChange={({ target }) => setInvites(target.checked)} />
              {t("Mail an invitation now, in")}
            </label>
            <select
              aria-label={t("Language of the invitation")}
              className="input w-auto!"
              value={language}
              onChange={({ target }) => setLanguage(target.value)}
            >
              {Object.entries(languages).map(([tag, label]) => (
                <option key={tag} value={tag}>
                  {label}
                </option>
              ))}
            </select>
          </div>
        )}
        {save.error && !isField ? <Problem error={save.error} /> : null}
      </form>
    </Dialog>
  );
}

type ExtensionProps = { tenant: string; value: string; onChange(id: string): void };

function Extension({ tenant, value, onChange }: ExtensionProps) {
  const id = useId();
  const { data } = useWholeList(tenant, kindOf("extension"), ["number", "displayName"]);
  return (
    <div className="grid gap-1">
      <label htmlFor={id} className="font-medium">
        {t("Extension")}
      </label>
      <select id={id} className="input" value={value} onChange={({ target }) => onChange(target.value)}>
        <option value="">{t("None")}</option>
        {data?.items.map((one) => (
          <option key={one.id} value={one.id}>
            {[one.number, one.displayName].filter(Boolean).join(" · ")}
          </option>
        ))}
      </select>
      <p className="text-muted text-xs">{t("Its calls, voicemail and settings are theirs under “My phone”.")}</p>
    </div>
  );
}
