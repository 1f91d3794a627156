// One's passkeys: added, named, removed.
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { send } from "../api/client.ts";
import { t } from "../i18n/t.ts";
import { Button } from "../part/button.tsx";
import { Time } from "../part/time.tsx";
import { refreshSession } from "../session/sign-out.ts";
import { Form, Told } from "./card.tsx";
import { deviceOf } from "./device.ts";
import { flawOf, sentenceOf, TextField } from "./fields.tsx";
import { makePasskey, passkeysHere } from "./passkey.ts";
import { Section } from "./section.tsx";
import type { PartProps } from "./security.tsx";

export type Passkey = { id: string; name: string; site: string; createdAt: string; usedAt: string | null };
type Added = { passkey: Passkey; codes: string[] | null };

/** Named after the browser, until he gives it another name. */
export async function addPasskey(): Promise<Added> {
  const response = await makePasskey();
  const name = deviceOf(navigator.userAgent).slice(0, 64);
  return send<Added>("POST", "/v1/identity/passkeys", { body: { name, response } });
}

type Props = PartProps & { passkeys: Passkey[]; site: string | null };

export function Passkeys({ passkeys, site, proof, onChange }: Props) {
  const add = useMutation({
    mutationFn: () => proof.proven(addPasskey),
    gcTime: 0,
    onSuccess: (made) => made && onChange(made.codes),
  });
  const here = new URL(location.href);
  return (
    <Section title={t("Passkeys")}>
      {passkeys.length === 0 ? (
        <p>
          {t(
            "A passkey signs you in by your finger, face, or the PIN of your device: nothing to remember, and nothing to give away.",
          )}
        </p>
      ) : (
        <ul className="grid divide-y divide-line">
          {passkeys.map((passkey) => (
            <One key={passkey.id} passkey={passkey} site={site} proof={proof} onChange={onChange} />
          ))}
        </ul>
      )}
      {passkeysHere() && site !== null ? (
        <div>
          <Button busy={add.isPending} onClick={() => add.mutate()}>
            {t("Add a passkey")}
          </Button>
        </div>
      ) : (
        <p className="text-muted">
          {t("Passkeys need a host name. Open the console by one, as in {url}.", {
            url: `http://localhost${here.port === "" ? "" : `:${here.port}`}`,
          })}
        </p>
      )}
      <Told bad>{sentenceOf(add.error)}</Told>
    </Section>
  );
}

type OneProps = PartProps & { passkey: Passkey; site: string | null };

function One({ passkey, site, proof: { proven }, onChange }: OneProps) {
  const { id, name } = passkey;
  const [wanted, setWanted] = useState<string>();
  const path = `/v1/identity/passkeys/${id}`;
  const rename = useMutation({
    mutationFn: () => send("PATCH", path, { body: { name: wanted } }),
    async onSuccess() {
      await onChange();
      setWanted(undefined);
    },
  });
  const remove = useMutation({
    mutationFn: () => proven(() => send("DELETE", path)),
    async onSuccess() {
      await onChange();
      await refreshSession();
    },
  });
  if (wanted !== undefined)
    return (
      <li className="py-2">
        <Form onSend={() => !rename.isPending && wanted.trim() !== "" && rename.mutate()}>
          <TextField
            label={t("Name of the passkey")}
            autoComplete="off"
            autoFocus
            value={wanted}
            onChange={setWanted}
            wrong={flawOf(rename.error, "/name")}
          />
          <Told bad>{sentenceOf(rename.error, "/name")}</Told>
          <div className="flex gap-2">
            <Button type="submit" busy={rename.isPending}>
              {t("Save")}
            </Button>
            <Button onClick={() => setWanted(undefined)}>{t("Cancel")}</Button>
          </div>
        </Form>
      </li>
    );
  return (
    <li className="grid gap-1 py-2">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
        <div className="grid min-w-40 flex-1">
          <span className="break-words font-medium">{name}</span>
          <span className="text-muted text-xs">
            {passkey.site === site ? null : `${t("good at {site}", { site: passkey.site })} · `}
            {passkey.usedAt === null ? (
              t("never used")
            ) : (
              <>
                {t("used")} <Time at={passkey.usedAt} />
              </>
            )}
          </span>
        </div>
        <Button small aria-label={t("Rename the passkey {name}", { name })} onClick={() => setWanted(name)}>
          {t("Rename")}
        </Button>
        <Button
          small
          look="danger"
          busy={remove.isPending}
          aria-label={t("Remove the passkey {name}", { name })}
          onClick={() => remove.mutate()}
        >
          {t("Remove")}
        </Button>
      </div>
      <Told bad>{sentenceOf(remove.error)}</Told>
    </li>
  );
}
