// A kind's table as a CSV file, out and in. What a file would do is told row by row before anything is changed.
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { ApiProblem } from "../../client/problem.ts";
import type { Kind } from "../../core/resources/kind.ts";
import { settled } from "../api/batch.ts";
import { send } from "../api/client.ts";
import { pathOf } from "../api/queries.ts";
import { t, text, tn } from "../i18n/t.ts";
import { Button } from "../part/button.tsx";
import { Chip, type Tone } from "../part/chip.tsx";
import { Dialog } from "../part/dialog.tsx";
import { Icon } from "../part/icon.tsx";
import { Problem } from "../part/problem.tsx";
import { wordsOf } from "../part/problem-words.ts";
import { save } from "../part/save.ts";
import { toast } from "../part/toast.tsx";
import { phrase } from "../part/words.ts";
import { useTenantId } from "../tenant/id.ts";
import { labelOf } from "./once.tsx";

/** The kinds whose lists the API takes and gives as CSV. */
export const hasTables = ({ kind }: Kind): boolean => kind === "extension" || kind === "phone-number";

type Row = {
  line: number;
  op: "create" | "update" | "same";
  key: string;
  errors: { pointer: string; detail: string }[];
  secrets?: { pointer: string; value: string }[];
};
type Told = { revision: number | null; created: number; updated: number; same: number; rows: Row[] };

type ButtonProps = { kind: Kind; q: string; empty?: boolean; onImport(): void };

export function CsvButtons({ kind, q, empty = false, onImport }: ButtonProps) {
  const tenant = useTenantId();
  const out = useMutation({
    mutationFn: async () => {
      const search = new URLSearchParams({ bom: "true", ...(q.trim() !== "" && { q: q.trim() }) });
      save(`${kind.plural}.csv`, "text/csv", await send<string>("GET", `${pathOf(tenant, kind)}/export?${search}`));
    },
    onError: (error) => toast(error instanceof ApiProblem ? wordsOf(error) : t("That did not work")),
  });
  return (
    <>
      {empty ? null : (
        <Button busy={out.isPending} onClick={() => out.mutate()}>
          <Icon name="download" />
          {t("Export")}
        </Button>
      )}
      <Button onClick={onImport}>
        <Icon name="upload" />
        {empty ? t("Import a CSV file") : t("Import")}
      </Button>
    </>
  );
}

export function ImportDialog({ kind, onClose }: { kind: Kind; onClose(): void }) {
  const tenant = useTenantId();
  const client = useQueryClient();
  const [file, setFile] = useState<File>();
  const post = async (chosen: File, dryRun: boolean): Promise<Told> =>
    settled<Told>(
      await send("POST", `${pathOf(tenant, kind)}/import${dryRun ? "?dryRun=true" : ""}`, {
        raw: {
          type: "text/csv",
          content: await chosen.arrayBuffer(),
          attempt: `${chosen.name} ${chosen.size} ${chosen.lastModified}`,
        },
      }),
    );
  const preview = useMutation({ mutationFn: (chosen: File) => post(chosen, true) });
  const deed = useMutation({
    mutationFn: (chosen: File) => post(chosen, false),
    onSuccess: () => void client.invalidateQueries({ queryKey: ["tenant", tenant] }),
  });
  const refused = preview.error instanceof ApiProblem ? (preview.error.body.rows as Row[] | undefined) : undefined;
  const nothing = preview.data?.revision === null && preview.data.created + preview.data.updated === 0;
  if (deed.data) return <Imported kind={kind} told={deed.data} onClose={onClose} />;
  return (
    <Dialog
      title={t("Import {what} from CSV", { what: phrase(kind.plural) })}
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>{t("Cancel")}</Button>
          {file && preview.data && !nothing ? (
            <Button look="main" busy={deed.isPending} onClick={() => deed.mutate(file)}>
              {t("Import")}
            </Button>
          ) : null}
        </>
      }
    >
      <p className="text-muted">
        {t(
          "The first line names the columns, as in a file that Export gives. A row whose number is there changes it, any other is created. All rows or none.",
        )}
      </p>
      <label className="grid gap-1">
        <span className="font-medium">{t("CSV file")}</span>
        <input
          type="file"
          accept=".csv,text/csv"
          className="input"
          onChange={({ target }) => {
            const chosen = target.files?.[0];
            setFile(chosen);
            preview.reset();
            if (chosen) preview.mutate(chosen);
          }}
        />
      </label>
      <div role="status" className="grid gap-3">
        {preview.isPending ? <p className="text-muted">{t("Checking …")}</p> : null}
        {nothing ? <p>{t("Nothing would change: all rows are there as they stand in the file.")}</p> : null}
        {preview.data && !nothing ? <Counts {...preview.data} /> : null}
      </div>
      {preview.error && !refused ? <Problem error={preview.error} /> : null}
      {refused ? (
        <p className="font-medium text-bad">
          {tn(
            refused.length,
            "{n} row is refused, so nothing can be imported.",
            "{n} rows are refused, so nothing can be imported.",
          )}
        </p>
      ) : null}
      {deed.error ? <Problem error={deed.error} /> : null}
      <Rows rows={refused ?? (nothing ? [] : (preview.data?.rows ?? []))} />
    </Dialog>
  );
}

