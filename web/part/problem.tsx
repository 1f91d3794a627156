// A problem, said where it happened: its sentence, who is in the way, and the request's id for whoever is asked for help.

import { type ReactNode, useEffect, useRef } from "react";
import { ApiProblem, type User } from "../../client/problem.ts";
import type { Flaw } from "../../functions/problem.ts";
import { heard } from "../i18n/heard.ts";
import { t } from "../i18n/t.ts";
import { Link } from "../router.tsx";
import { useTenantId } from "../tenant/id.ts";
import { placeOf } from "../tenant/kinds.ts";
import { Button } from "./button.tsx";
import { saidOf, wordsOf } from "./problem-words.ts";
import { phrase } from "./words.ts";

/** `detail` stands for the problem's own; `flaws` are listed below it. */
type Props = { error: unknown; title?: string; detail?: string; flaws?: Flaw[]; onRetry?: () => void };

export function Problem({ error, title, detail, flaws = [], onRetry }: Props) {
  const problem = error instanceof ApiProblem ? error : undefined;
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (error) place.current?.scrollIntoView({ block: "nearest" });
  }, [error]);
  const shown = detail ?? (problem ? wordsOf(problem) : t("Something in this page broke; reload it and try again."));
  return (
    <div ref={place} role="alert" className="grid gap-1 rounded-md border border-bad bg-bad-soft px-3 py-2 break-words">
      <p className="font-semibold text-bad">
        {title ?? (problem && (saidOf(problem)?.title ?? problem.title)) ?? t("That did not work")}
      </p>
      <p>{shown}</p>
      <Lines>{flaws.map((flaw) => `${flaw.pointer} ${heard(flaw.detail)}`)}</Lines>
      {problem && problem.users.length > 0 ? <Users users={problem.users} /> : null}
      {problem?.requestId ? <p className="text-muted text-xs">{t("Request {id}", { id: problem.requestId })}</p> : null}
      {onRetry ? (
        <p>
          <Button small onClick={onRetry}>
            {t("Try again")}
          </Button>
        </p>
      ) : null}
    </div>
  );
}

function Lines({ children }: { children: string[] }): ReactNode {
  if (children.length === 0) return null;
  return (
    <ul className="list-disc pl-5">
      {children.map((line) => (
        <li key={line}>{line}</li>
      ))}
    </ul>
  );
}

function Users({ users }: { users: User[] }) {
  const tenant = useTenantId();
  return (
    <ul className="list-disc pl-5">
      {users.map(({ kind, id, key, pointer }) => {
        const place = placeOf(tenant, kind, id);
        const text = `${phrase(kind)} ${key}`;
        return (
          <li key={`${id}${pointer}`}>
            {place ? (
              <Link className="link underline" to={place}>
                {text}
              </Link>
            ) : (
              text
            )}
          </li>
        );
      })}
    </ul>
  );
}
