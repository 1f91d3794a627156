// Signing in: with address and password, or with an API key, which is tried and then kept for this tab.
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { ApiProblem } from "../../client/problem.ts";
import { send } from "../api/client.ts";
import { setLanguage, t } from "../i18n/t.ts";
import { Button } from "../part/button.tsx";
import { wordsOf } from "../part/problem-words.ts";
import { Link } from "../router.tsx";
import { begin, lastSession, type PersonSession, setPerson } from "../session/session.ts";
import { useBrand } from "./brand.ts";
import { Card, Form, Told } from "./card.tsx";
import { EmailField, PasswordField, sentenceOf, TextField } from "./fields.tsx";
import { passkeysHere, signInByPasskey } from "./passkey.ts";
import { type Half, SecondStep } from "./second-step.tsx";

type Way = "person" | "api-key";
/** By password alone whoever has no second factor is signed in. */
export type Admitted = PersonSession | { half: Half };

export function SignIn() {
  const last = lastSession();
  const brand = useBrand();
  const [way, setWay] = useState<Way>(last?.by ?? "person");
  const [half, setHalf] = useState<Half>();
  const [over, setOver] = useState<string>();
  const other: Record<Way, [Way, string]> = {
    person: ["api-key", t("Sign in with an API key")],
    "api-key": ["person", t("Sign in with your email address")],
  };
  const [next, text] = other[way];
  const begin = (why?: string): void => {
    setHalf(undefined);
    setOver(why);
  };
  if (half) return <SecondStep half={half} onDone={signedIn} onOver={begin} />;
  return (
    <Card
      title={t("Sign in")}
      below={
        <>
          {brand?.signUp ? (
            <Link className="link flex min-h-9 items-center font-medium" to="/sign-up">
              {t("New here? Sign up")}
            </Link>
          ) : null}
          <button type="button" className="link min-h-9" onClick={() => setWay(next)}>
            {text}
          </button>
        </>
      }
    >
      {way === "person" ? <ByPassword farewell={over ?? last?.why} onHalf={setHalf} /> : <ByKey farewell={last?.why} />}
    </Card>
  );
}

type Farewell = { farewell: string | undefined };

function ByPassword({ farewell, onHalf }: Farewell & { onHalf(half: Half): void }) {
  const [email, setEmail] = useState("");
  const [password, setPassword] = useState("");
  const sign = useMutation({
    mutationFn: () => send<Admitted>("POST", "/v1/identity/sign-in", { body: { email, password } }),
    gcTime: 0,
    onSuccess: (made) => ("half" in made ? onHalf(made.half) : signedIn(made)),
  });
  const byPasskey = useMutation({ mutationFn: () => signInByPasskey(), gcTime: 0, onSuccess: signedIn });
  const incomplete = email.trim() === "" || password === "";
  const error = byPasskey.error ?? sign.error;
  const wrong = error ? sentenceOf(error) : sign.isIdle && byPasskey.isIdle ? farewell : undefined;
  const bySending = (): void => {
    byPasskey.reset();
    sign.mutate();
  };
  return (
    <Form onSend={() => !sign.isPending && !incomplete && bySending()}>
      <EmailField value={email} onChange={setEmail} autoFocus />
      <PasswordField value={password} onChange={setPassword} />
      <Told bad>{wrong}</Told>
      <Button type="submit" look="main" busy={sign.isPending}>
        {t("Sign in")}
      </Button>
      {passkeysHere() ? (
        <Button busy={byPasskey.isPending} onClick={() => byPasskey.mutate()}>
          {t("Sign in with a passkey")}
        </Button>
      ) : null}
      <div className="flex flex-wrap justify-center gap-x-5">
        <Link className="link flex min-h-9 items-center" to="/forgotten">
          {t("Forgot your password?")}
        </Link>
        <Link
          className="link flex min-h-9 items-center"
          to={`/sso${email.trim() === "" ? "" : `#${encodeURIComponent(email.trim())}`}`}
        >
          {t("Single sign-on")}
        </Link>
      </div>
    </Form>
  );
}

/** The console is in his language from now on. */
export function signedIn(session: PersonSession): void {
  void setLanguage(session.person.language, { keep: true });
  setPerson(session);
}

function ByKey({ farewell }: Farewell) {
  const [key, setKey] = useState("");
  const tried = key.trim();
  const sign = useMutation({
    mutationFn: () => send("GET", "/v1/me", { key: tried }),
    gcTime: 0,
    onSuccess: () => begin(tried),
  });
  const wrong = sign.error ? keySentence(sign.error) : sign.isIdle ? farewell : undefined;
  return (
    <Form onSend={() => !sign.isPending && sign.mutate()}>
      <TextField
        label={t("API key")}
        type="password"
        autoComplete="current-password"
        autoFocus
        value={key}
        onChange={setKey}
        hint={t(
          "The first operator key lies in the file operator.key of the control plane's data folder. The key stays in this tab and is gone when you close it.",
        )}
      />
      <Told bad>{wrong}</Told>
      <Button type="submit" look="main" busy={sign.isPending}>
        {t("Sign in")}
      </Button>
    </Form>
  );
}

function keySentence(error: unknown): string {
  if (!(error instanceof ApiProblem)) return t("Something in this page broke; reload it and try again.");
  if (error.status === 401) return t("This API key is not known here. Check that it is whole, or ask for a new one.");
  return wordsOf(error);
}
