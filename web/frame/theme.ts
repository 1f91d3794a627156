// Light or dark: as the system has it, or as the user chose in this browser.
import { useSyncExternalStore } from "react";
import { t } from "../i18n/t.ts";

export const themes = ["system", "light", "dark"] as const;
export type Theme = (typeof themes)[number];
export const themeNames: Record<Theme, () => string> = {
  system: () => t("System"),
  light: () => t("Light"),
  dark: () => t("Dark"),
};
const kept = "dialplane.theme";
const listeners = new Set<() => void>();

export function currentTheme(): Theme {
  const stored = localStorage.getItem(kept);
  return themes.find((theme) => theme === stored) ?? "system";
}

export function setTheme(theme: Theme): void {
  if (theme === "system") localStorage.removeItem(kept);
  else localStorage.setItem(kept, theme);
  showTheme();
  for (const listener of listeners) listener();
}

/** style.css has the colours of both. */
export function showTheme(): void {
  document.documentElement.dataset.theme = currentTheme();
}

export const useTheme = (): Theme =>
  useSyncExternalStore((listener) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  }, currentTheme);
