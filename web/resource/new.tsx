// Making a resource. What is shown once stays here until the page is left.

import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type { Kind } from "../../core/resources/kind.ts";
import { send } from "../api/client.ts";
import { noteInLists } from "../api/lists.ts";
import { type Item, pathOf, useTenant, useWrite } from "../api/queries.ts";
import { flawsOf } from "../form/check.ts";
import { fieldsOf } from "../form/field.ts";
import { Form } from "../form/form.tsx";
import { changed, initialOf, toSend, type Value } from "../form/value.ts";
import { t } from "../i18n/t.ts";
import { Button, buttonClass } from "../part/button.tsx";
import { Page } from "../part/page.tsx";
import { phrase, saying } from "../part/words.ts";
import { go, Link } from "../router.tsx";
import { pageOf, useTenantId } from "../tenant/id.ts";
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
  const [initial] = useState<Value>(() => initialOf(fields));
  const [value, setValue] = useState<Value>(initial);
  const client = useQueryClient();
  const country = useTenant(tenant).data?.country;
  const create = useWrite(tenant, (body: Value) => send<Item>("POST", pathOf(tenant, kind), { body }));
  const submit = async (): Promise<void> => {
    const body = toSend(fields, value);
    const answer = await create.mutateAsync(body).catch(() => undefined);
    if (!answer) return;
    noteInLists(client, tenant, kind, answer);
    const typed = plainOf(kind, body);
    if (shownOnce(answer, typed)) onMade(answer, typed);
    else go(`${pageOf(tenant)}/${kind.plural}`);
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
        check={(next) => flawsOf(kind, toSend(fields, next), country)}
        dirty={!create.isSuccess && Object.keys(changed(initial, value)).length > 0}
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
        <Link className={buttonClass("main")} to={`${pageOf(tenant)}/${kind.plural}`}>
          {t("Done")}
        </Link>
        <Button onClick={onAgain}>{saying("New {kind}", kind)}</Button>
      </div>
    </Page>
  );
}