const Counts = ({ created, updated, same }: Told) => (
  <p>{t("{created} to be created, {updated} to be changed, {same} as they are.", { created, updated, same })}</p>
);

const ops: Record<Row["op"], [Tone, string]> = {
  create: ["good", text("New")],
  update: ["quiet", text("Changed")],
  same: ["quiet", text("Same")],
};
const most = 200;

function Rows({ rows }: { rows: Row[] }) {
  if (rows.length === 0) return null;
  return (
    <table className="w-full">
      <thead className="text-left text-muted text-xs">
        <tr>
          <th scope="col" className="w-14 py-1 font-medium">
            {t("Line")}
          </th>
          <th scope="col" className="w-28 font-medium">
            {t("What")}
          </th>
          <th scope="col" className="font-medium">
            {t("Result")}
          </th>
        </tr>
      </thead>
      <tbody className="divide-y divide-line">
        {rows.slice(0, most).map(({ line, op, key, errors }) => (
          <tr key={line} className="align-top">
            <td className="py-1 tabular-nums">{line}</td>
            <td className="break-all">{key}</td>
            <td>
              {errors.length === 0 ? (
                <Chip tone={ops[op][0]}>{t(ops[op][1])}</Chip>
              ) : (
                <ul>
                  {errors.map(({ pointer, detail }) => (
                    <li key={pointer + detail} className="text-bad break-words">
                      <span className="font-medium">{pointer.split("/").at(-1)}</span> {detail}
                    </li>
                  ))}
                </ul>
              )}
            </td>
          </tr>
        ))}
        {rows.length > most ? (
          <tr>
            <td colSpan={3} className="py-1 text-muted">
              {t("and {n} more", { n: rows.length - most })}
            </td>
          </tr>
        ) : null}
      </tbody>
    </table>
  );
}

function Imported({ kind, told, onClose }: { kind: Kind; told: Told; onClose(): void }) {
  const secrets = told.rows.flatMap(({ key, secrets: made }) => (made ?? []).map((secret) => ({ key, ...secret })));
  const passwords = (): void => {
    const lines = secrets.map(({ key, pointer, value }) => `${key},${labelOf(pointer)},${value}`);
    save(`${kind.plural}-passwords.csv`, "text/csv", ["key,what,value", ...lines, ""].join("\r\n"));
  };
  return (
    <Dialog
      title={t("Imported")}
      onClose={onClose}
      actions={
        <Button look="main" onClick={onClose}>
          {secrets.length > 0 ? t("I have noted them") : t("Close")}
        </Button>
      }
    >
      <p>
        {t("{created} created, {updated} changed, {same} as they were.", {
          created: told.created,
          updated: told.updated,
          same: told.same,
        })}
      </p>
      {secrets.length > 0 ? (
        <>
          <p className="font-medium">
            {tn(
              secrets.length,
              "A password was made. It is given out once: save it now.",
              "{n} passwords were made. They are given out once: save them now.",
            )}
          </p>
          <div>
            <Button onClick={passwords}>
              <Icon name="download" />
              {t("Save the passwords")}
            </Button>
          </div>
        </>
      ) : null}
    </Dialog>
  );
}
