// Click to call: by the phone in this browser where it is on, else by the phones of an extension, which ring first.
import { useState } from "react";
import { kindOf } from "../../core/registry.ts";
import { useItems } from "../api/queries.ts";
import { may, useMe } from "../frame/me.ts";
import { t } from "../i18n/t.ts";
import { Button } from "../part/button.tsx";
import { Icon } from "../part/icon.tsx";
import { Popover } from "../part/popover.tsx";
import { wordsOf } from "../part/problem-words.ts";
import { toast } from "../part/toast.tsx";
import { dial, show, turnOn, usePhone } from "../phone/phone.ts";
import { useTenantId } from "../tenant/id.ts";
import { placeCall } from "./place.ts";

/** What can be dialled: a number from outside that was withheld, or a name, cannot. */
const dialable = /^\+?[\d*#][\d*#\s().-]*$/;

export function CallButton({ number, className = "" }: { number: string | null; className?: string }) {
  const tenant = useTenantId();
  const phone = usePhone();
  const { data: me } = useMe();
  if (number === null || !dialable.test(number) || !may(me, "calls:write")) return null;
  const look = `inline-grid size-8 shrink-0 place-items-center rounded-md text-accent hover:bg-hover ${className}`;
  const label = t("Call {number}", { number });
  if (phone.standing !== "ready" || phone.owner?.tenant !== tenant)
    return (
      <Popover label={label} className={look} button={<Icon name="phone" />}>
        {(close) => <From number={number} onDone={close} />}
      </Popover>
    );
  const go = (): void => {
    show(true);
    void dial(number);
  };
  return (
    <button type="button" aria-label={label} title={label} className={look} onClick={go}>
      <Icon name="phone" />
    </button>
  );
}

const kept = (tenant: string): string => `dialplane.caller.${tenant}`;

/** From whose phones; the one that was chosen last stands first. */
function From({ number, onDone }: { number: string; onDone(): void }) {
  const tenant = useTenantId();
  const items = useItems(tenant, kindOf("extension")).data?.pages[0]?.data.filter(
    (one) => one.enabled && one.number !== number,
  );
  const [chosen, setChosen] = useState(() => localStorage.getItem(kept(tenant)));
  const from = items?.find(({ id }) => id === chosen) ?? items?.[0];
  const choose = (): typeof from => {
    if (from) localStorage.setItem(kept(tenant), from.id);
    onDone();
    return from;
  };
  const ring = (): void => {
    const caller = choose();
    if (!caller) return;
    toast(t("The phones of {who} ring; then {number} is called.", { who: String(caller.number), number }));
    placeCall(tenant, { from: caller.id, to: number }).catch((error: unknown) => toast(wordsOf(error)));
  };
  const here = async (): Promise<void> => {
    const caller = choose();
    if (!caller) return;
    show(true);
    const name = typeof caller.displayName === "string" ? caller.displayName : null;
    await turnOn({ tenant, extension: caller.id, number: String(caller.number), name });
    await dial(number);
  };
  return (
    <div className="grid gap-2 p-1.5">
      <p className="font-semibold break-words">{t("Call {number}", { number })}</p>
      <label className="grid gap-1 text-muted text-xs">
        {t("From the extension")}
        <select
          className="input text-ink text-sm"
          value={from?.id ?? ""}
          onChange={({ target }) => setChosen(target.value)}
        >
          {items?.map((one) => (
            <option key={one.id} value={one.id}>
              {[one.displayName, one.number].filter(Boolean).join(" · ")}
            </option>
          ))}
        </select>
      </label>
      <Button look="main" onClick={ring}>
        {t("Ring its phones, then call")}
      </Button>
      <Button onClick={() => void here()}>{t("Call in this browser")}</Button>
    </div>
  );
}
