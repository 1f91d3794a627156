// The second step of a sign-in: a passkey, a code of the authenticator app, or a recovery code.
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { ApiProblem } from "../../client/problem.ts";
import { send } from "../api/client.ts";
import { t } from "../i18n/t.ts";
import { Button } from "../part/button.tsx";
import type { PersonSession } from "../session/session.ts";
import { Card, Form, Told } from "./card.tsx";
import { CodeField, sentenceOf, TextField } from "./fields.tsx";
import { signInByPasskey } from "./passkey.ts";

export type Way = "passkey" | "totp" | "recovery-code";
export type Half = { token: string; ways: Way[] };
type Props = { half: Half; onDone(session: PersonSession): void; onOver(why?: string): void };

export function SecondStep({ half, onDone, onOver }: Props) {
  const [way, setWay] = useState<Way>(half.ways[0] ?? "recovery-code");
  const [code, setCode] = useState("");
  const finish = useMutation({
    mutationFn: () =>
      way === "passkey"
        ? signInByPasskey(half.token)
        : send<PersonSession>("POST", "/v1/identity/sign-in/second", { body: { token: half.token, code } }),
    gcTime: 0,
    onSuccess: onDone,
    onError(error) {
      if (error instanceof ApiProblem && error.code === "unauthenticated")
        onOver(t("The sign-in took too long. Begin again."));
      else setCode("");
    },
  });
  const turn = (next: Way): void => {
    setWay(next);
    setCode("");
    finish.reset();
  };
  const about: Record<Way, string> = {
    passkey: t("Show with your passkey that it is you: by your finger, face, or the PIN of your device."),
    totp: t("Open your authenticator app and type the six digits that it shows."),
    "recovery-code": t("Type one of the codes that you kept when you set up your second factor. Each is good once."),
  };
  const others: Record<Way, string> = {
    passkey: t("Use a passkey"),
    totp: t("Use the authenticator app"),
    "recovery-code": t("Use a recovery code"),
  };
  return (
    <Card
      title={t("One more step")}
      about={about[way]}
      below={
        <>
          {half.ways
            .filter((one) => one !== way)
            .map((one) => (
              <button key={one} type="button" className="link min-h-9" onClick={() => turn(one)}>
                {others[one]}
              </button>
            ))}
          <button type="button" className="link min-h-9" onClick={() => onOver()}>
            {t("Sign in as somebody else")}
          </button>
        </>
      }
    >
      <Form onSend={() => !finish.isPending && (way === "passkey" || code.trim() !== "") && finish.mutate()}>
        {way === "passkey" ? null : way === "totp" ? (
          <CodeField autoFocus value={code} onChange={setCode} />
        ) : (
          <TextField
            key={way}
            label={t("Recovery code")}
            autoComplete="off"
            autoFocus
            value={code}
            onChange={setCode}
          />
        )}
        <Told bad>{sentenceOf(finish.error)}</Told>
        <Button type="submit" look="main" busy={finish.isPending}>
          {way === "passkey" ? t("Use a passkey") : t("Sign in")}
        </Button>
      </Form>
    </Card>
  );
}
