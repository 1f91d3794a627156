// A resource's page: its form, turning it off, deleting it.

import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { ApiProblem } from "../../client/problem.ts";
import type { Kind } from "../../core/resources/kind.ts";
import { send } from "../api/client.ts";
import { noteInLists } from "../api/lists.ts";
import { type Item, pathOf, useItem, useTenant, useWrite } from "../api/queries.ts";
import { flawsOf } from "../form/check.ts";
import { fieldsOf } from "../form/field.ts";
import { Form } from "../form/form.tsx";
import { changed, toSend, type Value } from "../form/value.ts";
import { t } from "../i18n/t.ts";
import { Button } from "../part/button.tsx";
import { Page, Skeleton } from "../part/page.tsx";
import { Problem } from "../part/problem.tsx";
import { phrase } from "../part/words.ts";
import { go } from "../router.tsx";
import { pageOf, useTenantId } from "../tenant/id.ts";
import { switchOf } from "../tenant/kinds.ts";
import { Conflict } from "./conflict.tsx";
import { DeleteDialog } from "./delete.tsx";
import { extras } from "./extras.ts";
import { OnceShown, plainOf, shownOnce } from "./once.tsx";

export function ResourceEditor({ kind, id }: { kind: Kind; id: string }) {
  const tenant = useTenantId();
  const { data: item, error, refetch } = useItem(tenant, kind, id);
  if (item && item.id === id) return <Editor key={id} kind={kind} item={item} onReload={() => refetch()} />;
  return (
    <Page title={phrase(kind.kind)}>
      {error ? <Problem error={error} onRetry={() => refetch()} /> : <Skeleton rows={6} height="h-16" />}
    </Page>
  );
}

function Editor({ kind, item, onReload }: { kind: Kind; item: Item; onReload(): void }) {
  const tenant = useTenantId();
  const client = useQueryClient();
  const country = useTenant(tenant).data?.country;
  const fields = fieldsOf(kind);
  const [base, setBase] = useState(item);
  const [value, setValue] = useState<Value>(item);
  const [once, setOnce] = useState<{ answer: Item; typed: Record<string, string> }>();
  const [said, setSaid] = useState("");
  const [deleting, setDeleting] = useState(false);
  const patch = changed(toSend(fields, base), toSend(fields, value, base));
  const dirty = Object.keys(patch).length > 0;
  const adopt = (next: Item): void => {
    setBase(next);
    setValue(next);
  };
  // somebody else's change is shown at once, but never over what is being typed
  if (item.version > base.version && !dirty) adopt(item);
  const save = useWrite(tenant, (body: Value) =>
    send<Item>("PATCH", pathOf(tenant, kind, base.id), { body, version: base.version }),
  );
  const submit = async (body: Value): Promise<void> => {
    setSaid("");
    if (Object.keys(body).length === 0) return setSaid(t("Nothing has changed."));
    const answer = await save.mutateAsync(body).catch((error: unknown) => {
      // somebody else was faster: what he made of it is shown beside this
      if (error instanceof ApiProblem && error.status === 412) onReload();
      return undefined;
    });
    if (!answer) return;
    noteInLists(client, tenant, kind, answer);
    const typed = plainOf(kind, body);
    if (shownOnce(answer, typed)) setOnce({ answer, typed });
    adopt(answer);
    setSaid(t("Saved."));
  };
  const Extra = extras[kind.kind];
  const toggle = switchOf(kind);
  return (
    <Page
      title={`${phrase(kind.kind)} ${base[kind.key]}`}
      actions={
        <>
          {toggle ? (
            <Button busy={save.isPending} onClick={() => submit({ [toggle]: base[toggle] === false })}>
              {base[toggle] === false ? t("Enable") : t("Disable")}
            </Button>
          ) : null}
          <Button look="danger" onClick={() => setDeleting(true)}>
            {t("Delete")}
          </Button>
        </>
      }
    >
      {once ? <OnceShown kind={kind} {...once} onDone={() => setOnce(undefined)} /> : null}
      {dirty && item.version > base.version ? (
        <Conflict
          fields={fields}
          base={base}
          theirs={item}
          mine={value}
          onResolve={(resolved) => {
            save.reset();
            setBase(item);
            setValue(resolved);
          }}
        />
      ) : null}
      <Form
        fields={fields}
        value={value}
        onChange={(next) => {
          setValue(next);
          setSaid("");
        }}
        onSubmit={() => submit(patch)}
        busy={save.isPending}
        error={save.error}
        submit={t("Save")}
        check={(next) => flawsOf(kind, kept(toSend(fields, next)), country, base)}
        dirty={dirty}
        status={said || (dirty ? t("Not saved yet.") : "")}
      />
      {Extra ? <Extra item={base} /> : null}
      {deleting ? (
        <DeleteDialog
          kind={kind}
          items={[base]}
          onClose={() => setDeleting(false)}
          onDone={() => go(`${pageOf(tenant)}/${kind.plural}`, "replace")}
        />
      ) : null}
    </Page>
  );
}

/** What null would clear is as if it were not there. */
const kept = (body: Value): Value => Object.fromEntries(Object.entries(body).filter(([, value]) => value !== null));
