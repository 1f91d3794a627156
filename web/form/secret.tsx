// A secret: what is stored is never shown, only that it is there. A new one is typed or drawn here, and readable until it is saved.
import { useState } from "react";
import { randomText } from "../api/client.ts";
import { Button } from "../part/button.tsx";
import type { Control } from "./field.ts";
import type { Described } from "./labelled.tsx";

type Props = {
  control: Control & { as: "secret" };
  value: unknown;
  onChange(value: unknown): void;
  described: Described;
};

const draw = (form: string): string =>
  form === "pin" ? Array.from(crypto.getRandomValues(new Uint32Array(6)), (n) => n % 10).join("") : randomText(20);

export function SecretInput({ control, value, onChange, described }: Props) {
  const [stored] = useState(() => (typeof value === "object" && value !== null ? value : undefined));
  const version = stored && "secret" in stored ? String(stored.secret).split("#").at(-1) : undefined;
  const kept = stored !== undefined && value === stored;
  return (
    <div className="flex flex-wrap gap-2">
      <input
        className="input min-w-40 flex-1 basis-0 font-mono"
        autoComplete="off"
        spellCheck={false}
        {...described}
        value={kept ? "" : typeof value === "string" ? value : ""}
        placeholder={kept ? `Set (version ${version})` : control.generate ? "One is made for you" : ""}
        onChange={({ target }) => onChange(target.value === "" ? stored : target.value)}
      />
      <Button onClick={() => onChange(draw(control.form))}>{stored ? "New one" : "Make one"}</Button>
      {stored && !kept ? <Button onClick={() => onChange(stored)}>Keep the old one</Button> : null}
    </div>
  );
}
