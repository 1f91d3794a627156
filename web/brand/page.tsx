// What an account's customers see of it, and whether they sign up by themselves: set beside the sign-in page as it will look.
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useId, useState } from "react";
import { ApiProblem } from "../../client/problem.ts";
import { contrast } from "../../core/contrast.ts";
import { type Brand, brand as brandKind, type SignUpSettings } from "../../core/resources/brand.ts";
import { accountPath, useAccountsBelow, useAll } from "../account/read.ts";
import type { AccountSectionProps } from "../account/sections.ts";
import { send } from "../api/client.ts";
import { may, useMe } from "../frame/me.ts";
import { heard } from "../i18n/heard.ts";
import { t } from "../i18n/t.ts";
import { flawOf, sentenceOf, TextField } from "../identity/fields.tsx";
import { usePools } from "../operator/edge.ts";
import { Button } from "../part/button.tsx";
import { Chip } from "../part/chip.tsx";
import { Page, Skeleton } from "../part/page.tsx";
import { Problem } from "../part/problem.tsx";
import { Rows } from "../part/rows.tsx";
import { toast } from "../part/toast.tsx";
import { Link } from "../router.tsx";
import { readLogo } from "./logo.ts";
import { SignInPreview } from "./preview.tsx";

type Shown = Brand & { accountId: string | null };

export function BrandPage({ account }: AccountSectionProps) {
  const brand = useQuery({
    queryKey: ["account", account, "brand"],
    queryFn: ({ signal }) => send<Shown>("GET", `${accountPath(account)}/brand`, { signal }),
  });
  return (
    <Page
      title={t("Brand and sign-up")}
      about={t("Your customers see your name, your logo and your colour: when they sign in, in the console, in mails.")}
    >
      {brand.error && !brand.data ? <Problem error={brand.error} onRetry={() => brand.refetch()} /> : null}
      {brand.isPending ? <Skeleton rows={6} /> : null}
      {brand.data ? <BrandForm key={account} account={account} before={brand.data} /> : null}
    </Page>
  );
}

const noSignUp: SignUpSettings = {
  ...{ templates: [], plan: null, poolId: null, areaPrefix: null, review: false, accountId: null },
};

function BrandForm({ account, before }: { account: string; before: Shown }) {
  const { data: me } = useMe();
  const client = useQueryClient();
  const isOwn = before.accountId === account;
  const [value, setValue] = useState<Brand>(() => {
    const { accountId, ...brand } = before;
    // another account's domain is not this one's
    return isOwn ? brand : { ...brand, domain: null, signUp: null };
  });
  const change = (part: Partial<Brand>): void => setValue((now) => ({ ...now, ...part }));
  const save = useMutation({
    mutationFn: () => send<Shown>("PUT", `${accountPath(account)}/brand`, { body: value }),
    onSuccess(saved) {
      client.setQueryData(["account", account, "brand"], saved);
      void client.invalidateQueries({ queryKey: ["brand"] });
      toast(t("Saved; your customers see it from now on."));
    },
  });
  const remove = useMutation({
    mutationFn: () => send("DELETE", `${accountPath(account)}/brand`),
    onSuccess() {
      void client.invalidateQueries({ queryKey: ["account", account, "brand"] });
      void client.invalidateQueries({ queryKey: ["brand"] });
      toast(t("Your brand is removed; customers see that of the account above."));
    },
  });
  const flaws = brandKind.schema.safeParse(value).error?.issues ?? [];
  const wrongAt = (path: string): string | undefined =>
    flawOf(save.error, path) ??
    flaws.filter((issue) => `/${issue.path.join("/")}` === path).map(({ message }) => heard(message))[0];
  const error = save.error ?? remove.error;
  const writes = may(me, "accounts:write");
  return (
    <div className="grid items-start gap-6 xl:grid-cols-[minmax(0,1fr)_22rem]">
      <form
        noValidate
        className="grid gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          if (writes && flaws.length === 0 && !save.isPending) save.mutate();
        }}
      >
        <fieldset disabled={!writes} className="card grid gap-4 p-4">
          <legend className="sr-only">{t("Brand")}</legend>
          <TextField
            label={t("Name")}
            value={value.name}
            onChange={(name) => change({ name })}
            wrong={value.name === "" ? t("A name is needed.") : wrongAt("/name")}
          />
          <Logo value={value.logo} onChange={(logo) => change({ logo })} />
          <Color value={value.color} onChange={(color) => change({ color })} />
          <TextField
            label={t("Answers to mails go to")}
            type="email"
            value={value.replyTo ?? ""}
            onChange={(text) => change({ replyTo: text.trim() || null })}
            wrong={wrongAt("/replyTo")}
          />
          <Domain
            value={value.domain}
            proven={isOwn && before.domain !== null && before.domain === value.domain}
            onChange={(domain) => change({ domain })}
            error={save.error}
            wrong={wrongAt("/domain")}
          />
        </fieldset>
        <SignUp account={account} value={value.signUp} onChange={(signUp) => change({ signUp })} disabled={!writes} />
        {error ? <Problem error={error} detail={sentenceOf(error) ?? ""} /> : null}
        {writes ? (
          <div className="flex flex-wrap gap-2">
            <Button type="submit" look="main" busy={save.isPending} disabled={flaws.length > 0}>
              {t("Save")}
            </Button>
            {isOwn ? (
              <Button look="danger" busy={remove.isPending} onClick={() => remove.mutate()}>
                {t("Remove the brand")}
              </Button>
            ) : null}
          </div>
        ) : null}
      </form>
      <SignInPreview brand={value} />
    </div>
  );
}

