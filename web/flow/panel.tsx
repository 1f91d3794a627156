// Beside the picture: what a node is, where it leads, and its own form.
import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { ApiProblem } from "../../client/problem.ts";
import { kindOf } from "../../core/registry.ts";
import type { Exit } from "../../core/resources/exits.ts";
import { send } from "../api/client.ts";
import { type Item, pathOf, useWrite } from "../api/queries.ts";
import { fieldsOf } from "../form/field.ts";
import { Form } from "../form/form.tsx";
import { changed, toSend, type Value } from "../form/value.ts";
import { t } from "../i18n/t.ts";
import { Button } from "../part/button.tsx";
import { Conflict } from "../resource/conflict.tsx";
import { OnceShown, plainOf, shownOnce } from "../resource/once.tsx";
import { Link } from "../router.tsx";
import { useTenantId } from "../tenant/id.ts";
import { placeOf } from "../tenant/kinds.ts";
import type { FlowNode, Graph, Resource, Resources } from "./graph.ts";
import { KindIcon } from "./icon.tsx";
import { exitLabel, nodeAbout, nodeTitle, targetName } from "./label.ts";

type Props = {
  node: FlowNode;
  graph: Graph;
  resources: Resources;
  onClose(): void;
  onOpen(id: string): void;
  onAdd(exit: Exit | undefined): void;
  onWhole(): void;
  /** The form was saved. */
  onSaved(title: string): void;
  /** Whether something is typed that is not saved. */
  onDirty(dirty: boolean): void;
};

export function Panel(props: Props) {
  const { node, onClose, onSaved, onDirty } = props;
  const { resource } = node;
  const heading = useRef<HTMLHeadingElement>(null);
  const tenant = useTenantId();
  useEffect(() => heading.current?.focus(), []);
  const page = resource && placeOf(tenant, resource.kind, resource.item.id);
  return (
    <section
      aria-label={t("About {what}", { what: nodeTitle(node) })}
      className="grid content-start gap-4 border-line bg-panel p-4 max-lg:rounded-lg max-lg:border lg:absolute lg:inset-y-0 lg:right-0 lg:z-10 lg:w-[25rem] lg:overflow-y-auto lg:border-l lg:shadow-lg"
      onKeyDown={(event) => {
        if (event.key !== "Escape" || event.defaultPrevented) return;
        // or the same key would close what it opens: the question whether to leave
        event.preventDefault();
        onClose();
      }}
    >
      <div className="flex items-start gap-2.5">
        <span className="mt-0.5 grid size-8 shrink-0 place-items-center rounded-md bg-hover text-accent">
          <KindIcon kind={node.kind} />
        </span>
        <div className="min-w-0 flex-1">
          <h2 ref={heading} tabIndex={-1} className="font-semibold text-base break-words outline-none">
            {nodeTitle(node)}
          </h2>
          <p className="text-muted text-xs">{nodeAbout(node)}</p>
          {page ? (
            <p>
              <Link className="link text-xs" to={page}>
                {t("Open its page")}
              </Link>
            </p>
          ) : null}
        </div>
        <Button small onClick={onClose}>
          {t("Close")}
        </Button>
      </div>
      {resource ? (
        <>
          <Ways {...props} resource={resource} />
          <Settings key={resource.item.id} resource={resource} onSaved={onSaved} onDirty={onDirty} />
        </>
      ) : (
        <p className="text-muted">{endText(node)}</p>
      )}
    </section>
  );
}

function endText({ kind }: FlowNode): string {
  if (kind === "hangup") return t("The call ends here.");
  if (kind === "outside-number")
    return t("The call leaves over the outbound routes, as if somebody here had dialled the number.");
  return t("Your role may not see it.");
}

