// The whole way of a call as one picture, from a number or whatever else can be called; it is edited there, and calls are simulated on it.
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useMemo, useRef, useState } from "react";
import { ApiProblem } from "../../client/problem.ts";
import { kindOf } from "../../core/registry.ts";
import type { Destination } from "../../core/resources/destination.ts";
import type { Exit } from "../../core/resources/exits.ts";
import { numbersOf } from "../../core/resources/kind.ts";
import { send } from "../api/client.ts";
import { type Applied, apply, type Simulation, simulate, type Tenant, tenantPath } from "../api/queries.ts";
import { RollBack } from "../history/roll-back.tsx";
import { t } from "../i18n/t.ts";
import { Button } from "../part/button.tsx";
import { Dialog } from "../part/dialog.tsx";
import { Empty, Page, Skeleton } from "../part/page.tsx";
import { Problem } from "../part/problem.tsx";
import { phrase } from "../part/words.ts";
import { Link } from "../router.tsx";
import { Ask } from "../simulate/ask.tsx";
import { outcomeText } from "../simulate/outcome.ts";
import { Result } from "../simulate/result.tsx";
import { useTenantId } from "../tenant/id.ts";
import { destinationOf, leading } from "./change.ts";
import { type FlowNode, graphOf, type Resource, titleOf } from "./graph.ts";
import { exitLabel, nodeTitle, shownTitle } from "./label.ts";
import { LeadDialog } from "./lead.tsx";
import { litBy } from "./lit.ts";
import { type Flow, useFlow } from "./load.ts";
import { Outline } from "./outline.tsx";
import { Panel } from "./panel.tsx";
import { Picture } from "./picture.tsx";

export function FlowPage({ id }: { id: string }) {
  const tenant = useTenantId();
  const [whole, setWhole] = useState<ReadonlySet<string>>(new Set());
  const { data: flow, error, refetch, isPending } = useFlow(tenant, id, whole);
  const entry = flow?.resources.get(id);
  if (flow && entry)
    return <Editor flow={flow} entry={entry} whole={whole} onWhole={(one) => setWhole(new Set([...whole, one]))} />;
  return (
    <Page title={t("Call flow")}>
      {error ? <Problem error={error} onRetry={() => refetch()} /> : null}
      {isPending ? <Skeleton rows={8} height="h-14" /> : null}
      {flow && !entry ? (
        <Empty title={t("It is not there any more")}>
          <Link className="link underline" to={`/tenants/${tenant}/call-flows`}>
            {t("All call flows")}
          </Link>
        </Empty>
      ) : null}
    </Page>
  );
}

type Props = { flow: Flow; entry: Resource; whole: ReadonlySet<string>; onWhole(id: string): void };