function Logo({ value, onChange }: { value: string | null; onChange(logo: string | null): void }) {
  const id = useId();
  const [wrong, setWrong] = useState<string>();
  return (
    <div className="grid gap-1">
      <label htmlFor={id} className="font-medium">
        {t("Logo")}
      </label>
      <div className="flex flex-wrap items-center gap-3">
        {value ? <img src={value} alt={t("The logo now")} className="h-10 max-w-40 object-contain" /> : null}
        <input
          id={id}
          type="file"
          accept="image/png,image/webp,image/svg+xml"
          onChange={async ({ target }) => {
            const [file] = target.files ?? [];
            if (!file) return;
            const read = await readLogo(file);
            setWrong(read.wrong);
            if (read.logo) onChange(read.logo);
          }}
        />
        {value ? (
          <Button small onClick={() => onChange(null)}>
            {t("Without a logo")}
          </Button>
        ) : null}
      </div>
      {wrong ? (
        <p role="alert" className="font-medium text-bad">
          {wrong}
        </p>
      ) : null}
      <p className="text-muted text-xs">{t("PNG, WebP or SVG, up to 45 KB; shown 32 pixels high.")}</p>
    </div>
  );
}

const usual = "#1d50cf";

function Color({ value, onChange }: { value: string | null; onChange(color: string | null): void }) {
  const id = useId();
  const color = value ?? usual;
  const ratio = /^#[0-9a-fA-F]{6}$/.test(color) ? contrast(color, "#ffffff") : 0;
  const isGood = ratio >= 4.5;
  return (
    <div className="grid gap-1">
      <label htmlFor={id} className="font-medium">
        {t("Colour of buttons")}
      </label>
      <div className="flex flex-wrap items-center gap-3">
        <input
          type="color"
          aria-label={t("Choose a colour")}
          className="h-9 w-12 rounded-md border border-edge bg-panel p-1"
          value={ratio > 0 ? color : usual}
          onChange={({ target }) => onChange(target.value)}
        />
        <input
          id={id}
          className="input w-28 font-mono"
          value={value ?? ""}
          placeholder={usual}
          aria-invalid={!isGood || undefined}
          onChange={({ target }) => onChange(target.value.trim() || null)}
        />
        <span role="status">
          <Chip tone={isGood ? "good" : "bad"}>
            {isGood
              ? t("White text on it: {ratio} to 1", { ratio: ratio.toFixed(1) })
              : t("Too light for white text: {ratio} to 1, 4.5 is needed", { ratio: ratio.toFixed(1) })}
          </Chip>
        </span>
      </div>
    </div>
  );
}

type DomainProps = {
  value: string | null;
  proven: boolean;
  onChange(domain: string | null): void;
  error: unknown;
  wrong: string | undefined;
};

/** A domain that is not proven yet is refused with the record that would prove it. */
function Domain({ value, proven, onChange, error, wrong }: DomainProps) {
  const record = recordIn(error);
  return (
    <div className="grid gap-2">
      <div className="flex flex-wrap items-end gap-3">
        <div className="min-w-0 flex-1 basis-56">
          <TextField
            label={t("Domain of your console")}
            value={value ?? ""}
            onChange={(text) => onChange(text.trim().toLowerCase() || null)}
            hint={t("Point it to this address; a TXT record shows that it is yours.")}
            wrong={record ? undefined : wrong}
          />
        </div>
        {proven ? <Chip tone="good">{t("Proven")}</Chip> : null}
      </div>
      {record ? (
        <div role="alert" className="grid gap-2 rounded-md border border-warn bg-warn-soft p-3">
          <p className="font-medium text-warn">{t("Not proven yet. Set this TXT record, then save again.")}</p>
          <Rows
            rows={[
              [t("Record"), record.name],
              [t("Value"), record.value],
            ]}
          />
        </div>
      ) : null}
    </div>
  );
}

