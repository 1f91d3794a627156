// One's own account: name and language, and address; and on a page beside it what one signs in with.
import { useMutation } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { send } from "../api/client.ts";
import { languages, setLanguage, t } from "../i18n/t.ts";
import { Button } from "../part/button.tsx";
import { Page } from "../part/page.tsx";
import { Tabs } from "../part/tabs.tsx";
import type { Person } from "../session/session.ts";
import { useSession } from "../session/session.ts";
import { refreshSession } from "../session/sign-out.ts";
import { Form, Told } from "./card.tsx";
import { EmailField, flawOf, PasswordField, sentenceOf, TextField } from "./fields.tsx";
import { Section } from "./section.tsx";

export function Account() {
  return (
    <Own at="/account">
      {(person) => (
        <>
          <Profile person={person} />
          <Address person={person} />
        </>
      )}
    </Own>
  );
}

/** What all pages of one's own account have around them. */
export function Own({ at, children }: { at: string; children(person: Person): ReactNode }) {
  const session = useSession();
  const tabs = [
    { to: "/account", label: t("Profile") },
    { to: "/account/security", label: t("Security") },
  ];
  if (session?.by !== "person")
    return (
      <Page title={t("Your account")}>
        <p>{t("You are signed in with an API key, which has no account of its own.")}</p>
      </Page>
    );
  return (
    <Page title={t("Your account")}>
      <Tabs name={t("Your account")} tabs={tabs.map((tab) => ({ ...tab, isCurrent: tab.to === at }))} />
      {children(session.person)}
    </Page>
  );
}

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
