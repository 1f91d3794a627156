// Choosing where a way leads: to something that is there, or to something new, which is shown as a difference before it is saved.
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type ReactNode, useId, useState } from "react";
import { ApiProblem } from "../../client/problem.ts";
import { type KindName, kindOf } from "../../core/registry.ts";
import { type Destination, destinationKinds, hangupCause } from "../../core/resources/destination.ts";
import type { Exit } from "../../core/resources/exits.ts";
import { type Applied, apply } from "../api/queries.ts";
import { type Field, fieldsOf } from "../form/field.ts";
import { Form } from "../form/form.tsx";
import { initialOf, toSend, type Value } from "../form/value.ts";
import { Diff } from "../history/diff.tsx";
import { t } from "../i18n/t.ts";
import { Button } from "../part/button.tsx";
import { Dialog } from "../part/dialog.tsx";
import { Problem } from "../part/problem.tsx";
import { Rows } from "../part/rows.tsx";
import { phrase, saying } from "../part/words.ts";
import { labelOf } from "../resource/once.tsx";
import { useTenantId } from "../tenant/id.ts";
import { destinationOf, freeKey, leading, type Made, type NewKey, type Place } from "./change.ts";
import { type Resource, titleOf } from "./graph.ts";
import { KindIcon } from "./icon.tsx";
import { exitLabel, shownTitle, targetName } from "./label.ts";
import { type Flow, flowKinds } from "./load.ts";

type Props = {
  flow: Flow;
  resource: Resource;
  /** Undefined: a key that the menu is to have. */
  exit: Exit | undefined;
  onClose(): void;
  /** It is saved; `said` tells what, `to` is the id of where the way leads now, where that is known. */
  onDone(applied: Applied, said: string, to: string | undefined): void;
};

export function LeadDialog({ flow, resource, exit, onClose, onDone }: Props) {
  const tenant = useTenantId();
  const client = useQueryClient();
  const [key, setKey] = useState<NewKey>(() => ({ digits: exit ? "" : freeKey(resource.item), label: "" }));
  const [kind, setKind] = useState<KindName>();
  const [value, setValue] = useState<Value>({});
  const [saved, setSaved] = useState<{ applied: Applied; said: string; to: string | undefined }>();
  const place: Place = exit ? { resource, exit } : { resource, key };
  const label = exit
    ? exitLabel(exit, resource, flow.resources)
    : [key.digits, key.label.trim()].filter(Boolean).join(" · ");
  const write = useMutation({
    gcTime: 0,
    mutationFn: async ({ to, made, dryRun }: { to: Destination | null; made?: Made; dryRun: boolean }) => {
      const document = leading(place, to, made);
      const applied = await apply(tenant, document, { dryRun, baseRevision: flow.revision });
      // names of what is not there yet, for the difference
      for (const line of applied.diff)
        if (line.op === "create")
          client.setQueryData(["tenant", tenant, "name", line.kind, line.id], {
            [kindOf(line.kind as KindName).key]: line.key,
          });
      return { applied, to, made, dryRun };
    },
    onSuccess: ({ applied, to, made, dryRun }) => {
      if (dryRun) return;
      const created = made && applied.diff.find(({ op, kind: of }) => op === "create" && of === made.kind);
      const name = made ? String(made.body[kindOf(made.kind).key]) : targetName(to, flow.resources);
      const said = t("{from}, {way}: now goes to {to}.", { from: titleOf(resource), way: label, to: name });
      const id = created?.id ?? (to && "ref" in to ? to.ref : undefined);
      void client.invalidateQueries({ queryKey: ["tenant", tenant] });
      if (applied.secrets && applied.secrets.length > 0) setSaved({ applied, said, to: id });
      else onDone(applied, said, id);
    },
    onError: (error) => {
      // somebody else was quicker: what is shown is read again
      if (error instanceof ApiProblem && error.status === 412)
        void client.invalidateQueries({ queryKey: ["tenant", tenant] });
    },
  });
  const lead = (to: Destination | null): void => write.mutate({ to, dryRun: false });
  const made = kind && { kind, body: toSend(fieldsOf(kindOf(kind)), value) };
  const name = made ? String(made.body[kindOf(made.kind).key] ?? "") : "";
  const to = made && destinationOf(made.kind as Destination["kind"], name);
  const taken = made && [...flow.resources.values()].some((one) => one.kind === made.kind && titleOf(one) === name);

  if (saved) return <Secrets applied={saved.applied} onClose={() => onDone(saved.applied, saved.said, saved.to)} />;
  // what is written is made of the resource as it was when this was opened
  if (flow.resources.get(resource.item.id)?.item.version !== resource.item.version)
    return (
      <Dialog
        title={t("Changed meanwhile")}
        onClose={onClose}
        actions={
          <Button look="main" onClick={onClose}>
            {t("Close")}
          </Button>
        }
      >
        <p>
          {t("Somebody changed {what} meanwhile. Look at it as it is now, and choose again.", {
            what: titleOf(resource),
          })}
        </p>
      </Dialog>
    );
  const preview = write.data?.dryRun ? write.data.applied : undefined;
  if (preview && made && to)
    return (
      <Dialog
        title={t("This will change")}
        onClose={onClose}
        actions={
          <>
            <Button onClick={() => write.reset()}>{t("Back")}</Button>
            <Button look="main" busy={write.isPending} onClick={() => write.mutate({ to, made, dryRun: false })}>
              {t("Save")}
            </Button>
          </>
        }
      >
        <p>{t("One revision, which can be undone as one.")}</p>
        <Diff lines={preview.diff} />
      </Dialog>
    );
  const title = exit
    ? t("{from}, {way}: where to?", { from: titleOf(resource), way: label })
    : t("New key of {menu}", { menu: titleOf(resource) });
  if (kind)
    return (
      <Dialog
        title={saying("New {kind}", kindOf(kind))}
        onClose={onClose}
        actions={<Button onClick={onClose}>{t("Cancel")}</Button>}
      >
        <p className="text-muted">{t(kindOf(kind).about)}</p>
        <NewForm
          kind={kind}
          value={value}
          onChange={setValue}
          busy={write.isPending}
          error={
            taken
              ? new ApiProblem(409, {
                  title: t("There is one already"),
                  detail: t("{kind} {name} is there; go back and choose it, or give the new one another name.", {
                    kind: phrase(kind),
                    name,
                  }),
                })
              : atForm(write.error, kindOf(kind).plural)
          }
          onSubmit={() => {
            if (made && to && !taken) write.mutate({ to, made, dryRun: true });
          }}
        >
          <Button
            onClick={() => {
              write.reset();
              setKind(undefined);
            }}
          >
            {t("Back")}
          </Button>
        </NewForm>
      </Dialog>
    );
  return (
    <Dialog title={title} onClose={onClose} actions={<Button onClick={onClose}>{t("Cancel")}</Button>}>
      {write.error ? (
        <Problem error={write.error} {...(write.error instanceof ApiProblem && { flaws: write.error.errors })} />
      ) : null}
      {exit ? null : <KeyInputs value={key} onChange={setKey} />}
      <Choose
        flow={flow}
        exit={exit}
        busy={write.isPending}
        onChoose={lead}
        onNew={(next) => {
          write.reset();
          setKind(next);
          setValue(initialOf(fieldsOf(kindOf(next))));
        }}
      />
    </Dialog>
  );
}

