// One's own account: name and language, address, password, and where one is signed in.
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { send } from "../api/client.ts";
import { languages, setLanguage, t } from "../i18n/t.ts";
import { Button } from "../part/button.tsx";
import { Chip } from "../part/chip.tsx";
import { Page, Skeleton } from "../part/page.tsx";
import { Problem } from "../part/problem.tsx";
import { Time } from "../part/time.tsx";
import type { Person } from "../session/session.ts";
import { useSession } from "../session/session.ts";
import { refreshSession } from "../session/sign-out.ts";
import { Form, Told } from "./card.tsx";
import { EmailField, flawOf, PasswordField, sentenceOf, TextField } from "./fields.tsx";

export function Account() {
  const session = useSession();
  if (session?.by !== "person")
    return (
      <Page title={t("Your account")}>
        <p>{t("You are signed in with an API key, which has no account of its own.")}</p>
      </Page>
    );
  return (
    <Page title={t("Your account")}>
      <Profile person={session.person} />
      <Address person={session.person} />
      <Password />
      <Sessions />
    </Page>
  );
}

export const Section = ({ title, children }: { title: string; children: ReactNode }) => (
  <section className="card grid max-w-2xl gap-3 p-4">
    <h2 className="font-semibold text-base">{title}</h2>
    {children}
  </section>
);

function Profile({ person }: { person: Person }) {
  const [name, setName] = useState(person.name);
  const [language, setTheirs] = useState(person.language);
  const save = useMutation({
    mutationFn: () => send<Person>("PATCH", "/v1/identity/person", { body: { name, language } }),
    async onSuccess() {
      await setLanguage(language, { keep: true });
      await refreshSession();
    },
  });
  return (
    <Section title={t("Profile")}>
      <Form onSend={() => !save.isPending && save.mutate()}>
        <TextField
          label={t("Your name")}
          autoComplete="name"
          value={name}
          onChange={setName}
          wrong={flawOf(save.error, "/name")}
        />
        <label className="grid gap-1 font-medium">
          {t("Language of mails and of the console")}
          <select
            className="input font-normal"
            value={language}
            onChange={({ target }) => setTheirs(target.value as Person["language"])}
          >
            {Object.entries(languages).map(([tag, label]) => (
              <option key={tag} value={tag}>
                {label}
              </option>
            ))}
          </select>
        </label>
        <Told bad>{sentenceOf(save.error, "/name")}</Told>
        <div className="flex items-center gap-3">
          <Button type="submit" busy={save.isPending}>
            {t("Save")}
          </Button>
          <Told>{save.isSuccess ? t("Saved") : ""}</Told>
        </div>
      </Form>
    </Section>
  );
}

function Address({ person }: { person: Person }) {
  const [email, setEmail] = useState("");
  const [password, setPassword] = useState("");
  const want = useMutation({
    mutationFn: () => send("POST", "/v1/identity/address", { body: { email, password } }),
    gcTime: 0,
    onSuccess: () => setPassword(""),
  });
  return (
    <Section title={t("Email address")}>
      <p>{t("You sign in with {email}.", { email: person.email })}</p>
      <Form onSend={() => !want.isPending && email.trim() !== "" && password !== "" && want.mutate()}>
        <EmailField
          label={t("New address")}
          autoComplete="email"
          value={email}
          onChange={setEmail}
          wrong={flawOf(want.error, "/email")}
        />
        <PasswordField value={password} onChange={setPassword} />
        <Told bad>{sentenceOf(want.error, "/email")}</Told>
        <div className="flex items-center gap-3">
          <Button type="submit" busy={want.isPending}>
            {t("Mail a link to it")}
          </Button>
          <Told>{want.isSuccess ? t("Look into its mail: the link makes it yours.") : ""}</Told>
        </div>
      </Form>
    </Section>
  );
}

function Password() {
  const client = useQueryClient();
  const [current, setCurrent] = useState("");
  const [next, setNext] = useState("");
  const change = useMutation({
    mutationFn: () => send("POST", "/v1/identity/password", { body: { current, next } }),
    gcTime: 0,
    onSuccess() {
      setCurrent("");
      setNext("");
      void client.invalidateQueries({ queryKey: ["sessions"] });
    },
  });
  return (
    <Section title={t("Password")}>
      <Form onSend={() => !change.isPending && current !== "" && next !== "" && change.mutate()}>
        <PasswordField label={t("Present password")} value={current} onChange={setCurrent} />
        <PasswordField isNew value={next} onChange={setNext} wrong={flawOf(change.error, "/next")} />
        <Told bad>{sentenceOf(change.error, "/next")}</Told>
        <div className="flex items-center gap-3">
          <Button type="submit" busy={change.isPending}>
            {t("Change the password")}
          </Button>
          <Told>{change.isSuccess ? t("Changed; all other sessions are over.") : ""}</Told>
        </div>
      </Form>
    </Section>
  );
}

type Listed = { id: string; current: boolean; address: string | null; userAgent: string; lastSeenAt: string };

function Sessions() {
  const client = useQueryClient();
  const sessions = useQuery({
    queryKey: ["sessions"],
    queryFn: ({ signal }) => send<{ data: Listed[] }>("GET", "/v1/identity/sessions", { signal }),
  });
  const end = useMutation({
    mutationFn: (id: string | null) =>
      id === null ? send("POST", "/v1/identity/sessions/end") : send("DELETE", `/v1/identity/sessions/${id}`),
    onSettled: () => client.invalidateQueries({ queryKey: ["sessions"] }),
  });
  const all = sessions.data?.data;
  return (
    <Section title={t("Where you are signed in")}>
      {sessions.error && !all ? <Problem error={sessions.error} onRetry={() => sessions.refetch()} /> : null}
      {sessions.isPending ? <Skeleton rows={2} height="h-14" /> : null}
      <ul className="grid divide-y divide-line">
        {all?.map((one) => (
          <li key={one.id} className="flex items-center gap-3 py-2">
            <div className="grid min-w-0 flex-1">
              <span className="truncate font-medium">{deviceOf(one.userAgent)}</span>
              <span className="truncate text-muted text-xs">
                {one.address ?? t("unknown address")} · <Time at={one.lastSeenAt} />
              </span>
            </div>
            {one.current ? (
              <Chip tone="good">{t("This browser")}</Chip>
            ) : (
              <Button small look="danger" onClick={() => end.mutate(one.id)}>
                {t("End")}
              </Button>
            )}
          </li>
        ))}
      </ul>
      {end.error ? <Problem error={end.error} /> : null}
      {all && all.length > 1 ? (
        <div>
          <Button look="danger" busy={end.isPending} onClick={() => end.mutate(null)}>
            {t("End all others")}
          </Button>
        </div>
      ) : null}
    </Section>
  );
}

/** “Firefox on Linux”, as far as the browser's word tells. */
function deviceOf(userAgent: string): string {
  const first = (known: [RegExp, string][]): string | undefined => known.find(([form]) => form.test(userAgent))?.[1];
  const browser = first([
    [/Edg\//, "Edge"],
    [/Firefox\//, "Firefox"],
    [/Chrome\//, "Chrome"],
    [/Safari\//, "Safari"],
  ]);
  const system = first([
    [/iPhone|iPad/, "iOS"],
    [/Android/, "Android"],
    [/Windows/, "Windows"],
    [/Mac OS/, "macOS"],
    [/Linux/, "Linux"],
  ]);
  if (browser && system) return t("{browser} on {system}", { browser, system });
  return browser ?? (userAgent.slice(0, 60) || t("unknown browser"));
}
