// Another host joins: a one-time token in the one command to run there; the dialog says when it has come.
import { useMutation } from "@tanstack/react-query";
import { useId, useState } from "react";
import { send } from "../api/client.ts";
import { t } from "../i18n/t.ts";
import { Button } from "../part/button.tsx";
import { Copy } from "../part/copy.tsx";
import { Dialog } from "../part/dialog.tsx";
import { Problem } from "../part/problem.tsx";
import { Stamp } from "../part/time.tsx";
import type { Edge, Pool } from "./edge.ts";

type Token = { command: string; expiresAt: string };

/** `known` is read anew while the dialog is open. */
export function Enrol({ pools, known, onClose }: { pools: Pool[]; known: Edge[]; onClose(): void }) {
  const id = useId();
  const [pool, setPool] = useState(pools[0]?.id ?? "");
  const [before] = useState(() => new Set(known.map((edge) => edge.id)));
  const come = known.filter((edge) => !before.has(edge.id));
  const make = useMutation({
    mutationFn: () => send<Token>("POST", "/v1/edges", { body: { poolId: pool } }),
    gcTime: 0,
  });
  const token = make.data;
  return (
    <Dialog
      title={t("Add a host")}
      onClose={onClose}
      actions={
        token ? (
          <Button look={come.length > 0 ? "main" : "plain"} onClick={onClose}>
            {t("Close")}
          </Button>
        ) : (
          <>
            <Button onClick={onClose}>{t("Cancel")}</Button>
            <Button look="main" busy={make.isPending} onClick={() => make.mutate()}>
              {t("Make a token")}
            </Button>
          </>
        )
      }
    >
      {token ? (
        <>
          <p>{t("Paste this on the telephone host. It installs the agent and no engine:")}</p>
          <div className="flex items-center gap-2 rounded-md border border-line bg-page p-3">
            <code className="min-w-0 flex-1 font-mono text-xs break-all select-all">{token.command}</code>
            <Copy text={token.command} what={t("Command")} />
          </div>
          <p className="text-muted">
            {t("The token in it works once, until")} <Stamp at={token.expiresAt} />
          </p>
          <p role="status" className="flex min-h-9 items-center gap-2">
            <span aria-hidden="true" className={`size-2 rounded-full ${come.length === 0 ? "skeleton" : "bg-good"}`} />
            {come.length === 0
              ? t("Waiting for the host")
              : t("{name} has joined.", { name: come.map(({ name }) => name).join(", ") })}
          </p>
        </>
      ) : (
        <div className="grid gap-1">
          <label htmlFor={id} className="font-medium">
            {t("Pool")}
          </label>
          <select id={id} className="input" value={pool} onChange={({ target }) => setPool(target.value)}>
            {pools.map((one) => (
              <option key={one.id} value={one.id}>
                {one.name}
              </option>
            ))}
          </select>
        </div>
      )}
      {make.error ? <Problem error={make.error} /> : null}
    </Dialog>
  );
}
