// An account's single sign-on: its identity provider, and for whose mail that counts.
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { ApiProblem } from "../../client/problem.ts";
import { send } from "../api/client.ts";
import { t } from "../i18n/t.ts";
import { Button } from "../part/button.tsx";
import { Copy } from "../part/copy.tsx";
import { Skeleton } from "../part/page.tsx";
import { Problem } from "../part/problem.tsx";
import { Form, Told } from "./card.tsx";
import { flawOf, sentenceOf, TextField } from "./fields.tsx";
import { roleNames } from "./roles.ts";
import { Section } from "./section.tsx";

type Settings = { issuer: string; clientId: string; domains: string[]; role: string; required: boolean };
const none: Settings = { issuer: "", clientId: "", domains: [], role: "support", required: false };
const pointers = ["/issuer", "/clientId", "/clientSecret", "/domains", "/domains/0", "/role"];

export function SsoSettings({ path }: { path: string }) {
  const sso = useQuery({
    queryKey: [path],
    retry: false,
    queryFn: ({ signal }) =>
      send<Settings>("GET", path, { signal }).catch((error: unknown) => {
        if (error instanceof ApiProblem && error.status === 404) return null;
        throw error;
      }),
  });
  return (
    <Section title={t("Single sign-on")}>
      <p className="text-muted">
        {t(
          "Your people sign in at your company's identity provider (OpenID Connect): Entra ID, Okta, Google Workspace, Keycloak.",
        )}
      </p>
      {sso.error ? <Problem error={sso.error} onRetry={() => sso.refetch()} /> : null}
      {sso.isPending ? <Skeleton rows={3} /> : null}
      {sso.data === undefined ? null : <SettingsForm key={String(sso.data === null)} path={path} before={sso.data} />}
    </Section>
  );
}

function SettingsForm({ path, before }: { path: string; before: Settings | null }) {
  const client = useQueryClient();
  const [form, setForm] = useState(before ?? none);
  const [domains, setDomains] = useState((before ?? none).domains.join(", "));
  const [secret, setSecret] = useState("");
  const set = (change: Partial<Settings>): void => setForm({ ...form, ...change });
  const { issuer, clientId, role, required } = form;
  const save = useMutation({
    mutationFn: () =>
      send<Settings>("PUT", path, {
        body: {
          ...{ issuer: issuer.trim(), clientId: clientId.trim(), role, required },
          domains: domains.split(/[\s,;]+/).filter((name) => name !== ""),
          ...(secret !== "" && { clientSecret: secret }),
        },
      }),
    gcTime: 0,
    onSuccess(made) {
      setSecret("");
      client.setQueryData([path], made);
    },
  });
  const remove = useMutation({
    mutationFn: () => send("DELETE", path),
    onSuccess: () => client.setQueryData([path], null),
  });
  const wrong = (pointer: string): string | undefined => flawOf(save.error, pointer);
  return (
    <Form onSend={() => !save.isPending && save.mutate()}>
      <div className="grid gap-1">
        <p className="font-medium">{t("Redirect URI")}</p>
        <div className="flex flex-wrap items-center gap-2">
          <code className="break-all font-mono text-xs">{`${location.origin}/sso`}</code>
          <Copy text={`${location.origin}/sso`} what={t("Redirect URI")} />
        </div>
        <p className="text-muted text-xs">{t("Register it at your identity provider.")}</p>
      </div>
      <TextField
        label={t("Issuer")}
        type="url"
        autoComplete="off"
        value={issuer}
        onChange={(value) => set({ issuer: value })}
        hint={t("Its address, as in https://login.acme.example")}
        wrong={wrong("/issuer")}
      />
      <TextField
        label={t("Client ID")}
        autoComplete="off"
        value={clientId}
        onChange={(value) => set({ clientId: value })}
        wrong={wrong("/clientId")}
      />
      <TextField
        label={t("Client secret")}
        type="password"
        autoComplete="off"
        value={secret}
        onChange={setSecret}
        hint={before ? t("Left empty, the one that is kept stays.") : undefined}
        wrong={wrong("/clientSecret")}
      />
      <TextField
        label={t("Domains of mail addresses")}
        autoComplete="off"
        value={domains}
        onChange={setDomains}
        hint={t("With commas between them. A TXT record in DNS shows that each is yours.")}
        wrong={wrong("/domains") ?? wrong("/domains/0")}
      />
      <label className="grid gap-1 font-medium">
        {t("Role of who comes in for the first time")}
        <select className="input font-normal" value={role} onChange={({ target }) => set({ role: target.value })}>
          {Object.entries(roleNames)
            .filter(([name]) => name !== "user")
            .map(([name, label]) => (
              <option key={name} value={name}>
                {label()}
              </option>
            ))}
        </select>
      </label>
      <label className="flex min-h-9 items-center gap-2">
        <input type="checkbox" checked={required} onChange={({ target }) => set({ required: target.checked })} />
        {t("Addresses of these domains sign in so alone, by no password and no passkey")}
      </label>
      <Told bad>{sentenceOf(save.error, ...pointers) ?? sentenceOf(remove.error)}</Told>
      <div className="flex flex-wrap items-center gap-3">
        <Button type="submit" look="main" busy={save.isPending}>
          {t("Save")}
        </Button>
        {before ? (
          <Button look="danger" busy={remove.isPending} onClick={() => remove.mutate()}>
            {t("Remove")}
          </Button>
        ) : null}
        <Told>{save.isSuccess ? t("Saved") : ""}</Told>
      </div>
    </Form>
  );
}
