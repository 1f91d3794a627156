// A moment: how long ago while that is near, else date and time; the exact one on hover.

import { useEffect, useState } from "react";
import { currentLanguage, t } from "../i18n/t.ts";

/** Formats of a language; English as the browser's region writes it. */
const formats = new Map<string, ReturnType<typeof formatsOf>>();
function formatsOf(locale: string) {
  const date = (options: Intl.DateTimeFormatOptions) => new Intl.DateTimeFormat(locale, options);
  return {
    near: new Intl.RelativeTimeFormat(locale, { numeric: "auto", style: "short" }),
    far: date({ dateStyle: "medium", timeStyle: "short" }),
    thisYear: date({ day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" }),
    exact: date({ dateStyle: "medium", timeStyle: "long" }),
  };
}
function written() {
  const language = currentLanguage();
  const locale = navigator.languages.find((tag) => tag.startsWith(language)) ?? language;
  const known = formats.get(locale) ?? formatsOf(locale);
  formats.set(locale, known);
  return known;
}

/** The present moment, read again every `everyMs`. */
export function useNow(everyMs: number): number {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), everyMs);
    return () => clearInterval(timer);
  }, [everyMs]);
  return now;
}

function said(at: Date, now: number): string {
  const seconds = Math.min(0, Math.round((at.getTime() - now) / 1000));
  if (seconds > -10) return t("just now");
  if (seconds > -60) return t("less than a minute ago");
  if (seconds > -3600) return written().near.format(Math.ceil(seconds / 60), "minute");
  return stamp(at);
}

const stamp = (at: Date): string =>
  (at.getFullYear() === new Date().getFullYear() ? written().thisYear : written().far).format(at);

export function Time({ at }: { at: string }) {
  const now = useNow(10_000);
  const date = new Date(at);
  return (
    <time dateTime={at} title={written().exact.format(date)} className="whitespace-nowrap">
      {said(date, now)}
    </time>
  );
}

/** Date and time, always: for lists that are read as a log. */
export function Stamp({ at }: { at: string }) {
  const date = new Date(at);
  return (
    <time dateTime={at} title={written().exact.format(date)} className="whitespace-nowrap tabular-nums">
      {stamp(date)}
    </time>
  );
}
