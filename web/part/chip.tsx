// A state in one or two words. Colour never says it alone.
import type { ReactNode } from "react";

export type Tone = "good" | "warn" | "bad" | "quiet";

const tones: Record<Tone, string> = {
  good: "bg-good-soft text-good",
  warn: "bg-warn-soft text-warn",
  bad: "bg-bad-soft text-bad",
  quiet: "bg-hover text-muted",
};

export function Chip({ tone, children }: { tone: Tone; children: ReactNode }) {
  return (
    <span
      className={`inline-flex items-center rounded-full px-2 py-0.5 font-medium text-xs whitespace-nowrap ${tones[tone]}`}
    >
      {children}
    </span>
  );
}
