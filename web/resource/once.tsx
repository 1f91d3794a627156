// Secrets that are shown once: made by the server, or typed into the form just sent. Nothing here is kept; a reload and they are gone.

import type { Kind } from "../../core/resources/kind.ts";
import { places } from "../../core/resources/marks.ts";
import type { Item } from "../api/queries.ts";
import { SipSettings } from "../extension/sip-settings.tsx";
import { t } from "../i18n/t.ts";
import { Button } from "../part/button.tsx";
import { Rows } from "../part/rows.tsx";
import { inner, itemOf, phrase } from "../part/words.ts";

/** Secrets of a body in plain text, by pointer. */
export function plainOf(kind: Kind, body: Record<string, unknown>): Record<string, string> {
  const plain: Record<string, string> = {};
  for (const { pointer, value, mark } of places(kind.schema, body))
    if (mark.mark === "secret" && typeof value === "string") plain[pointer] = value;
  return plain;
}

/** Whether there is something to note: what the server made, or the password that now has to go into a phone. */
export const shownOnce = (answer: Item, typed: Record<string, string>): boolean =>
  answer.secrets !== undefined || (answer.sip !== undefined && Object.keys(typed).length > 0);

type Props = { kind: Kind; answer: Item; typed: Record<string, string>; onDone?: () => void };

export function OnceShown({ answer, typed, onDone }: Props) {
  const secrets = { ...typed };
  for (const { pointer, value } of answer.secrets ?? []) secrets[pointer] = value;
  return (
    <section className="card grid max-w-2xl gap-4 px-4 py-4" aria-label={t("Shown once")}>
      {answer.sip ? (
        <SipSettings sip={answer.sip} devices={answer.devices} secrets={secrets} />
      ) : (
        <>
          <p className="font-medium">{t("Shown once: note it now.")}</p>
          <Rows rows={Object.entries(secrets).map(([pointer, value]) => [labelOf(pointer), value])} />
        </>
      )}
      {onDone ? (
        <div>
          <Button onClick={onDone}>{t("I have noted it")}</Button>
        </div>
      ) : null}
    </section>
  );
}

/** `/devices/0/password` as `Device 1 password`. */
export const labelOf = (pointer: string): string => {
  const parts = pointer.slice(1).split("/");
  return parts
    .map((part, index) => {
      if (/^\d+$/.test(part)) return String(Number(part) + 1);
      if (/^\d+$/.test(parts[index + 1] ?? "")) return itemOf(part);
      return index === 0 ? phrase(part) : inner(part);
    })
    .join(" ");
};
