// A call that comes while nobody looks at the page is told by the system.
import { t } from "../i18n/t.ts";
import type { Call } from "./line.ts";

/** Asks for the right to; called when somebody turns the phone on, as browsers want it. */
export function mayNotify(): void {
  if (typeof Notification !== "undefined" && Notification.permission === "default")
    void Notification.requestPermission().catch(() => undefined);
}

/** `onClick`: somebody wants to see it. It goes when the page is looked at. */
export function notify({ name, number }: Pick<Call, "name" | "number">, onClick: () => void): void {
  if (typeof Notification === "undefined" || Notification.permission !== "granted" || document.hasFocus()) return;
  const shown = new Notification(t("{who} is calling", { who: name ?? number }), {
    body: name === null ? "" : number,
    tag: "dialplane.call",
    requireInteraction: true,
  });
  shown.onclick = () => {
    shown.close();
    onClick();
  };
  addEventListener("focus", () => shown.close(), { once: true });
}
