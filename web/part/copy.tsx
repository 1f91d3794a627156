// A value with a button that copies it.

import { useEffect, useState } from "react";
import { t } from "../i18n/t.ts";
import { Button } from "./button.tsx";

export function Copy({ text, what }: { text: string; what: string }) {
  const [state, setState] = useState<"idle" | "done" | "failed">("idle");
  useEffect(() => {
    if (state === "idle") return;
    const timer = setTimeout(() => setState("idle"), 2000);
    return () => clearTimeout(timer);
  }, [state]);
  const said = { idle: t("Copy"), done: t("Copied"), failed: t("Select it") }[state];
  return (
    <>
      <Button
        small
        className="w-18"
        aria-label={`${said}${state === "idle" ? "" : ":"} ${what}`}
        onClick={async () => setState((await copy(text)) ? "done" : "failed")}
      >
        {said}
      </Button>
      <span className="sr-only" role="status">
        {state === "done" ? t("{what} copied", { what }) : ""}
      </span>
    </>
  );
}

/** The clipboard's API is there only on https and localhost; elsewhere the old command does. */
async function copy(text: string): Promise<boolean> {
  if (navigator.clipboard)
    return navigator.clipboard.writeText(text).then(
      () => true,
      () => false,
    );
  const area = document.createElement("textarea");
  area.value = text;
  area.style.position = "fixed";
  document.body.append(area);
  area.select();
  const done = document.execCommand("copy");
  area.remove();
  return done;
}