function recordIn(error: unknown): { name: string; value: string } | undefined {
  if (!(error instanceof ApiProblem)) return undefined;
  const { record } = error.body as { record?: { name?: unknown; value?: unknown } };
  return typeof record?.name === "string" && typeof record.value === "string"
    ? { name: record.name, value: record.value }
    : undefined;
}

type SignUpProps = {
  account: string;
  value: SignUpSettings | null;
  onChange(settings: SignUpSettings | null): void;
  disabled: boolean;
};

function SignUp({ account, value, onChange, disabled }: SignUpProps) {
  const { data: me } = useMe();
  const templates = useAll<{ id: string; name: string }>(`${accountPath(account)}/templates`, {
    enabled: may(me, "templates:read"),
  });
  const plans = useAll<{ id: string; name: string }>(`${accountPath(account)}/plans`, {
    enabled: may(me, "plans:read"),
  });
  const accounts = useAccountsBelow(account);
  const pools = usePools();
  const now = value ?? noSignUp;
  const change = (part: Partial<SignUpSettings>): void => onChange({ ...now, ...part });
  const names = [...new Set([...(templates.data?.items.map(({ name }) => name) ?? []), ...now.templates])];
  return (
    <fieldset disabled={disabled} className="card grid gap-4 p-4">
      <legend className="sr-only">{t("Sign-up")}</legend>
      <label className="flex items-center gap-2 font-medium">
        <input
          type="checkbox"
          checked={value !== null}
          onChange={({ target }) => onChange(target.checked ? noSignUp : null)}
        />
        {t("Companies may sign up by themselves")}
      </label>
      {value ? (
        <>
          <fieldset className="grid gap-1">
            <legend className="pb-1 font-medium">{t("Templates to choose from")}</legend>
            {names.map((name) => (
              <label key={name} className="flex min-h-7 items-center gap-2">
                <input
                  type="checkbox"
                  checked={now.templates.includes(name)}
                  onChange={({ target }) =>
                    change({
                      templates: target.checked
                        ? [...now.templates, name]
                        : now.templates.filter((one) => one !== name),
                    })
                  }
                />
                {name}
              </label>
            ))}
            {names.length === 0 ? (
              <p className="text-muted">
                {t("None yet: who signs up begins with an empty phone system.")}{" "}
                <Link className="link inline-block leading-6 underline" to={`/accounts/${account}/templates`}>
                  {t("Templates")}
                </Link>
              </p>
            ) : null}
          </fieldset>
          <Choose
            label={t("Plan")}
            value={now.plan}
            options={(plans.data?.items ?? []).map(({ name }) => [name, name])}
            onChange={(plan) => change({ plan })}
          />
          <Choose
            label={t("Pool")}
            value={now.poolId}
            options={(pools.data?.data ?? []).map(({ id, name }) => [id, name])}
            none={t("The account's default")}
            onChange={(poolId) => change({ poolId })}
          />
          <TextField
            label={t("Lend a number that begins with")}
            value={now.areaPrefix ?? ""}
            onChange={(text) => change({ areaPrefix: text.trim() || null })}
            hint={t("As in +1555. Lent for 14 days out of the free numbers; empty: none is")}
            wrong={
              now.areaPrefix !== null && !/^\+\d{1,14}$/.test(now.areaPrefix)
                ? t("It must be + and 1 to 14 digits.")
                : undefined
            }
          />
          <Choose
            label={t("Made in the account")}
            value={now.accountId}
            options={(accounts.data?.items ?? []).map(({ id, name }) => [id, name])}
            none={t("This account itself")}
            onChange={(accountId) => change({ accountId })}
          />
          <label className="flex items-center gap-2">
            <input type="checkbox" checked={now.review} onChange={({ target }) => change({ review: target.checked })} />
            {t("Somebody of the account has to approve each")}
          </label>
        </>
      ) : null}
    </fieldset>
  );
}

type ChooseProps = {
  label: string;
  value: string | null;
  options: [string, string][];
  none?: string;
  onChange(value: string | null): void;
};

const Choose = ({ label, value, options, none, onChange }: ChooseProps) => (
  <label className="grid gap-1 font-medium">
    {label}
    <select className="input font-normal" value={value ?? ""} onChange={({ target }) => onChange(target.value || null)}>
      <option value="">{none ?? t("None")}</option>
      {value !== null && !options.some(([name]) => name === value) ? <option value={value}>{value}</option> : null}
      {options.map(([name, shown]) => (
        <option key={name} value={name}>
          {shown}
        </option>
      ))}
    </select>
  </label>
);
