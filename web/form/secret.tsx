// A secret: what is stored is never shown, only that it is there. A new one is typed or drawn here, and readable until it is saved.

import { useState } from "react";
import { randomText } from "../api/client.ts";
import { t } from "../i18n/t.ts";
import { Button } from "../part/button.tsx";
import type { Control } from "./field.ts";
import type { InputProps } from "./input.tsx";
import { Labelled } from "./labelled.tsx";

const drawn = (form: string): string =>
  form === "pin" ? Array.from(crypto.getRandomValues(new Uint32Array(6)), (n) => n % 10).join("") : randomText(20);

const setText = (version: string | undefined): string =>
  version === undefined ? t("Set") : t("Set, version {version}", { version });

export function Secret({ field, pointer, value, onChange }: InputProps<Control & { as: "secret" }>) {
  const { control, nullable } = field;
  const [stored] = useState(() => (typeof value === "object" && value !== null ? value : undefined));
  const kept = stored !== undefined && value === stored;
  const version = stored && "secret" in stored ? String(stored.secret).split("#").at(-1) : undefined;
  const about = stored
    ? t("Left empty, it stays as it is")
    : control.generate
      ? t("Left empty, one is made and shown once")
      : field.about;
  return (
    <div className="col-span-full">
      <Labelled field={{ ...field, about, required: field.required || stored !== undefined }} pointer={pointer}>
        {(described) => (
          <div className="flex flex-wrap gap-2">
            <input
              className="input min-w-40 flex-1 basis-0 font-mono"
              autoComplete="off"
              spellCheck={false}
              {...described}
              value={typeof value === "string" ? value : ""}
              placeholder={kept ? setText(version) : stored && value === null ? t("Will be removed") : ""}
              onChange={({ target }) => onChange(target.value === "" ? stored : target.value)}
            />
            {control.generate ? (
              <Button onClick={() => onChange(drawn(control.form))}>
                {stored ? t("Make a new one") : t("Make one")}
              </Button>
            ) : null}
            {stored && kept && nullable ? <Button onClick={() => onChange(null)}>{t("Remove")}</Button> : null}
            {stored && !kept ? <Button onClick={() => onChange(stored)}>{t("Keep the old one")}</Button> : null}
          </div>
        )}
      </Labelled>
    </div>
  );
}
