// What one signs in with: password, second factors, recovery codes; and where one is signed in.
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { send } from "../api/client.ts";
import { t, tn } from "../i18n/t.ts";
import { Button } from "../part/button.tsx";
import { Chip } from "../part/chip.tsx";
import { Dialog } from "../part/dialog.tsx";
import { Skeleton } from "../part/page.tsx";
import { Problem } from "../part/problem.tsx";
import { Time } from "../part/time.tsx";
import { refreshSession } from "../session/sign-out.ts";
import { Own } from "./account.tsx";
import { Told } from "./card.tsx";
import { sentenceOf } from "./fields.tsx";
import { passkeysHere } from "./passkey.ts";
import { type Passkey, Passkeys } from "./passkeys.tsx";
import { Password } from "./password.tsx";
import { type Proven, useProof } from "./proof.tsx";
import { RecoveryCodes } from "./recovery-codes.tsx";
import { Section } from "./section.tsx";
import { Sessions } from "./sessions.tsx";
import { SetUpTotp } from "./totp.tsx";

export type Factors = {
  password: boolean;
  totp: { since: string } | null;
  passkeys: Passkey[];
  /** The host for which passkeys made here are good; null: here none can be made. */
  passkeySite: string | null;
  recoveryCodes: { left: number; madeAt: string } | null;
};

export function Security() {
  const factors = useQuery({
    queryKey: ["security"],
    queryFn: ({ signal }) => send<Factors>("GET", "/v1/identity/security", { signal }),
  });
  const { data, error, isPending } = factors;
  return (
    <Own at="/account/security">
      {() => (
        <>
          {error && !data ? <Problem error={error} onRetry={() => factors.refetch()} /> : null}
          {isPending ? <Skeleton rows={2} height="h-24" /> : null}
          {data ? <Second factors={data} /> : null}
          <Password />
          <Sessions />
        </>
      )}
    </Own>
  );
}

function Second({ factors }: { factors: Factors }) {
  const client = useQueryClient();
  const proof = useProof({
    app: factors.totp !== null,
    passkey: passkeysHere() && factors.passkeys.some(({ site }) => site === factors.passkeySite),
  });
  const [codes, setCodes] = useState<string[]>();
  const changed = async (made?: string[] | null): Promise<void> => {
    if (made) setCodes(made);
    await Promise.all(["security", "sessions"].map((key) => client.invalidateQueries({ queryKey: [key] })));
  };
  return (
    <>
      <Passkeys passkeys={factors.passkeys} site={factors.passkeySite} proof={proof} onChange={changed} />
      <App factors={factors} proof={proof} onChange={changed} />
      {factors.recoveryCodes ? (
        <Codes
          left={factors.recoveryCodes.left}
          madeAt={factors.recoveryCodes.madeAt}
          proof={proof}
          onChange={changed}
        />
      ) : null}
      {proof.dialog}
      {codes ? (
        <Dialog title={t("Your recovery codes")} onClose={() => setCodes(undefined)} actions={null}>
          <RecoveryCodes codes={codes} onKept={() => setCodes(undefined)} />
        </Dialog>
      ) : null}
    </>
  );
}

export type PartProps = { proof: Proven; onChange(codes?: string[] | null): Promise<void> };

function App({ factors: { totp }, proof: { proven }, onChange }: PartProps & { factors: Factors }) {
  const [uri, setUri] = useState<string>();
  const begin = useMutation({
    mutationFn: () => proven(() => send<{ uri: string }>("POST", "/v1/identity/totp")),
    gcTime: 0,
    onSuccess: (made) => setUri(made?.uri),
  });
  const end = useMutation({
    mutationFn: () => proven(() => send("DELETE", "/v1/identity/totp")),
    async onSuccess() {
      await onChange();
      await refreshSession();
    },
  });
  return (
    <Section title={t("Authenticator app")}>
      {totp ? (
        <p className="flex flex-wrap items-center gap-2">
          <Chip tone="good">{t("On")}</Chip>
          <span className="text-muted">
            {t("Since")} <Time at={totp.since} />
          </span>
        </p>
      ) : (
        <p>
          {t(
            "With a code of an app on your phone, your password alone lets nobody in. All other sessions end with it.",
          )}
        </p>
      )}
      {uri ? (
        <SetUpTotp
          uri={uri}
          onCancel={() => setUri(undefined)}
          onDone={(codes) => {
            setUri(undefined);
            void onChange(codes);
          }}
        />
      ) : (
        <div className="flex flex-wrap gap-2">
          <Button busy={begin.isPending} onClick={() => begin.mutate()}>
            {totp ? t("Set up another app") : t("Set up")}
          </Button>
          {totp ? (
            <Button look="danger" busy={end.isPending} onClick={() => end.mutate()}>
              {t("Turn off")}
            </Button>
          ) : null}
        </div>
      )}
      <Told bad>{sentenceOf(begin.error ?? end.error)}</Told>
    </Section>
  );
}

function Codes({ left, madeAt, proof: { proven }, onChange }: PartProps & { left: number; madeAt: string }) {
  const make = useMutation({
    mutationFn: () => proven(() => send<{ codes: string[] }>("POST", "/v1/identity/recovery-codes")),
    gcTime: 0,
    onSuccess: (made) => made && onChange(made.codes),
  });
  return (
    <Section title={t("Recovery codes")}>
      <p className="flex flex-wrap items-center gap-2">
        <Chip tone={left > 3 ? "good" : "warn"}>{tn(left, "{n} code left", "{n} codes left")}</Chip>
        <span className="text-muted">
          {t("Made")} <Time at={madeAt} />
        </span>
      </p>
      <p>{t("They let you in when your second factor is lost. New ones take the place of all before.")}</p>
      <div>
        <Button busy={make.isPending} onClick={() => make.mutate()}>
          {t("Make new codes")}
        </Button>
      </div>
      <Told bad>{sentenceOf(make.error)}</Told>
    </Section>
  );
}