function Editor({ flow, entry, whole, onWhole }: Props) {
  const tenant = useTenantId();
  const client = useQueryClient();
  const { resources } = flow;
  const graph = useMemo(() => graphOf(resources, entry.item.id, whole), [resources, entry.item.id, whole]);
  const [selected, setSelected] = useState<string>();
  const [focus, setFocus] = useState<{ id: string }>();
  const [asText, setAsText] = useState(() => matchMedia("(max-width: 40rem)").matches);
  const [choosing, setChoosing] = useState<{ resource: Resource; exit: Exit | undefined }>();
  const [done, setDone] = useState<{ said: string; revision: number }>();
  const [undoing, setUndoing] = useState(false);
  const [leaving, setLeaving] = useState<() => void>();
  const dirty = useRef(false);
  const run = useMutation({ mutationFn: (asked: Simulation) => simulate(tenant, asked) });
  const lit = useMemo(() => run.data && litBy(graph, run.data.steps), [graph, run.data]);
  const node = graph.nodes.find(({ id }) => id === selected);
  const [number] = entry.kind === "phone-number" ? [titleOf(entry)] : numbersOf(kindOf(entry.kind), entry.item);

  /** What is typed and not saved is not thrown away unasked. */
  const guarded = (then: () => void): void => {
    if (dirty.current) setLeaving(() => then);
    else then();
  };
  const close = (): void =>
    guarded(() => {
      setSelected(undefined);
      if (selected !== undefined) setFocus({ id: selected });
    });
  const changed = (said: string, revision: number | null): void => {
    if (revision !== null) setDone({ said, revision });
    run.reset();
  };
  const draw = useMutation({
    gcTime: 0,
    mutationFn: ({
      source,
      exit,
      target,
    }: {
      source: FlowNode & { resource: Resource };
      exit: Exit;
      target: FlowNode;
    }) => {
      const ref = target.resource ? target.id : target.name.slice(target.name.indexOf("/") + 1);
      const to = destinationOf(target.kind as Destination["kind"], ref);
      return apply(tenant, leading({ resource: source.resource, exit }, to), {
        dryRun: false,
        baseRevision: flow.revision,
      });
    },
    onSuccess: ({ revision }, { source, exit, target }) => {
      const way = exitLabel(exit, source.resource, resources);
      const values = { from: nodeTitle(source), way, to: nodeTitle(target) };
      changed(t("{from}, {way}: now goes to {to}.", values), revision);
    },
    onSettled: () => client.invalidateQueries({ queryKey: ["tenant", tenant] }),
  });
  const add = (resource: Resource | undefined, exit: Exit | undefined): void =>
    guarded(() => {
      if (resource) setChoosing({ resource, exit });
    });
  const shared = {
    ...{ graph, resources, selected, lit },
    onOpen: (id: string) => guarded(() => setSelected(id)),
    onAdd: (of: FlowNode, exit: Exit | undefined) => add(of.resource, exit),
    onWhole,
  };
  const outdated = draw.error instanceof ApiProblem && draw.error.status === 412;
  return (
    <Page
      title={shownTitle(entry)}
      about={t("{kind}: the way of its calls. Choose a thing to change it, or draw a line to another place.", {
        kind: phrase(entry.kind),
      })}
      actions={
        <Button aria-pressed={asText} onClick={() => setAsText(!asText)}>
          {asText ? t("As a picture") : t("As text")}
        </Button>
      }
    >
      <details className="card px-4 py-3">
        <summary className="font-medium">{t("Simulate a call")}</summary>
        <div className="pt-3">
          {number === undefined ? (
            <p className="text-muted">
              {t("It has no number that could be called: begin with a phone number, or give it an extension number.")}
            </p>
          ) : (
            <Ask
              to={number}
              timeZone={flow.timeZone}
              busy={run.isPending}
              error={run.error}
              onAsk={(asked) => run.mutate(asked)}
            >
              {run.data ? <Button onClick={() => run.reset()}>{t("Clear")}</Button> : null}
              <span role="status" className="font-medium">
                {run.data ? outcomeText(run.data.outcome) : ""}
              </span>
            </Ask>
          )}
        </div>
      </details>
      <div role="status">
        {done ? (
          <div className="flex flex-wrap items-center gap-3 rounded-md bg-good-soft px-3 py-1.5 text-good">
            <span className="min-w-0 flex-1 break-words">{done.said}</span>
            <Button small onClick={() => setUndoing(true)}>
              {t("Undo")}
            </Button>
          </div>
        ) : null}
      </div>
      {draw.error ? (
        <Problem
          error={draw.error}
          {...(outdated && { detail: t("Somebody changed something meanwhile. It is shown as it is now: try again.") })}
        />
      ) : null}
      <div className={`relative ${node ? "lg:min-h-[40rem]" : ""}`}>
        {asText ? (
          <Outline {...shared} />
        ) : (
          <div className="card h-[min(75dvh,46rem)] min-h-96 overflow-hidden bg-page">
            <Picture
              {...shared}
              focus={focus}
              onLead={(source, exit, target) => {
                const { resource } = source;
                if (resource) draw.mutate({ source: { ...source, resource }, exit, target });
              }}
            />
          </div>
        )}
        {node ? (
          <Panel
            key={node.id}
            node={node}
            graph={graph}
            resources={resources}
            onClose={close}
            onOpen={shared.onOpen}
            onAdd={(exit) => add(node.resource, exit)}
            onWhole={() => onWhole(node.id)}
            onDirty={(now) => {
              dirty.current = now;
            }}
            onSaved={async (title) => {
              const { revision } = await send<Tenant>("GET", tenantPath(tenant));
              changed(t("{what}: saved.", { what: title }), revision);
            }}
          />
        ) : null}
      </div>
      {run.data ? (
        <div className="max-w-3xl">
          <Result {...run.data} />
        </div>
      ) : null}
      {choosing ? (
        <LeadDialog
          flow={flow}
          {...choosing}
          onClose={() => setChoosing(undefined)}
          onDone={(applied: Applied, said, to) => {
            setChoosing(undefined);
            changed(said, applied.revision);
            if (to !== undefined && selected === undefined) setFocus({ id: to });
          }}
        />
      ) : null}
      {undoing && done ? (
        <RollBack
          revision={done.revision - 1}
          onClose={() => {
            setUndoing(false);
            setDone(undefined);
          }}
        />
      ) : null}
      {leaving ? (
        <Dialog
          title={t("Leave without saving?")}
          onClose={() => setLeaving(undefined)}
          actions={
            <>
              <Button onClick={() => setLeaving(undefined)}>{t("Go on editing")}</Button>
              <Button
                look="danger"
                onClick={() => {
                  dirty.current = false;
                  setLeaving(undefined);
                  leaving();
                }}
              >
                {t("Throw it away")}
              </Button>
            </>
          }
        >
          <p>{t("What you typed has not been saved.")}</p>
        </Dialog>
      ) : null}
    </Page>
  );
}
