// The twelve keys.
import { t } from "../i18n/t.ts";

export const keys = ["1", "2", "3", "4", "5", "6", "7", "8", "9", "*", "0", "#"];
const letters: Record<string, string> = {
  ...{ 2: "ABC", 3: "DEF", 4: "GHI", 5: "JKL", 6: "MNO", 7: "PQRS", 8: "TUV", 9: "WXYZ", 0: "+" },
};

export function Keypad({ onPress }: { onPress(key: string): void }) {
  return (
    <fieldset className="grid grid-cols-3 gap-1.5" aria-label={t("Keypad")}>
      {keys.map((key) => (
        <button
          key={key}
          type="button"
          aria-label={key}
          onClick={() => onPress(key)}
          className="grid min-h-11 place-content-center rounded-md border border-line text-center leading-tight hover:bg-hover active:bg-line"
        >
          <span className="font-medium text-base">{key}</span>
          <span className="min-h-3 text-[0.625rem] text-muted tracking-wider" aria-hidden="true">
            {letters[key] ?? ""}
          </span>
        </button>
      ))}
    </fieldset>
  );
}
