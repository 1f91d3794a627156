// Making a resource. What is shown once stays here until the page is left.

import { useState } from "react";
import type { Kind } from "../../core/resources/kind.ts";
import { send } from "../api/client.ts";
import { type Item, pathOf, useWrite } from "../api/queries.ts";
import { fieldsOf } from "../form/field.ts";
import { Form } from "../form/form.tsx";
import { initialOf, toSend, type Value } from "../form/value.ts";
import { t } from "../i18n/t.ts";
import { Button, buttonClass } from "../part/button.tsx";
import { Page } from "../part/page.tsx";
import { phrase, saying } from "../part/words.ts";
import { Link, navigate } from "../router.tsx";
import { useTenantId } from "../tenant/id.ts";
import { OnceShown, plainOf, shownOnce } from "./once.tsx";

export function NewResource({ kind }: { kind: Kind }) {
  const [made, setMade] = useState<{ answer: Item; typed: Record<string, string> }>();
  return made ? (
    <Made kind={kind} {...made} onAgain={() => setMade(undefined)} />
  ) : (
    <Fill kind={kind} onMade={(answer, typed) => setMade({ answer, typed })} />
  );
}

function Fill({ kind, onMade }: { kind: Kind; onMade(answer: Item, typed: Record<string, string>): void }) {
  const tenant = useTenantId();
  const fields = fieldsOf(kind);
  const [value, setValue] = useState<Value>(() => initialOf(fields));
  const create = useWrite(tenant, (body: Value) => send<Item>("POST", pathOf(tenant, kind), { body }));
  const submit = async (): Promise<void> => {
    const body = toSend(fields, value);
    const answer = await create.mutateAsync(body).catch(() => undefined);
    if (!answer) return;
    const typed = plainOf(kind, body);
    if (shownOnce(answer, typed)) onMade(answer, typed);
    else navigate(`/tenants/${tenant}/${kind.plural}`);
  };
  return (
    <Page title={saying("New {kind}", kind)} about={t(kind.about)}>
      <Form
        fields={fields}
        value={value}
        onChange={setValue}
        onSubmit={submit}
        busy={create.isPending}
        error={create.error}
        submit={saying("Create {kind}", kind)}
      />
    </Page>
  );
}

type MadeProps = { kind: Kind; answer: Item; typed: Record<string, string>; onAgain(): void };

function Made({ kind, answer, typed, onAgain }: MadeProps) {
  const tenant = useTenantId();
  return (
    <Page title={t("{what} is ready", { what: `${phrase(kind.kind)} ${answer[kind.key]}` })}>
      <OnceShown kind={kind} answer={answer} typed={typed} />
      <div className="flex flex-wrap gap-2">
        <Link className={buttonClass("main")} to={`/tenants/${tenant}/${kind.plural}`}>
          {t("Done")}
        </Link>
        <Button onClick={onAgain}>{saying("New {kind}", kind)}</Button>
      </div>
    </Page>
  );
}
