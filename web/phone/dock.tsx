// The phone at the edge of every page: whether it is on, and the panel behind it, which is loaded when it is first looked at.
import { lazy, Suspense, useEffect, useRef } from "react";
import { t } from "../i18n/t.ts";
import { useNow } from "../part/time.tsx";
import { Icon } from "./icon.tsx";
import { type Owner, type Phone, remembered, show, turnOff, turnOn, usePhone } from "./phone.ts";

const Panel = lazy(() => import("./panel.tsx"));

type Props = {
  /** Whose pages are looked at. Somebody else's phone that is on stays on. */
  tenant: string | undefined;
  /** The phone of who is signed in. */
  own: Owner | undefined;
};

export function PhoneDock({ tenant, own }: Props) {
  const phone = usePhone();
  const tried = useRef<string>(undefined);
  // it goes with who is signed in
  useEffect(() => () => void turnOff(), []);
  useEffect(() => {
    const owner = tenant === undefined || tried.current === tenant ? undefined : remembered(tenant);
    // who is signed in may not be known yet; the next at this browser does not have the one's before
    if (owner?.own && owner.extension !== own?.extension) return;
    tried.current = tenant;
    if (owner && phone.standing === "off") void turnOn(owner);
  }, [tenant, own, phone.standing]);
  if (tenant === undefined && phone.standing === "off") return null;
  return (
    <div className="fixed inset-x-0 bottom-0 z-20 grid justify-items-end gap-2 p-3 pointer-events-none sm:left-auto sm:p-4">
      {phone.open ? (
        <Suspense fallback={<div className="card h-96 w-full shadow-xl sm:w-80" aria-busy="true" />}>
          <Panel tenant={phone.owner?.tenant ?? tenant ?? ""} own={own?.tenant === tenant ? own : undefined} />
        </Suspense>
      ) : null}
      <button
        type="button"
        aria-expanded={phone.open}
        aria-controls="phone"
        onClick={() => show(!phone.open)}
        className="pointer-events-auto flex min-h-11 items-center gap-2 rounded-full border border-line bg-panel px-4 font-medium shadow-lg hover:bg-hover"
      >
        <span className={tones[phone.standing]}>
          <Icon name="phone" />
        </span>
        <Said phone={phone} />
      </button>
    </div>
  );
}

const tones: Record<Phone["standing"], string> = {
  off: "text-muted",
  starting: "text-muted",
  ready: "text-good",
  away: "text-warn",
};

function Said({ phone }: { phone: Phone }) {
  const comes = phone.calls.find(({ direction, state }) => direction === "in" && state === "ringing");
  const talks = phone.calls.find(({ state, held }) => state === "talking" && !held);
  if (comes) return <span>{t("{who} is calling", { who: comes.name ?? comes.number })}</span>;
  if (talks?.since) return <Timer since={talks.since} />;
  const words: Record<Phone["standing"], string> = {
    off: t("Phone"),
    starting: t("Phone is coming"),
    ready: t("Phone {number}", { number: phone.owner?.number ?? "" }),
    away: t("Phone is not connected"),
  };
  return <span>{words[phone.standing]}</span>;
}

/** Minutes and seconds since then. */
export function Timer({ since }: { since: number }) {
  const seconds = Math.max(0, Math.floor((useNow(1000) - since) / 1000));
  const two = (n: number): string => String(n).padStart(2, "0");
  const hours = Math.floor(seconds / 3600);
  const rest = `${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
  return <span className="tabular-nums">{hours > 0 ? `${hours}:${rest}` : rest}</span>;
}
