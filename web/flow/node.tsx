// One node of the picture: what it is, and a row for each way on, with the point from which its line starts.
import { Handle, type Node, type NodeProps, Position } from "@xyflow/react";
import { createContext, type KeyboardEvent, useContext, useEffect, useRef } from "react";
import type { Exit } from "../../core/resources/exits.ts";
import { t } from "../i18n/t.ts";
import type { FlowNode, Resources } from "./graph.ts";
import { KindIcon } from "./icon.tsx";
import { exitLabel, nodeAbout, nodeTitle, targetName } from "./label.ts";
import { heightOf, size } from "./layout.ts";
import { type Row, rowsOf } from "./row.ts";

/** What nodes ask of the picture. `exit`: undefined for a new key of a menu. */
export type Actions = {
  resources: Resources;
  onOpen(id: string): void;
  onAdd(node: FlowNode, exit: Exit | undefined): void;
  onWhole(id: string): void;
  onKey(event: KeyboardEvent, id: string): void;
};
export const NodeActions = createContext<Actions | undefined>(undefined);

/** `steps`: those of the simulated call that came here; undefined where none is shown, null where it did not come. `focus` counts how often it was asked for. */
export type NodeData = {
  node: FlowNode;
  entry: boolean;
  selected: boolean;
  tabStop: boolean;
  focus: number;
  steps: number[] | undefined | null;
};
export type DrawnNode = Node<NodeData, "flow">;

export function NodeView({ data }: NodeProps<DrawnNode>) {
  const { node, entry, selected, tabStop, focus, steps } = data;
  const actions = useContext(NodeActions);
  const header = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (focus > 0) header.current?.focus({ preventScroll: true });
  }, [focus]);
  if (!actions) return null;
  const rows = rowsOf(node);
  const lit = Array.isArray(steps);
  const edge = selected ? "border-accent ring-2 ring-accent" : lit ? "border-good ring-2 ring-good" : "border-line";
  return (
    <div
      className={`pointer-events-auto relative rounded-lg border bg-panel text-ink shadow-sm transition-opacity ${edge} ${steps === null ? "opacity-45" : ""}`}
      style={{ width: size.width, height: heightOf(node) }}
    >
      <Handle type="target" position={Position.Left} className="point" style={{ top: size.header / 2 }} />
      <button
        ref={header}
        type="button"
        data-node={node.id}
        tabIndex={tabStop ? 0 : -1}
        aria-current={selected ? "true" : undefined}
        className="nopan flex w-full items-center gap-2.5 rounded-lg px-3 text-left hover:bg-hover"
        style={{ height: size.header - 2 }}
        onClick={() => actions.onOpen(node.id)}
        onKeyDown={(event) => actions.onKey(event, node.id)}
      >
        <span
          className={`grid size-8 shrink-0 place-items-center rounded-md ${entry ? "bg-fill text-on-fill" : lit ? "bg-good-soft text-good" : "bg-hover text-accent"}`}
        >
          <KindIcon kind={node.kind} />
        </span>
        <span className="grid min-w-0 flex-1">
          <span className="truncate font-medium">{nodeTitle(node)}</span>
          <span className="truncate text-muted text-xs">{nodeAbout(node)}</span>
        </span>
        {lit && steps.length > 0 ? (
          <span className="rounded-full bg-good-soft px-1.5 font-medium text-good text-xs tabular-nums">
            <span className="sr-only">{t("Step")} </span>
            {steps.join(", ")}
          </span>
        ) : null}
      </button>
      {rows.length > 0 ? (
        <ul className="border-line border-t">
          {rows.map((row) => (
            <li
              key={row.as === "exit" ? row.exit.pointer : row.as}
              className="relative flex items-center justify-between gap-1 pl-3 text-xs"
              style={{ height: size.row }}
            >
              <RowView row={row} node={node} actions={actions} />
            </li>
          ))}
        </ul>
      ) : null}
    </div>
  );
}

// for the mouse: by keyboard, all of this is in the node's panel
const small = "nopan mr-2 rounded px-1.5 text-accent hover:bg-hover font-medium min-h-[30px]";

function RowView({ row, node, actions }: { row: Row; node: FlowNode; actions: Actions }) {
  if (row.as === "hidden")
    return (
      <button type="button" tabIndex={-1} className={`${small} -ml-1.5`} onClick={() => actions.onWhole(node.id)}>
        {t("Show {n} more", { n: row.count })}
      </button>
    );
  if (row.as === "key")
    return (
      <button type="button" tabIndex={-1} className={`${small} -ml-1.5`} onClick={() => actions.onAdd(node, undefined)}>
        {t("+ New key")}
      </button>
    );
  const { exit } = row;
  const label = exitLabel(exit, node.resource, actions.resources);
  return (
    <>
      <span className={`truncate ${exit.to === null ? "text-muted" : ""}`} title={label}>
        {label}
      </span>
      {exit.to === null || exit.how === "rings" ? null : (
        <span className="sr-only">{targetName(exit.to, actions.resources)}</span>
      )}
      {exit.to === null ? (
        <button
          type="button"
          tabIndex={-1}
          className={small}
          aria-label={t("{label}: choose where it goes", { label })}
          onClick={() => actions.onAdd(node, exit)}
        >
          +
        </button>
      ) : null}
      <Handle
        type="source"
        position={Position.Right}
        id={exit.pointer}
        className={exit.to === null ? "point free" : "point"}
        isConnectableStart={exit.to === null}
        isConnectableEnd={false}
      />
    </>
  );
}
