// Showing by the link that was mailed that one reads mail at an address. It takes a click: programs that look into mail follow links too.
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { send } from "../api/client.ts";
import { t } from "../i18n/t.ts";
import { Button } from "../part/button.tsx";
import { refreshSession } from "../session/sign-out.ts";
import { Card, Form, Told, ToSignIn } from "./card.tsx";
import { sentenceOf } from "./fields.tsx";
import { linkToken } from "./token.ts";

export function Verify() {
  const [token] = useState(linkToken);
  const verify = useMutation({
    mutationFn: () => send("POST", "/v1/identity/address/verify", { body: { token } }),
    gcTime: 0,
    onSuccess: () => refreshSession().catch(() => undefined),
  });
  if (verify.isSuccess)
    return (
      <Card title={t("The address is yours")} below={<ToSignIn />}>
        <p role="status">{t("From now on you sign in with it.")}</p>
      </Card>
    );
  return (
    <Card title={t("Is this your address?")} about={t("You opened a link that was mailed to it.")} below={<ToSignIn />}>
      <Form onSend={() => !verify.isPending && verify.mutate()}>
        <Told bad>{sentenceOf(verify.error)}</Told>
        <Button type="submit" look="main" busy={verify.isPending}>
          {t("Yes, it is mine")}
        </Button>
      </Form>
    </Card>
  );
}
