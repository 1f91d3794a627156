// Word of the trial on a company's overview: what it may, and who ends it.
import { useMutation, useQuery } from "@tanstack/react-query";
import { type FormEvent, useId, useState } from "react";
import type { ShownCommand } from "../../functions/edges/commands.ts";
import { send } from "../api/client.ts";
import { tenantPath } from "../api/queries.ts";
import { settled } from "../call/place.ts";
import { may, useMe } from "../frame/me.ts";
import { t } from "../i18n/t.ts";
import { flawOf, sentenceOf } from "../identity/fields.tsx";
import { Button } from "../part/button.tsx";
import { Stamp } from "../part/time.tsx";
import { useTenantId } from "../tenant/id.ts";

export type Trial = { active: boolean; number: string | null; until: string | null };

export const useTrial = (tenant: string) =>
  useQuery({
    queryKey: ["tenant", tenant, "trial"],
    queryFn: ({ signal }) => send<Trial>("GET", `${tenantPath(tenant)}/trial`, { signal }),
    retry: false,
  });

export function TrialNote() {
  const { data } = useTrial(useTenantId());
  if (!data?.active) return null;
  return (
    <section className="card grid gap-1 px-4 py-3" aria-label={t("Trial")}>
      <h2 className="font-semibold">{t("You are on trial")}</h2>
      <p className="text-muted">
        {t(
          "Calls go inside, to emergency numbers and to your own phone: two at once, an hour a day. Your provider ends the trial.",
        )}
      </p>
      <OwnPhone />
      {data.number !== null && data.until !== null ? (
        <p className="text-muted">
          {t("{number} is lent to you until", { number: data.number })} <Stamp at={data.until} />
        </p>
      ) : null}
    </section>
  );
}

/** One's own phone outside: a code is spoken to it, and typed here. */
function OwnPhone() {
  const tenant = useTenantId();
  const { data: me } = useMe();
  const [number, setNumber] = useState("");
  const [code, setCode] = useState("");
  const path = `${tenantPath(tenant)}/trial/phone`;
  const call = useMutation({
    mutationFn: async () => settled(tenant, await send<ShownCommand>("POST", path, { body: { number } })),
  });
  const verify = useMutation({
    mutationFn: () => send<{ number: string }>("POST", `${path}/verify`, { body: { code: code.trim() } }),
  });
  if (!may(me, "phone-numbers:write")) return null;
  if (verify.data)
    return (
      <p role="status" className="font-medium text-good">
        {t("{number} is yours: you may call it now.", { number: verify.data.number })}
      </p>
    );
  const asks = call.isPending || call.isSuccess;
  return (
    <div className="grid max-w-sm gap-2 py-2">
      <Line
        label={t("Your own phone's number")}
        type="tel"
        value={number}
        onChange={setNumber}
        button={asks ? t("Call it again") : t("Call it with a code")}
        busy={call.isPending}
        wrong={call.error ? (flawOf(call.error, "/number") ?? said(call.error)) : undefined}
        onSend={() => call.mutate()}
      />
      {asks ? (
        <Line
          label={t("The code that was spoken")}
          type="text"
          value={code}
          onChange={setCode}
          button={t("Verify")}
          busy={verify.isPending}
          wrong={verify.error ? (flawOf(verify.error, "/code") ?? said(verify.error)) : undefined}
          onSend={() => verify.mutate()}
        />
      ) : null}
    </div>
  );
}

const said = (error: unknown): string | undefined =>
  error instanceof Error && error.name === "Error" ? error.message : sentenceOf(error);

type LineProps = {
  label: string;
  type: "tel" | "text";
  value: string;
  button: string;
  busy: boolean;
  wrong: string | undefined;
  onChange(value: string): void;
  onSend(): void;
};

function Line({ label, type, value, button, busy, wrong, onChange, onSend }: LineProps) {
  const id = useId();
  const send = (event: FormEvent): void => {
    event.preventDefault();
    if (!busy && value.trim() !== "") onSend();
  };
  return (
    <form noValidate className="grid gap-1" onSubmit={send}>
      <label htmlFor={id} className="text-muted text-xs">
        {label}
      </label>
      <div className="flex flex-wrap gap-2">
        <input
          id={id}
          type={type}
          inputMode={type === "tel" ? "tel" : "numeric"}
          className="input w-auto! min-w-0 flex-1"
          autoComplete={type === "tel" ? "tel" : "one-time-code"}
          value={value}
          aria-invalid={wrong ? true : undefined}
          aria-describedby={wrong ? `${id}wrong` : undefined}
          onChange={({ target }) => onChange(target.value)}
        />
        <Button type="submit" busy={busy}>
          {button}
        </Button>
      </div>
      {wrong ? (
        <p id={`${id}wrong`} role="alert" className="font-medium text-bad">
          {wrong}
        </p>
      ) : null}
    </form>
  );
}