/** The flaws of what is new, at the form's fields. */
function atForm(error: unknown, plural: string): unknown {
  if (!(error instanceof ApiProblem)) return error;
  const prefix = `/${plural}/0`;
  const errors = error.errors.map((flaw) =>
    flaw.pointer.startsWith(prefix) ? { ...flaw, pointer: flaw.pointer.slice(prefix.length) } : flaw,
  );
  return new ApiProblem(error.status, { ...error, detail: error.message, errors });
}

function KeyInputs({ value, onChange }: { value: NewKey; onChange(value: NewKey): void }) {
  const id = useId();
  return (
    <div className="grid grid-cols-[6rem_minmax(0,1fr)] gap-3">
      <label className="grid gap-1 font-medium" htmlFor={`${id}-key`}>
        {t("Key")}
        <input
          id={`${id}-key`}
          className="input font-normal"
          inputMode="tel"
          value={value.digits}
          onChange={({ target }) => onChange({ ...value, digits: target.value })}
        />
      </label>
      <label className="grid gap-1 font-medium" htmlFor={`${id}-label`}>
        {t("What it is for (optional)")}
        <input
          id={`${id}-label`}
          className="input font-normal"
          value={value.label}
          onChange={({ target }) => onChange({ ...value, label: target.value })}
        />
      </label>
    </div>
  );
}

/** So many are listed; the rest is found by typing. */
const listed = 40;

type ChooseProps = {
  flow: Flow;
  exit: Exit | undefined;
  busy: boolean;
  onChoose(to: Destination | null): void;
  onNew(kind: KindName): void;
};