function Ways({ node, graph, resources, resource, onOpen, onAdd, onWhole }: Props & { resource: Resource }) {
  if (node.exits.length === 0 && node.hidden === 0) return null;
  return (
    <div className="grid gap-1.5">
      <h3 className="font-medium">{t("Where it leads")}</h3>
      <ul className="divide-y divide-line rounded-md border border-line">
        {node.exits.map((exit) => {
          const label = exitLabel(exit, resource, resources);
          const target = targetName(exit.to, resources);
          const edge = graph.edges.find(
            ({ source, exit: { pointer } }) => source === node.id && pointer === exit.pointer,
          );
          return (
            <li key={exit.pointer} className="flex min-h-10 items-center gap-2 py-1 pr-1.5 pl-3">
              <span className="grid min-w-0 flex-1">
                <span className="truncate text-muted text-xs">{exit.how === "rings" ? t("Rings") : label}</span>
                {edge ? (
                  <button
                    type="button"
                    className="link min-h-6 truncate text-left font-medium"
                    onClick={() => onOpen(edge.target)}
                  >
                    {target}
                  </button>
                ) : (
                  <span className="text-muted">{target}</span>
                )}
              </span>
              <Button
                small
                aria-label={
                  exit.to === null
                    ? t("Choose where {label} goes", { label })
                    : t("Change where {label} goes", { label })
                }
                onClick={() => onAdd(exit)}
              >
                {exit.to === null ? t("Choose") : t("Change")}
              </Button>
            </li>
          );
        })}
      </ul>
      <div className="flex flex-wrap gap-2">
        {resource.kind === "menu" ? (
          <Button small onClick={() => onAdd(undefined)}>
            {t("New key")}
          </Button>
        ) : null}
        {node.hidden > 0 ? (
          <Button small onClick={onWhole}>
            {t("Show all {n}", { n: node.hidden + node.exits.filter(({ how }) => how === "rings").length })}
          </Button>
        ) : null}
      </div>
    </div>
  );
}

type SettingsProps = { resource: Resource } & Pick<Props, "onSaved" | "onDirty">;

function Settings({ resource, onSaved, onDirty }: SettingsProps) {
  const tenant = useTenantId();
  const client = useQueryClient();
  const kind = kindOf(resource.kind);
  const fields = fieldsOf(kind);
  const [base, setBase] = useState<Item>(resource.item);
  const [value, setValue] = useState<Value>(base);
  const [once, setOnce] = useState<{ answer: Item; typed: Record<string, string> }>();
  const [said, setSaid] = useState("");
  const patch = changed(toSend(fields, base), toSend(fields, value, base));
  const dirty = Object.keys(patch).length > 0;
  // biome-ignore lint/correctness/useExhaustiveDependencies: only whether it is
  useEffect(() => {
    onDirty(dirty);
    return () => onDirty(false);
  }, [dirty]);
  const adopt = (next: Item): void => {
    setBase(next);
    setValue(next);
  };
  // another change, a line drawn beside this form too, is shown at once; what is typed stays where the two do not meet
  const theirs = resource.item.version > base.version ? resource.item : undefined;
  const moved = theirs && changed(toSend(fields, base), toSend(fields, theirs, base));
  const conflict = moved && Object.keys(moved).some((name) => name in patch);
  if (theirs && !conflict) {
    setBase(theirs);
    setValue({ ...theirs, ...Object.fromEntries(Object.keys(patch).map((name) => [name, value[name]])) });
  }
  const save = useWrite(tenant, (body: Value) =>
    send<Item>("PATCH", pathOf(tenant, kind, base.id), { body, version: base.version }),
  );
  const submit = async (): Promise<void> => {
    if (!dirty) return setSaid(t("Nothing has changed."));
    const answer = await save.mutateAsync(patch).catch((error: unknown) => {
      if (error instanceof ApiProblem && error.status === 412)
        void client.invalidateQueries({ queryKey: ["tenant", tenant] });
      return undefined;
    });
    if (!answer) return;
    const typed = plainOf(kind, patch);
    if (shownOnce(answer, typed)) setOnce({ answer, typed });
    adopt(answer);
    setSaid(t("Saved."));
    onSaved(String(answer[kind.key]));
  };
  return (
    <div className="grid gap-3">
      <h3 className="font-medium">{t("Settings")}</h3>
      {once ? <OnceShown kind={kind} {...once} onDone={() => setOnce(undefined)} /> : null}
      {theirs && conflict ? (
        <Conflict
          fields={fields}
          base={base}
          theirs={theirs}
          mine={value}
          onResolve={(resolved) => {
            save.reset();
            setBase(theirs);
            setValue(resolved);
          }}
        />
      ) : null}
      <div className="narrow">
        <Form
          fields={fields}
          value={value}
          onChange={(next) => {
            setValue(next);
            setSaid("");
          }}
          onSubmit={submit}
          busy={save.isPending}
          error={save.error}
          submit={t("Save")}
          dirty={dirty}
          status={said || (dirty ? t("Not saved yet.") : "")}
        />
      </div>
    </div>
  );
}
