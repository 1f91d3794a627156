// Choosing a new password by the link that was mailed.
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { send } from "../api/client.ts";
import { t } from "../i18n/t.ts";
import { Button } from "../part/button.tsx";
import { setPerson } from "../session/session.ts";
import { Card, Form, Told, ToSignIn } from "./card.tsx";
import { flawOf, PasswordField, sentenceOf } from "./fields.tsx";
import { linkToken } from "./token.ts";

export function Reset() {
  const [token] = useState(linkToken);
  const [password, setPassword] = useState("");
  const reset = useMutation({
    mutationFn: () => send("POST", "/v1/identity/password/reset", { body: { token, password } }),
    gcTime: 0,
    // all sessions are over, this browser's too
    onSuccess: () => setPerson(null),
  });
  if (reset.isSuccess)
    return (
      <Card title={t("Your password is changed")} below={<ToSignIn />}>
        <p role="status">{t("Everybody who was signed in as you is signed out. Sign in with the new password.")}</p>
      </Card>
    );
  return (
    <Card title={t("Choose a new password")} below={<ToSignIn />}>
      <Form onSend={() => !reset.isPending && password !== "" && reset.mutate()}>
        <PasswordField
          isNew
          autoFocus
          value={password}
          onChange={setPassword}
          wrong={flawOf(reset.error, "/password")}
        />
        <Told bad>{sentenceOf(reset.error, "/password")}</Told>
        <Button type="submit" look="main" busy={reset.isPending}>
          {t("Change the password")}
        </Button>
      </Form>
    </Card>
  );
}
