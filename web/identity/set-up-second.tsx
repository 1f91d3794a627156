// A second factor, before anything else: where the account or tenant wants one of its members.
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { send } from "../api/client.ts";
import { t } from "../i18n/t.ts";
import { Button } from "../part/button.tsx";
import { type PersonSession, setPerson } from "../session/session.ts";
import { refreshSession, signOut } from "../session/sign-out.ts";
import { Card, Told } from "./card.tsx";
import { sentenceOf } from "./fields.tsx";
import { passkeysHere } from "./passkey.ts";
import { addPasskey } from "./passkeys.tsx";
import { useProof } from "./proof.tsx";
import { RecoveryCodes } from "./recovery-codes.tsx";
import { SetUpTotp } from "./totp.tsx";

export function SetUpSecond({ session: { member, members } }: { session: PersonSession }) {
  const { proven, dialog } = useProof({ app: false, passkey: false });
  const [uri, setUri] = useState<string>();
  const [codes, setCodes] = useState<string[]>();
  const begin = useMutation({
    mutationFn: () => proven(() => send<{ uri: string }>("POST", "/v1/identity/totp")),
    gcTime: 0,
    onSuccess: (made) => setUri(made?.uri),
  });
  const add = useMutation({
    mutationFn: () => proven(() => addPasskey()),
    gcTime: 0,
    onSuccess: (made) => made && done(made.codes),
  });
  const change = useMutation({
    mutationFn: (memberId: string) =>
      send<PersonSession>("POST", "/v1/identity/session/member", { body: { memberId } }),
    onSuccess: setPerson,
  });
  const done = (made: string[] | null): void => {
    if (made) setCodes(made);
    else void refreshSession();
  };
  if (codes)
    return (
      <Card title={t("Your recovery codes")}>
        <RecoveryCodes codes={codes} onKept={() => void refreshSession()} />
      </Card>
    );
  return (
    <Card
      title={t("Set up a second factor")}
      about={t("{place} wants one of all its members: then a password alone lets nobody in.", {
        place: member?.place ?? "",
      })}
      below={
        <>
          {members
            .filter(({ id }) => id !== member?.id)
            .map(({ id, place }) => (
              <button key={id} type="button" className="link min-h-9" onClick={() => change.mutate(id)}>
                {t("Go to {place} instead", { place })}
              </button>
            ))}
          <button type="button" className="link min-h-9" onClick={() => void signOut()}>
            {t("Sign out")}
          </button>
        </>
      }
    >
      {uri ? (
        <SetUpTotp uri={uri} onDone={done} />
      ) : (
        <>
          {passkeysHere() ? (
            <Button look="main" busy={add.isPending} onClick={() => add.mutate()}>
              {t("Add a passkey")}
            </Button>
          ) : null}
          <Button
            look={passkeysHere() ? "plain" : "main"}
            busy={begin.isPending}
            onClick={() => {
              add.reset();
              begin.mutate();
            }}
          >
            {t("Set up an authenticator app")}
          </Button>
        </>
      )}
      <Told bad>{sentenceOf(add.error ?? begin.error ?? change.error)}</Told>
      {dialog}
    </Card>
  );
}
