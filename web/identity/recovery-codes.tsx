// Recovery codes as they are shown, once.
import { t } from "../i18n/t.ts";
import { Button } from "../part/button.tsx";
import { Copy } from "../part/copy.tsx";
import { save } from "../part/save.ts";

export function RecoveryCodes({ codes, onKept }: { codes: string[]; onKept(): void }) {
  const text = `${codes.join("\n")}\n`;
  return (
    <div className="grid gap-3">
      <p>
        {t(
          "With one of these codes you sign in when you have lost your second factor. Each is good once. Keep them where you keep other passwords: they are never shown again.",
        )}
      </p>
      <ul className="grid grid-cols-2 gap-x-4 gap-y-1 rounded-md border border-line p-3 font-mono text-xs sm:text-sm">
        {codes.map((code) => (
          <li key={code}>{code}</li>
        ))}
      </ul>
      <div className="flex flex-wrap items-center gap-2">
        <Button look="main" onClick={onKept}>
          {t("I have kept them")}
        </Button>
        <Button onClick={() => save("dialplane-recovery-codes.txt", "text/plain", text)}>{t("Save as a file")}</Button>
        <Copy text={text} what={t("Recovery codes")} />
      </div>
    </div>
  );
}
