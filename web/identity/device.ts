// What a browser calls itself, in short.
import { t } from "../i18n/t.ts";

/** “Firefox on Linux”, as far as the browser's word tells. */
export function deviceOf(userAgent: string): string {
  const first = (known: [RegExp, string][]): string | undefined => known.find(([form]) => form.test(userAgent))?.[1];
  const browser = first([
    [/Edg\//, "Edge"],
    [/Firefox\//, "Firefox"],
    [/Chrome\//, "Chrome"],
    [/Safari\//, "Safari"],
  ]);
  const system = first([
    [/iPhone|iPad/, "iOS"],
    [/Android/, "Android"],
    [/Windows/, "Windows"],
    [/Mac OS/, "macOS"],
    [/Linux/, "Linux"],
  ]);
  if (browser && system) return t("{browser} on {system}", { browser, system });
  return browser ?? (userAgent.slice(0, 60) || t("unknown browser"));
}
