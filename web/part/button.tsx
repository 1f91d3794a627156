// Buttons. While `busy` one keeps its size and its focus, and does nothing.
import type { ButtonHTMLAttributes } from "react";

type Props = ButtonHTMLAttributes<HTMLButtonElement> & {
  look?: "main" | "danger" | "plain";
  small?: boolean;
  busy?: boolean;
};

const looks = {
  main: "bg-fill text-on-fill border-transparent hover:bg-fill-hover",
  danger: "border-bad text-bad bg-panel hover:bg-bad-soft",
  plain: "border-edge bg-panel text-ink hover:bg-hover",
};

export function Button({ look = "plain", small = false, busy = false, className = "", onClick, ...rest }: Props) {
  return (
    <button
      type="button"
      className={`${buttonClass(look, small)} ${busy ? "opacity-70" : ""} ${className}`}
      aria-busy={busy || undefined}
      onClick={busy ? (event) => event.preventDefault() : onClick}
      {...rest}
    />
  );
}

/** The same look for a link. */
export const buttonClass = (look: keyof typeof looks = "plain", small = false): string =>
  `inline-flex items-center justify-center gap-1.5 rounded-md border font-medium whitespace-nowrap ${
    small ? "min-h-7 px-2 py-0.5 text-xs" : "min-h-9 px-3 py-1.5"
  } ${looks[look]}`;
