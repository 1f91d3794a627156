// The first people: names for the extensions that the template has, more of them, and an invitation by mail for who is to come into the console.
import { useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useId, useState } from "react";
import { kindOf } from "../../core/registry.ts";
import { send } from "../api/client.ts";
import { type Item, pathOf, useItems } from "../api/queries.ts";
import { t } from "../i18n/t.ts";
import { flawOf } from "../identity/fields.tsx";
import { Button } from "../part/button.tsx";
import { Icon } from "../part/icon.tsx";
import { Skeleton } from "../part/page.tsx";
import { Problem } from "../part/problem.tsx";
import { currentSession } from "../session/session.ts";
import { useTenantId } from "../tenant/id.ts";
import { ownName } from "./facts.ts";
import type { StepProps } from "./wizard.tsx";

const kind = kindOf("extension");
/** More are for the list of extensions. */
const mostShown = 6;

/** `item`: the extension as it stands; undefined where it is to be made. */
type Person = { number: string; name: string; email: string; item: Item | undefined; invited: boolean };

export function PeopleStep({ onDone }: StepProps) {
  const extensions = useItems(useTenantId(), kind);
  const items = extensions.data?.pages[0]?.data;
  if (extensions.error && !items) return <Problem error={extensions.error} onRetry={() => extensions.refetch()} />;
  return items ? <People items={items} onDone={onDone} /> : <Skeleton rows={3} />;
}

/** Two at least: oneself, and somebody to call. */
function begin(items: Item[]): Person[] {
  const me = ownName();
  const people = items
    .slice(0, mostShown)
    .map((item): Person => ({ ...blank(String(item.number)), name: String(item.displayName ?? ""), item }));
  const [first] = people;
  if (first && me && !people.some(({ name }) => name === me)) first.name = me;
  while (people.length < 2) people.push(blank(nextNumber(people), people.length === 0 ? me : undefined));
  return people;
}

const blank = (number: string, name = ""): Person => ({ number, name, email: "", item: undefined, invited: false });

function nextNumber(people: Person[]): string {
  const highest = Math.max(1000, ...people.map(({ number }) => Number(number)).filter(Number.isSafeInteger));
  return String(highest + 1);
}

function People({ items, onDone }: StepProps & { items: Item[] }) {
  const tenant = useTenantId();
  const client = useQueryClient();
  const [people, setPeople] = useState(() => begin(items));
  const [state, setState] = useState<{ busy: boolean; error?: unknown; at?: number }>({ busy: false });
  const set = (at: number, change: Partial<Person>): void =>
    setPeople((before) => before.map((one, index) => (index === at ? { ...one, ...change } : one)));

  async function save(): Promise<void> {
    setState({ busy: true });
    let at = 0;
    try {
      for (const [index, person] of people.entries()) {
        at = index;
        await keep(tenant, person, (change) => set(index, change));
      }
      await claimOwn(people[0]);
      onDone();
    } catch (error) {
      setState({ busy: false, error, at });
    } finally {
      void client.invalidateQueries({ queryKey: ["tenant", tenant] });
    }
  }
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (!state.busy) void save();
  };
  return (
    <form noValidate className="grid gap-4" onSubmit={submit}>
      <p className="text-muted">
        {t("Each gets an extension: the number that the others dial. With an email address an invitation goes out.")}
      </p>
      <ul className="grid gap-4">
        {people.map((person, index) => (
          <li key={person.item?.id ?? `new${index}`}>
            <Row
              person={person}
              isMe={index === 0 && ownName() !== undefined}
              focus={index === 0}
              wrong={state.at === index ? state.error : undefined}
              onChange={(change) => set(index, change)}
            />
          </li>
        ))}
      </ul>
      {items.length > mostShown ? <p className="text-muted">{t("The others are in the list of extensions.")}</p> : null}
      {state.error && !isOfField(state.error) ? <Problem error={state.error} /> : null}
      <div className="flex flex-wrap gap-2">
        <Button type="submit" look="main" busy={state.busy}>
          {t("Save and go on")}
        </Button>
        <Button onClick={() => setPeople([...people, blank(nextNumber(people))])}>
          <Icon name="plus" /> {t("Add a person")}
        </Button>
      </div>
    </form>
  );
}

