// Asking for a link to choose a new password. What is told is the same whether or not anybody has the address.
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { send } from "../api/client.ts";
import { t } from "../i18n/t.ts";
import { Button } from "../part/button.tsx";
import { Card, Form, Told, ToSignIn } from "./card.tsx";
import { EmailField, flawOf, sentenceOf } from "./fields.tsx";

export function Forgotten() {
  const [email, setEmail] = useState("");
  const ask = useMutation({ mutationFn: () => send("POST", "/v1/identity/password/forgotten", { body: { email } }) });
  if (ask.isSuccess)
    return (
      <Card title={t("Look into your mail")} below={<ToSignIn />}>
        <p role="status">
          {t(
            "If somebody has the address {email}, a link to choose a new password is on its way. It is good for an hour.",
            {
              email: email.trim(),
            },
          )}
        </p>
      </Card>
    );
  return (
    <Card
      title={t("Choose a new password")}
      about={t("We mail you a link, by which you choose it.")}
      below={<ToSignIn />}
    >
      <Form onSend={() => !ask.isPending && email.trim() !== "" && ask.mutate()}>
        <EmailField value={email} onChange={setEmail} autoFocus wrong={flawOf(ask.error, "/email")} />
        <Told bad>{sentenceOf(ask.error, "/email")}</Told>
        <Button type="submit" look="main" busy={ask.isPending}>
          {t("Mail me the link")}
        </Button>
      </Form>
    </Card>
  );
}
