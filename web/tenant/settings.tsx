// A tenant's own settings, and deleting it.
import { useState } from "react";
import { send } from "../api/client.ts";
import { type Tenant, tenantPath, useTenant, useWrite } from "../api/queries.ts";
import { fieldsOf } from "../form/field.ts";
import { Form } from "../form/form.tsx";
import { changed, toSend, type Value } from "../form/value.ts";
import { t } from "../i18n/t.ts";
import { Button } from "../part/button.tsx";
import { Dialog } from "../part/dialog.tsx";
import { Page, Skeleton } from "../part/page.tsx";
import { Problem } from "../part/problem.tsx";
import { go } from "../router.tsx";
import { Certificate } from "./certificate.tsx";
import { useTenantId } from "./id.ts";
import { tenantKind } from "./new.tsx";

export function SettingsPage() {
  const { data } = useTenant(useTenantId());
  return data ? <Settings tenant={data} /> : <Skeleton />;
}

function Settings({ tenant }: { tenant: Tenant }) {
  const fields = fieldsOf(tenantKind);
  const [base, setBase] = useState(tenant);
  const [value, setValue] = useState<Value>(tenant);
  const [said, setSaid] = useState("");
  const [deleting, setDeleting] = useState(false);
  const patch = changed(toSend(fields, base), toSend(fields, value, base));
  const dirty = Object.keys(patch).length > 0;
  const adopt = (next: Tenant): void => {
    setBase(next);
    setValue(next);
  };
  if (tenant.version > base.version && !dirty) adopt(tenant);
  const save = useWrite(tenant.id, (body: Value) =>
    send<Tenant>("PATCH", tenantPath(tenant.id), { body, version: base.version }),
  );
  const submit = async (): Promise<void> => {
    if (!dirty) return setSaid(t("Nothing has changed."));
    const answer = await save.mutateAsync(patch).catch(() => undefined);
    if (!answer) return;
    adopt(answer);
    setSaid(t("Saved."));
  };
  return (
    <Page
      title={t("Settings")}
      actions={
        <Button look="danger" onClick={() => setDeleting(true)}>
          {t("Delete tenant")}
        </Button>
      }
    >
      <Form
        fields={fields}
        value={value}
        onChange={(next) => {
          setValue(next);
          setSaid("");
        }}
        onSubmit={submit}
        busy={save.isPending}
        error={save.error}
        submit={t("Save")}
        dirty={dirty}
        status={said || (dirty ? t("Not saved yet.") : "")}
      />
      <Certificate tenant={base.id} domain={base.domain} />
      {deleting ? <DeleteTenant tenant={base} onClose={() => setDeleting(false)} /> : null}
    </Page>
  );
}

/** The name must be typed: its phones stop at once. */
function DeleteTenant({ tenant, onClose }: { tenant: Tenant; onClose(): void }) {
  const [typed, setTyped] = useState("");
  const remove = useWrite("", () => send<void>("DELETE", tenantPath(tenant.id)));
  const sure = typed === tenant.name;
  const confirmed = async (): Promise<void> => {
    const done = await remove.mutateAsync(undefined).then(
      () => true,
      () => false,
    );
    if (done) go("/tenants", "replace");
  };
  return (
    <Dialog
      title={t("Delete {name}?", { name: tenant.name })}
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>{t("Keep it")}</Button>
          <Button
            look="danger"
            disabled={!sure}
            className="disabled:opacity-50"
            busy={remove.isPending}
            onClick={confirmed}
          >
            {t("Delete tenant")}
          </Button>
        </>
      }
    >
      <p>
        {t(
          "Calls stop at once and its API keys end. It can be restored by API for a while, by default 30 days; then everything it has is gone for good.",
        )}
      </p>
      <label className="grid gap-1" htmlFor="sure">
        <span className="font-medium break-words">{t("Type {name} to go on", { name: tenant.name })}</span>
        <input
          id="sure"
          className="input"
          autoComplete="off"
          value={typed}
          onChange={({ target }) => setTyped(target.value)}
        />
      </label>
      {remove.error ? <Problem error={remove.error} title={t("It can't be deleted")} /> : null}
    </Dialog>
  );
}
