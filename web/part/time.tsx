// A moment: how long ago while that is near, else date and time; the exact one on hover.
import { useEffect, useState } from "react";

const near = new Intl.RelativeTimeFormat(undefined, { numeric: "auto", style: "short" });
const far = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" });
const thisYear = new Intl.DateTimeFormat(undefined, {
  day: "numeric",
  month: "short",
  hour: "2-digit",
  minute: "2-digit",
});
const exact = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "long" });

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
  if (seconds > -10) return "just now";
  if (seconds > -60) return "less than a minute ago";
  if (seconds > -3600) return near.format(Math.ceil(seconds / 60), "minute");
  return stamp(at);
}

const stamp = (at: Date): string => (at.getFullYear() === new Date().getFullYear() ? thisYear : far).format(at);

export function Time({ at }: { at: string }) {
  const now = useNow(10_000);
  const date = new Date(at);
  return (
    <time dateTime={at} title={exact.format(date)} className="whitespace-nowrap">
      {said(date, now)}
    </time>
  );
}

/** Date and time, always: for lists that are read as a log. */
export function Stamp({ at }: { at: string }) {
  const date = new Date(at);
  return (
    <time dateTime={at} title={exact.format(date)} className="whitespace-nowrap tabular-nums">
      {stamp(date)}
    </time>
  );
}
