// Changing one's password by the present one.
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { send } from "../api/client.ts";
import { t } from "../i18n/t.ts";
import { Button } from "../part/button.tsx";
import { Form, Told } from "./card.tsx";
import { flawOf, PasswordField, sentenceOf } from "./fields.tsx";
import { Section } from "./section.tsx";

export function Password() {
  const client = useQueryClient();
  const [current, setCurrent] = useState("");
  const [next, setNext] = useState("");
  const change = useMutation({
    mutationFn: () => send("POST", "/v1/identity/password", { body: { current, next } }),
    gcTime: 0,
    onSuccess() {
      setCurrent("");
      setNext("");
      void client.invalidateQueries({ queryKey: ["sessions"] });
    },
  });
  return (
    <Section title={t("Password")}>
      <Form onSend={() => !change.isPending && current !== "" && next !== "" && change.mutate()}>
        <PasswordField label={t("Present password")} value={current} onChange={setCurrent} />
        <PasswordField isNew value={next} onChange={setNext} wrong={flawOf(change.error, "/next")} />
        <Told bad>{sentenceOf(change.error, "/next")}</Told>
        <div className="flex items-center gap-3">
          <Button type="submit" busy={change.isPending}>
            {t("Change the password")}
          </Button>
          <Told>{change.isSuccess ? t("Changed; all other sessions are over.") : ""}</Told>
        </div>
      </Form>
    </Section>
  );
}
