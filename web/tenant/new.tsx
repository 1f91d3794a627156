// Making a tenant.

import { useState } from "react";
import type { Kind } from "../../core/resources/kind.ts";
import { tenant } from "../../core/resources/tenant.ts";
import type { Flaw } from "../../functions/problem.ts";
import { send } from "../api/client.ts";
import { type Tenant, useWrite } from "../api/queries.ts";
import { flawsOf } from "../form/check.ts";
import { type Field, fieldsOf } from "../form/field.ts";
import { Form } from "../form/form.tsx";
import { initialOf, toSend, type Value } from "../form/value.ts";
import { t } from "../i18n/t.ts";
import { Page } from "../part/page.tsx";
import { go, useParameters } from "../router.tsx";

export const tenantKind = tenant as unknown as Kind;

/** Without a domain the API makes one from the name; there is no music yet to choose. */
const fieldsHere = (): Field[] =>
  fieldsOf(tenantKind)
    .filter(({ name }) => name !== "musicOnHold")
    .map((field) =>
      field.name === "domain"
        ? { ...field, required: false, about: t("The SIP domain; leave it out and one is made from the name") }
        : field,
    );

export function NewTenant() {
  const fields = fieldsHere();
  const [initial] = useState<Value>(() => initialOf(fields));
  const [value, setValue] = useState<Value>(initial);
  // without a domain one is made from the name
  const check = (next: Value): Flaw[] =>
    flawsOf(tenantKind, { domain: "made.example", ...toSend(fields, next) }, undefined);
  // the account whose page led here; the own one else
  const accountId = useParameters()[0].get("account");
  const create = useWrite("", (body: Value) =>
    send<Tenant>("POST", "/v1/tenants", { body: { ...body, ...(accountId && { accountId }) } }),
  );
  const submit = async (): Promise<void> => {
    const made = await create.mutateAsync(toSend(fields, value)).catch(() => undefined);
    if (made) go(`/tenants/${made.id}/extensions`);
  };
  return (
    <Page title={t("New tenant")} about={t(tenantKind.about)}>
      <Form
        fields={fields}
        value={value}
        onChange={setValue}
        onSubmit={submit}
        busy={create.isPending}
        error={create.error}
        submit={t("Create tenant")}
        check={check}
        dirty={!create.isSuccess && Object.keys(value).some((name) => value[name] !== initial[name])}
      />
    </Page>
  );
}
