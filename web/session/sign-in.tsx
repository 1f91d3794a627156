// Signing in with an API key: the key is tried, then kept for this tab.
import { useMutation } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { ApiProblem } from "../../client/problem.ts";
import { send } from "../api/client.ts";
import { t } from "../i18n/t.ts";
import { Button } from "../part/button.tsx";
import { saidOf } from "../part/problem-words.ts";
import { begin, whyEnded } from "./session.ts";

export function SignIn() {
  const [key, setKey] = useState("");
  const input = useRef<HTMLInputElement>(null);
  const tried = key.trim();
  const sign = useMutation({
    mutationFn: () => send("GET", "/v1/me", { key: tried }),
    onSuccess: () => begin(tried),
    onError: () => input.current?.focus(),
  });
  useEffect(() => {
    document.title = `${t("Sign in")} · Dialplane`;
  }, []);
  const wrong = sign.error ? sentence(sign.error) : sign.isIdle ? whyEnded() : undefined;
  return (
    <main className="mx-auto grid min-h-dvh w-full max-w-sm content-center gap-5 px-4 py-8">
      <div className="flex items-center gap-3">
        <img src={new URL("../icon.svg", import.meta.url).href} alt="" className="size-9" />
        <h1 className="font-semibold text-2xl tracking-tight">Dialplane</h1>
      </div>
      <form
        noValidate
        className="card grid gap-3 p-4"
        onSubmit={(event) => {
          event.preventDefault();
          if (!sign.isPending) sign.mutate();
        }}
      >
        <label htmlFor="key" className="font-medium">
          {t("API key")}
        </label>
        <input
          ref={input}
          id="key"
          className="input font-mono"
          type="password"
          autoComplete="current-password"
          aria-describedby={wrong ? "key-wrong key-about" : "key-about"}
          aria-invalid={sign.error ? true : undefined}
          value={key}
          onChange={({ target }) => setKey(target.value)}
        />
        <p id="key-wrong" role="alert" className="font-medium text-bad empty:hidden">
          {wrong}
        </p>
        <Button type="submit" look="main" busy={sign.isPending}>
          {t("Sign in")}
        </Button>
        <p id="key-about" className="text-muted text-xs">
          {t(
            "The first operator key lies in the file operator.key of the control plane's data folder. The key stays in this tab and is gone when you close it.",
          )}
        </p>
      </form>
    </main>
  );
}

function sentence(error: unknown): string {
  if (!(error instanceof ApiProblem)) return t("Something in this page broke; reload it and try again.");
  if (error.status === 401) return t("This API key is not known here. Check that it is whole, or ask for a new one.");
  return saidOf(error)?.detail ?? error.message;
}
