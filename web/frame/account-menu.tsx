// The menu of who is signed in: theme, language, help, signing out. What identity adds has its place above these.
import type { ReactNode } from "react";
import { type Language, languages, setLanguage, t, useLanguage } from "../i18n/t.ts";
import { IdentityItems } from "../identity/menu.tsx";
import { Icon } from "../part/icon.tsx";
import { Popover } from "../part/popover.tsx";
import { signOut } from "../session/sign-out.ts";
import { useMe } from "./me.ts";
import { setTheme, type Theme, themeNames, themes, useTheme } from "./theme.ts";

const item = "flex min-h-8 w-full items-center gap-2 rounded-md px-2 text-left hover:bg-hover";

type Props = { side: "above" | "below"; compact?: boolean; onHelp(): void; children?: ReactNode };

export function AccountMenu({ side, compact = false, onHelp, children }: Props) {
  const { data: me } = useMe();
  const name = me?.member?.name ?? me?.name;
  const theme = useTheme();
  const language = useLanguage();
  return (
    <Popover
      label={name ? `${t("Account")}: ${name}` : t("Account")}
      side={side}
      className={`flex min-h-9 min-w-0 items-center gap-2 rounded-md px-2 text-left hover:bg-hover ${compact ? "" : "w-full"}`}
      button={
        <>
          <Icon name="person" />
          <span className={compact ? "sr-only" : "min-w-0 flex-1 truncate"}>{name ?? t("Account")}</span>
          {compact ? null : <Icon name="chevron" className="size-3.5 text-muted" />}
        </>
      }
    >
      {(close) => (
        <div className="grid gap-1.5">
          {name ? <p className="truncate px-2 pt-1 font-medium">{name}</p> : null}
          <IdentityItems close={close} />
          {children}
          <Choice<Theme>
            title={t("Theme")}
            options={themes.map((one) => [one, themeNames[one]()])}
            chosen={theme}
            onChoose={setTheme}
          />
          <Choice<Language>
            title={t("Language")}
            options={Object.entries(languages) as [Language, string][]}
            chosen={language}
            onChoose={(next) => void setLanguage(next, { keep: true })}
          />
          <hr className="border-line" />
          <button
            type="button"
            className={item}
            onClick={() => {
              close();
              onHelp();
            }}
          >
            <span className="flex-1">{t("Keyboard shortcuts")}</span>
            <kbd className="key">?</kbd>
          </button>
          <a className={item} href="/docs">
            {t("API reference")}
          </a>
          <button type="button" className={item} onClick={() => void signOut()}>
            {t("Sign out")}
          </button>
        </div>
      )}
    </Popover>
  );
}

type ChoiceProps<Value extends string> = {
  title: string;
  options: [Value, string][];
  chosen: Value;
  onChoose(value: Value): void;
};

function Choice<Value extends string>({ title, options, chosen, onChoose }: ChoiceProps<Value>) {
  return (
    <fieldset className="grid gap-0.5">
      <legend className="px-2 pb-0.5 text-muted text-xs">{title}</legend>
      <div className="flex gap-1 px-1">
        {options.map(([value, label]) => (
          <button
            key={value}
            type="button"
            aria-pressed={value === chosen}
            className="min-h-7 flex-1 rounded-md border border-line px-1.5 text-xs hover:bg-hover aria-pressed:border-accent aria-pressed:font-medium aria-pressed:text-accent"
            onClick={() => onChoose(value)}
          >
            {label}
          </button>
        ))}
      </div>
    </fieldset>
  );
}
