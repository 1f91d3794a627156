// Coming in by the link that was mailed at sign-up. It takes a click: programs that look into mail follow links too.
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { send } from "../api/client.ts";
import { t } from "../i18n/t.ts";
import { Button } from "../part/button.tsx";
import { navigate } from "../router.tsx";
import type { PersonSession } from "../session/session.ts";
import { Card, Form, Told, ToSignIn } from "./card.tsx";
import { sentenceOf } from "./fields.tsx";
import { signedIn } from "./sign-in.tsx";
import { linkToken } from "./token.ts";

export function Welcome() {
  const [token] = useState(linkToken);
  const verify = useMutation({
    mutationFn: () =>
      send<PersonSession | { review: true }>("POST", "/v1/identity/sign-up/verify", { body: { token } }),
    gcTime: 0,
    onSuccess(made) {
      if ("review" in made) return;
      signedIn(made);
      navigate(made.member?.tenantId ? `/tenants/${made.member.tenantId}/start` : "/", "replace");
    },
  });
  if (verify.data && "review" in verify.data)
    return (
      <Card title={t("Thank you")} below={<ToSignIn />}>
        <p role="status">
          {t("Somebody looks at your request now. A mail tells you when your phone system is there.")}
        </p>
      </Card>
    );
  return (
    <Card title={t("Welcome")} about={t("With a click your phone system is made.")}>
      <Form onSend={() => !verify.isPending && verify.mutate()}>
        <Told bad>{sentenceOf(verify.error)}</Told>
        <Button type="submit" look="main" busy={verify.isPending} autoFocus>
          {t("Make my phone system")}
        </Button>
      </Form>
    </Card>
  );
}
