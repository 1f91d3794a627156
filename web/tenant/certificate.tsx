// Whether phones can check their hosts' certificate by the tenant's own domain, the one record that its DNS needs for it, and asking for it.
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { z } from "zod";
import type { certified } from "../../functions/edges/certified.ts";
import { send } from "../api/client.ts";
import { tenantPath } from "../api/queries.ts";
import { may, useMe } from "../frame/me.ts";
import { t } from "../i18n/t.ts";
import { Button } from "../part/button.tsx";
import { Chip, type Tone } from "../part/chip.tsx";
import { Copy } from "../part/copy.tsx";
import { Problem } from "../part/problem.tsx";

type Certified = z.output<typeof certified>;

/** Nothing where it can't be: its hosts then show another name, or there are none. */
export function Certificate({ tenant, domain }: { tenant: string; domain: string }) {
  const path = `${tenantPath(tenant)}/certificate`;
  const key = ["tenant", tenant, "certificate", domain];
  const client = useQueryClient();
  const { data: me } = useMe();
  const { data } = useQuery({ queryKey: key, queryFn: ({ signal }) => send<Certified>("GET", path, { signal }) });
  const again = () => client.invalidateQueries({ queryKey: key });
  const ask = useMutation({ mutationFn: () => send<Certified>("POST", path), onSettled: again });
  const leave = useMutation({ mutationFn: () => send<void>("DELETE", path), onSettled: again });
  if (!data || data.state === "unavailable") return null;
  const { state, record, hosts } = data;
  const [tone, word] = standing(state);
  const problem = hosts.find((host) => host.problem !== null)?.problem;
  const writes = may(me, "tenants:write");
  return (
    <section aria-labelledby="own-domain" className="mt-8 grid max-w-160 gap-2">
      <h2 id="own-domain" className="font-semibold">
        {t("Encrypted calls under {domain}", { domain: data.domain })} <Chip tone={tone}>{word}</Chip>
      </h2>
      <p className="text-muted">
        {t("Phones that register by TLS at this domain check that their server's certificate is of it.")}
      </p>
      {record && state === "unproven" ? (
        <>
          <p>{t("Publish this record in the domain's DNS, and leave it there:")}</p>
          <p className="flex flex-wrap items-center gap-2">
            <code className="min-w-0 break-all">{`${record.name} ${record.type} ${record.value}`}</code>
            <Copy text={`${record.name}. ${record.type} ${record.value}.`} what={t("The record")} />
          </p>
        </>
      ) : null}
      {state === "asked" ? (
        <p>{problem ?? t("Its hosts get a certificate with it now, or six hours after their last one.")}</p>
      ) : null}
      {record && writes ? (
        <p className="flex gap-2">
          {state === "unproven" || state === "proven" ? (
            <Button busy={ask.isPending} onClick={() => ask.mutate()}>
              {t("Ask for the certificate")}
            </Button>
          ) : (
            <Button busy={leave.isPending} onClick={() => leave.mutate()}>
              {t("Leave the domain out")}
            </Button>
          )}
        </p>
      ) : null}
      {(ask.error ?? leave.error) ? <Problem error={ask.error ?? leave.error} /> : null}
    </section>
  );
}

function standing(state: Certified["state"]): [Tone, string] {
  if (state === "shown") return ["good", t("shown")];
  if (state === "asked") return ["warn", t("asked for")];
  return ["quiet", state === "proven" ? t("record found") : t("record missing")];
}