function Choose({ flow, exit, busy, onChoose, onNew }: ChooseProps) {
  const [wanted, setWanted] = useState("");
  const [number, setNumber] = useState("");
  const takes = (kind: string): boolean =>
    exit ? (exit.takes as readonly string[]).includes(kind) : kind !== "phone-number";
  const text = wanted.trim().toLowerCase();
  const found = [...flow.resources.values()].filter(
    (one) => takes(one.kind) && `${phrase(one.kind)} ${shownTitle(one)}`.toLowerCase().includes(text),
  );
  found.sort((a, b) => flowKinds.indexOf(a.kind as never) - flowKinds.indexOf(b.kind as never));
  const kinds = destinationKinds.filter(takes);
  return (
    <div className="grid gap-4" aria-busy={busy}>
      <Part title={t("Something new")}>
        <div className="flex flex-wrap gap-1.5">
          {kinds.map((kind) => (
            <Button key={kind} small onClick={() => onNew(kind)}>
              <KindIcon kind={kind} className="size-3.5" />
              {phrase(kind)}
            </Button>
          ))}
        </div>
      </Part>
      <Part title={t("Something that is there")}>
        <input
          className="input"
          type="search"
          aria-label={t("Find")}
          placeholder={t("Find by name, number or kind")}
          value={wanted}
          onChange={({ target }) => setWanted(target.value)}
        />
        {found.length === 0 ? <p className="text-muted">{t("Nothing like that.")}</p> : null}
        <ul className="max-h-60 divide-y divide-line overflow-y-auto rounded-md border border-line empty:hidden">
          {found.slice(0, listed).map((one) => (
            <li key={one.item.id}>
              <button
                type="button"
                className="flex min-h-9 w-full items-center gap-2.5 px-3 text-left hover:bg-hover"
                onClick={() => onChoose(destinationOf(one.kind as Destination["kind"], one.item.id))}
              >
                <KindIcon kind={one.kind} className="size-4 text-accent" />
                <span className="min-w-0 flex-1 truncate font-medium">{shownTitle(one)}</span>
                <span className="text-muted text-xs">{phrase(one.kind)}</span>
              </button>
            </li>
          ))}
        </ul>
        {found.length > listed ? (
          <p className="text-muted text-xs">{t("{n} more: type to find them.", { n: found.length - listed })}</p>
        ) : null}
      </Part>
      {takes("outside-number") ? (
        <Part title={t("A number outside")}>
          <div className="flex gap-2">
            <input
              className="input"
              inputMode="tel"
              aria-label={t("Number outside, as in +15550123")}
              placeholder="+15550123"
              value={number}
              onChange={({ target }) => setNumber(target.value)}
            />
            <Button onClick={() => onChoose({ kind: "outside-number", number: number.replaceAll(/[\s().-]/g, "") })}>
              {t("Use it")}
            </Button>
          </div>
        </Part>
      ) : null}
      {takes("hangup") ? (
        <Part title={t("The end")}>
          <div className="flex flex-wrap gap-1.5">
            {hangupCause.options.map((cause) => (
              <Button key={cause} small onClick={() => onChoose({ kind: "hangup", cause })}>
                {targetName({ kind: "hangup", cause }, flow.resources)}
              </Button>
            ))}
            {exit?.optional && exit.to !== null ? (
              <Button small onClick={() => onChoose(null)}>
                {t("Nowhere")}
              </Button>
            ) : null}
          </div>
        </Part>
      ) : null}
    </div>
  );
}

const Part = ({ title, children }: { title: string; children: ReactNode }) => (
  <section className="grid gap-2" aria-label={title}>
    <h3 className="font-medium">{title}</h3>
    {children}
  </section>
);

/** What one wants to say of most new things at once. */
const early = [
  "extensionNumber",
  "displayName",
  "prompt",
  "greeting",
  "members",
  "agents",
  "hours",
  "options",
  "firstSlot",
];

type NewFormProps = {
  kind: KindName;
  value: Value;
  busy: boolean;
  error: unknown;
  onChange(value: Value): void;
  onSubmit(): void;
  children: ReactNode;
};

function NewForm({ kind, value, busy, error, onChange, onSubmit, children }: NewFormProps) {
  const [all, setAll] = useState(false);
  const fields = fieldsOf(kindOf(kind));
  const first = ({ name, required }: Field): boolean => required || name === kindOf(kind).key || early.includes(name);
  const shown = all
    ? fields
    : fields.filter((field) => first(field) && !(kind === "extension" && field.name === "devices"));
  return (
    <Form
      fields={shown}
      value={value}
      onChange={onChange}
      onSubmit={onSubmit}
      busy={busy}
      error={error}
      submit={t("Show what will change")}
      status={
        <span className="flex gap-2">
          {all ? null : <Button onClick={() => setAll(true)}>{t("All settings")}</Button>}
          {children}
        </span>
      }
    />
  );
}

const Secrets = ({ applied, onClose }: { applied: Applied; onClose(): void }) => (
  <Dialog
    title={t("Saved")}
    onClose={onClose}
    actions={
      <Button look="main" onClick={onClose}>
        {t("I have noted them")}
      </Button>
    }
  >
    <p className="font-medium">{t("Shown once: note it now.")}</p>
    <Rows
      rows={(applied.secrets ?? []).map(({ kind, key, pointer, value }) => [
        `${phrase(kind)} ${key}: ${labelOf(pointer)}`,
        value,
      ])}
    />
  </Dialog>
);