const pointers = ["/email", "/displayName", "/number"];
const isOfField = (error: unknown): boolean => pointers.some((pointer) => flawOf(error, pointer) !== undefined);

/** What is new of him. What went through is noted, so that a second try does not do it again. */
async function keep(tenant: string, person: Person, note: (change: Partial<Person>) => void): Promise<void> {
  const { item, number, email, invited } = person;
  const name = person.name.trim();
  if (item && name !== "" && name !== item.displayName) {
    const body = { displayName: name };
    const saved = await send<Item>("PATCH", pathOf(tenant, kind, item.id), { body, version: item.version });
    note({ item: { ...item, ...saved } });
  }
  if (!item && name !== "")
    note({ item: await send<Item>("POST", pathOf(tenant, kind), { body: { number, displayName: name } }) });
  if (email.trim() === "" || invited) return;
  const body = {
    email: email.trim(),
    name: name || number,
    role: "user",
    tenantId: tenant,
    extension: number,
    invite: true,
  };
  await send("POST", "/v1/members", { body });
  note({ invited: true });
}

/** The first is who is signed in: what comes to that extension is his under /v1/me. */
async function claimOwn(first: Person | undefined): Promise<void> {
  const session = currentSession();
  const member = session?.by === "person" ? session.member : null;
  if (member?.tenantId && first && first.name.trim() === ownName())
    await send("PATCH", `/v1/members/${member.id}`, { body: { extension: first.number } });
}

type RowProps = {
  person: Person;
  isMe: boolean;
  focus: boolean;
  wrong: unknown;
  onChange(change: Partial<Person>): void;
};

function Row({ person, isMe, focus, wrong, onChange }: RowProps) {
  const id = useId();
  const { number, name, email, invited } = person;
  const flaw = pointers.flatMap((pointer) => flawOf(wrong, pointer) ?? [])[0];
  return (
    <fieldset className="grid grid-cols-[3.5rem_minmax(0,1fr)] items-end gap-x-3 gap-y-2 sm:grid-cols-[3.5rem_minmax(0,1fr)_minmax(0,1fr)]">
      <legend className="sr-only">{t("Extension {number}", { number })}</legend>
      <span aria-hidden="true" className="flex min-h-9 items-center font-semibold tabular-nums">
        {number}
      </span>
      <div className="grid gap-1">
        <label htmlFor={`${id}name`} className="text-muted text-xs">
          {isMe ? t("Your name") : t("Name")}
        </label>
        <input
          id={`${id}name`}
          className="input"
          autoComplete="off"
          // biome-ignore lint/a11y/noAutofocus: the page's one task begins here
          autoFocus={focus}
          value={name}
          onChange={({ target }) => onChange({ name: target.value })}
        />
      </div>
      {isMe ? (
        <span className="hidden sm:block" />
      ) : (
        <div className="col-start-2 grid gap-1 sm:col-start-auto">
          <label htmlFor={`${id}mail`} className="text-muted text-xs">
            {t("Email for an invitation, if wanted")}
          </label>
          {invited ? (
            <span className="flex min-h-9 items-center gap-2 text-good">
              <Icon name="check" /> <span className="min-w-0 truncate">{t("Invited: {email}", { email })}</span>
            </span>
          ) : (
            <input
              id={`${id}mail`}
              type="email"
              className="input"
              autoComplete="off"
              aria-invalid={flaw ? true : undefined}
              aria-describedby={flaw ? `${id}flaw` : undefined}
              value={email}
              onChange={({ target }) => onChange({ email: target.value })}
            />
          )}
        </div>
      )}
      {flaw ? (
        <p id={`${id}flaw`} role="alert" className="col-span-full font-medium text-bad">
          {flaw}
        </p>
      ) : null}
    </fieldset>
  );
}
