// Signing up: who, which company, and the template that its phone system begins with. Then a link comes by mail.
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { send } from "../api/client.ts";
import { currentLanguage, t } from "../i18n/t.ts";
import { Button } from "../part/button.tsx";
import { useBrand } from "./brand.ts";
import { Blank, Card, Form, Told, ToSignIn } from "./card.tsx";
import { EmailField, flawOf, PasswordField, sentenceOf, TextField } from "./fields.tsx";
import { Templates } from "./templates.tsx";

const pointers = ["/email", "/password", "/name", "/company", "/template"];

export function SignUp() {
  const brand = useBrand();
  const [company, setCompany] = useState("");
  const [name, setName] = useState("");
  const [email, setEmail] = useState("");
  const [password, setPassword] = useState("");
  const [chosen, setChosen] = useState<string>();
  const templates = brand?.signUp?.templates ?? [];
  const template = chosen ?? templates[0];
  const body = { company: company.trim(), name: name.trim(), email, password, language: currentLanguage(), template };
  const ask = useMutation({ mutationFn: () => send("POST", "/v1/identity/sign-up", { body }), gcTime: 0 });
  if (!brand) return <Blank />;
  if (!brand.signUp)
    return (
      <Card title={t("Nobody signs up here by himself")} below={<ToSignIn />}>
        <p>{t("Ask whoever runs this phone system for an invitation.")}</p>
      </Card>
    );
  if (ask.isSuccess)
    return (
      <Card title={t("Look into your mail")} below={<ToSignIn />}>
        <p role="status">
          {t("A link is on its way to {email}. With it your phone system is made. It is good for a day.", {
            email: email.trim(),
          })}
        </p>
      </Card>
    );
  const complete = body.company !== "" && body.name !== "" && email.trim() !== "" && password !== "";
  return (
    <Card
      title={t("Your phone system, in three minutes")}
      about={brand.signUp.review ? t("Somebody looks at each request before it is made.") : undefined}
      below={<ToSignIn />}
      wide={templates.length > 1}
    >
      <Form onSend={() => !ask.isPending && complete && ask.mutate()}>
        <TextField
          label={t("Company")}
          autoComplete="organization"
          autoFocus
          value={company}
          onChange={setCompany}
          wrong={flawOf(ask.error, "/company")}
        />
        {templates.length > 1 ? <Templates chosen={template} onChoose={setChosen} /> : null}
        <TextField
          label={t("Your name")}
          autoComplete="name"
          value={name}
          onChange={setName}
          wrong={flawOf(ask.error, "/name")}
        />
        <EmailField value={email} onChange={setEmail} wrong={flawOf(ask.error, "/email")} />
        <PasswordField isNew value={password} onChange={setPassword} wrong={flawOf(ask.error, "/password")} />
        <Told bad>{sentenceOf(ask.error, ...pointers)}</Told>
        <Button type="submit" look="main" busy={ask.isPending}>
          {t("Sign up")}
        </Button>
      </Form>
    </Card>
  );
}
