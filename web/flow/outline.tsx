// The flow as text, for who reads rather than looks: each thing once, with its ways below it.
import type { ReactNode } from "react";
import { t } from "../i18n/t.ts";
import { Button } from "../part/button.tsx";
import { Chip } from "../part/chip.tsx";
import type { FlowNode, Graph } from "./graph.ts";
import { exitLabel, nodeAbout, nodeTitle, targetName } from "./label.ts";
import type { PictureProps } from "./picture.tsx";
import { rowsOf } from "./row.ts";

type Props = Pick<PictureProps, "graph" | "resources" | "selected" | "lit" | "onOpen" | "onAdd" | "onWhole">;

export function Outline(props: Props) {
  const { graph } = props;
  const [entry] = graph.nodes;
  if (!entry) return null;
  const told = tellings(graph);
  return (
    <div className="card px-4 py-3">
      <Told {...props} node={entry} told={told} />
    </div>
  );
}

/** By node, the edge below which it is told in full: the first that leads there. */
function tellings({ edges, nodes }: Graph): Map<string, string> {
  const told = new Map([[nodes[0]?.id ?? "", ""]]);
  for (const { id, target } of edges) if (!told.has(target)) told.set(target, id);
  return told;
}

type ToldProps = Props & { node: FlowNode; told: Map<string, string> };

function Told({ node, told, ...props }: ToldProps): ReactNode {
  const { graph, resources, lit, selected, onOpen, onAdd, onWhole } = props;
  const rows = rowsOf(node);
  const steps = lit?.nodes.get(node.id);
  return (
    <>
      <div className="flex flex-wrap items-center gap-x-2">
        <button
          type="button"
          data-told={node.id}
          aria-current={node.id === selected ? "true" : undefined}
          className="link min-h-7 text-left font-medium break-words aria-[current]:underline"
          onClick={() => onOpen(node.id)}
        >
          {nodeTitle(node)}
        </button>
        <span className="text-muted text-xs">{nodeAbout(node)}</span>
        {steps ? <Chip tone="good">{t("The call comes here")}</Chip> : null}
      </div>
      {rows.length > 0 ? (
        <ul className="grid gap-1 border-line border-l-2 pl-4">
          {rows.map((row) => {
            if (row.as !== "exit")
              return (
                <li key={row.as}>
                  <Button small onClick={() => (row.as === "key" ? onAdd(node, undefined) : onWhole(node.id))}>
                    {row.as === "key" ? t("New key") : t("Show {n} more", { n: row.count })}
                  </Button>
                </li>
              );
            const { exit } = row;
            const edge = graph.edges.find(
              ({ source, exit: one }) => source === node.id && one.pointer === exit.pointer,
            );
            const target = edge && graph.nodes.find(({ id }) => id === edge.target);
            const label = exit.how === "rings" ? t("Rings") : exitLabel(exit, node.resource, resources);
            return (
              <li key={exit.pointer}>
                <span className="text-muted">{label}: </span>
                {edge && target && told.get(target.id) === edge.id ? (
                  <Told {...props} node={target} told={told} />
                ) : target ? (
                  <button type="button" className="link min-h-7" onClick={() => onOpen(target.id)}>
                    {t("{what} (told elsewhere)", { what: nodeTitle(target) })}
                  </button>
                ) : (
                  <>
                    {targetName(exit.to, resources)}{" "}
                    <Button
                      small
                      aria-label={t("{label}: choose where it goes", { label })}
                      onClick={() => onAdd(node, exit)}
                    >
                      {t("Choose")}
                    </Button>
                  </>
                )}
              </li>
            );
          })}
        </ul>
      ) : null}
    </>
  );
}
