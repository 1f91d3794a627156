// Setting up an authenticator app: its QR code, then a code that it shows.
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { send } from "../api/client.ts";
import { t } from "../i18n/t.ts";
import { Button } from "../part/button.tsx";
import { Copy } from "../part/copy.tsx";
import { Form, Told } from "./card.tsx";
import { CodeField, flawOf, sentenceOf } from "./fields.tsx";
import { QrCode } from "./qr-code.tsx";

type Props = {
  uri: string;
  /** Recovery codes, where this is the first second factor. */
  onDone(codes: string[] | null): void;
  onCancel?: () => void;
};

export function SetUpTotp({ uri, onDone, onCancel }: Props) {
  const [code, setCode] = useState("");
  const confirm = useMutation({
    mutationFn: () => send<{ codes: string[] | null }>("POST", "/v1/identity/totp/confirm", { body: { code } }),
    gcTime: 0,
    onSuccess: ({ codes }) => onDone(codes),
  });
  const secret = new URL(uri).searchParams.get("secret") ?? "";
  const spelled = secret.match(/.{1,4}/g)?.join(" ") ?? "";
  return (
    <div className="grid gap-3">
      <p>{t("Scan this with an authenticator app, such as the one in your phone's password manager.")}</p>
      <QrCode text={uri} label={t("QR code for the authenticator app")} />
      <div className="grid gap-1">
        <p className="text-muted">{t("No camera? Type this key into the app:")}</p>
        <div className="flex flex-wrap items-center gap-2">
          <code className="break-words font-mono text-xs">{spelled}</code>
          <Copy text={secret} what={t("Key")} />
        </div>
      </div>
      <Form onSend={() => !confirm.isPending && code.trim() !== "" && confirm.mutate()}>
        <CodeField
          value={code}
          onChange={setCode}
          wrong={flawOf(confirm.error, "/code")}
          hint={t("It shows six digits, and others every 30 seconds.")}
        />
        <Told bad>{sentenceOf(confirm.error, "/code")}</Told>
        <div className="flex gap-2">
          <Button type="submit" look="main" busy={confirm.isPending}>
            {t("Turn on")}
          </Button>
          {onCancel ? <Button onClick={onCancel}>{t("Cancel")}</Button> : null}
        </div>
      </Form>
    </div>
  );
}
