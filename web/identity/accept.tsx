// Accepting an invitation: with the account that one has, or a new one.
import { useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { send } from "../api/client.ts";
import { currentLanguage, t } from "../i18n/t.ts";
import { Button } from "../part/button.tsx";
import { navigate } from "../router.tsx";
import { homeOf, type PersonSession } from "../session/session.ts";
import { Blank, Card, Form, Told, ToSignIn } from "./card.tsx";
import { EmailField, flawOf, PasswordField, sentenceOf, TextField } from "./fields.tsx";
import { roleNames } from "./roles.ts";
import { SecondStep } from "./second-step.tsx";
import { type Admitted, signedIn } from "./sign-in.tsx";
import { linkToken } from "./token.ts";

type Invitation = { name: string; email: string; role: string; place: string; known: boolean; signedIn: boolean };

export function Accept() {
  const [token] = useState(linkToken);
  const invitation = useQuery({
    queryKey: ["invitation", token],
    queryFn: () => send<Invitation>("POST", "/v1/identity/invitation", { body: { token } }),
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
  });
  if (invitation.isPending) return <Blank />;
  if (!invitation.data)
    return (
      <Card title={t("This invitation is no longer good")} below={<ToSignIn />}>
        <Told bad>{sentenceOf(invitation.error)}</Told>
        <p>{t("Ask whoever invited you to do so again.")}</p>
      </Card>
    );
  return <Acceptance token={token} invitation={invitation.data} />;
}

function Acceptance({ token, invitation }: { token: string; invitation: Invitation }) {
  const { email, place, known } = invitation;
  const [name, setName] = useState(invitation.name);
  const [password, setPassword] = useState("");
  const body = invitation.signedIn
    ? { token }
    : known
      ? { token, password }
      : { token, password, name, language: currentLanguage() };
  const enter = (session: PersonSession): void => {
    signedIn(session);
    navigate(homeOf(session.member), "replace");
  };
  const accept = useMutation({
    mutationFn: () => send<Admitted>("POST", "/v1/identity/invitation/accept", { body }),
    gcTime: 0,
    onSuccess: (made) => ("half" in made ? undefined : enter(made)),
  });
  if (accept.data && "half" in accept.data)
    return <SecondStep half={accept.data.half} onDone={enter} onOver={() => navigate("/", "replace")} />;
  const about = t("You are invited as {role}.", { role: roleNames[invitation.role]?.() ?? invitation.role });
  const wrong = flawOf(accept.error, "/password");
  return (
    <Card title={t("Welcome to {place}", { place })} about={about}>
      <Form onSend={() => !accept.isPending && (invitation.signedIn || password !== "") && accept.mutate()}>
        <EmailField value={email} onChange={() => undefined} readOnly />
        {known ? null : (
          <TextField
            label={t("Your name")}
            autoComplete="name"
            value={name}
            onChange={setName}
            wrong={flawOf(accept.error, "/name")}
          />
        )}
        {invitation.signedIn ? null : (
          <PasswordField isNew={!known} autoFocus value={password} onChange={setPassword} wrong={wrong} />
        )}
        <Told bad>{sentenceOf(accept.error, "/password", "/name")}</Told>
        <Button type="submit" look="main" busy={accept.isPending}>
          {t("Accept the invitation")}
        </Button>
      </Form>
    </Card>
  );
}
