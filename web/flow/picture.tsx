// The picture of a flow: nodes in columns as a call goes, lines that can be drawn to another node, arrow keys along the lines.
import "@xyflow/react/dist/base.css";
import "./flow.css";
import {
  type Connection,
  Panel as Corner,
  type Edge,
  MarkerType,
  ReactFlow,
  ReactFlowProvider,
  useReactFlow,
} from "@xyflow/react";
import { type KeyboardEvent, useEffect, useMemo, useRef, useState } from "react";
import type { Exit } from "../../core/resources/exits.ts";
import { t } from "../i18n/t.ts";
import type { FlowNode, Graph, Resources } from "./graph.ts";
import { heightOf, placesOf, size } from "./layout.ts";
import type { Lit } from "./lit.ts";
import { type Actions, type DrawnNode, NodeActions, NodeView } from "./node.tsx";
import { besides } from "./walk.ts";

export type PictureProps = {
  graph: Graph;
  resources: Resources;
  selected: string | undefined;
  lit: Lit | undefined;
  /** The node that is to have the focus; a new object asks anew. */
  focus: { id: string } | undefined;
  onOpen(id: string): void;
  onAdd(node: FlowNode, exit: Exit | undefined): void;
  onWhole(id: string): void;
  onLead(node: FlowNode, exit: Exit, target: FlowNode): void;
};

const nodeTypes = { flow: NodeView };
/** With more, only those in view are drawn. */
const many = 150;
/** Below this, texts are too small to read. */
const least = 0.8;
/** As wide as the panel is (25rem). */
const panelWidth = 400;

export const Picture = (props: PictureProps) => (
  <ReactFlowProvider>
    <Drawing {...props} />
  </ReactFlowProvider>
);

function Drawing({ graph, resources, selected, lit, focus: asked, onOpen, onAdd, onWhole, onLead }: PictureProps) {
  const { setCenter, setViewport, getZoom, zoomIn, zoomOut, fitView } = useReactFlow();
  const frame = useRef<HTMLDivElement>(null);
  const places = useMemo(() => placesOf(graph), [graph]);
  const byId = useMemo(() => new Map(graph.nodes.map((node) => [node.id, node])), [graph]);
  const [focus, setFocus] = useState<{ id: string; count: number }>();
  const entry = graph.nodes[0]?.id;
  const current = [focus?.id, selected, entry].find((id) => id !== undefined && byId.has(id));

  const show = (id: string): void => {
    const place = places.get(id);
    const node = byId.get(id);
    if (!place || !node) return;
    const zoom = Math.max(getZoom(), least);
    // beside the panel, where that lies over the picture
    const hidden = selected !== undefined && matchMedia("(min-width: 64rem)").matches ? panelWidth / 2 / zoom : 0;
    void setCenter(place.x + size.width / 2 + hidden, place.y + heightOf(node) / 2, { zoom });
  };
  /** All of it where that can be read, else as much from its beginning. */
  const begin = (): void => {
    const box = frame.current?.getBoundingClientRect();
    if (!box) return;
    const corners = graph.nodes.map((node) => ({ ...(places.get(node.id) ?? { x: 0, y: 0 }), height: heightOf(node) }));
    const [width, height] = [
      Math.max(...corners.map(({ x }) => x)) + size.width,
      Math.max(...corners.map((corner) => corner.y + corner.height)),
    ];
    const zoom = Math.min(1, Math.max(least, Math.min((box.width - 48) / width, (box.height - 48) / height)));
    void setViewport({
      x: Math.max(24, (box.width - width * zoom) / 2),
      y: Math.max(24, (box.height - height * zoom) / 2),
      zoom,
    });
  };
  const go = (id: string): void => {
    setFocus((before) => ({ id, count: (before?.count ?? 0) + 1 }));
    show(id);
  };
  // biome-ignore lint/correctness/useExhaustiveDependencies: once for each time that it is asked
  useEffect(() => {
    if (asked && byId.has(asked.id)) go(asked.id);
  }, [asked]);
  useEffect(() => {
    // the whole way that a simulated call went
    const ids = [...(lit?.nodes.keys() ?? [])].map((id) => ({ id }));
    if (ids.length > 0) void fitView({ nodes: ids, maxZoom: 1, minZoom: 0.4, padding: 0.1 });
  }, [lit, fitView]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: once the panel is open
  useEffect(() => {
    if (selected !== undefined) show(selected);
  }, [selected]);

  const actions: Actions = {
    ...{ resources, onAdd, onWhole },
    onOpen(id) {
      setFocus((before) => ({ id, count: before?.count ?? 0 }));
      onOpen(id);
    },
    onKey(event: KeyboardEvent, id) {
      const next = besides(graph, places, id)[event.key];
      if (next === undefined) return;
      event.preventDefault();
      go(next);
    },
  };
  const nodes = useMemo(
    () =>
      graph.nodes.map((node, index): DrawnNode => {
        const data = {
          node,
          entry: index === 0,
          selected: node.id === selected,
          tabStop: node.id === current,
          focus: node.id === focus?.id ? focus.count : 0,
          steps: lit && (lit.nodes.get(node.id) ?? null),
        };
        const measured = { width: size.width, height: heightOf(node) };
        return { id: node.id, type: "flow", position: places.get(node.id) ?? { x: 0, y: 0 }, data, ...measured };
      }),
    [graph, places, selected, current, focus, lit],
  );
  const edges = useMemo(
    () =>
      graph.edges.map(({ id, source, target, exit }): Edge => {
        const isLit = lit?.edges.has(id) ?? false;
        const colour = isLit ? "var(--color-good)" : "var(--color-edge)";
        return {
          ...{ id, source, target },
          sourceHandle: exit.pointer,
          reconnectable: "target",
          // each node tells its ways itself
          domAttributes: { "aria-hidden": true, "aria-roledescription": undefined },
          className: `${exit.how} ${isLit ? "lit" : lit ? "dim" : ""}`,
          zIndex: isLit ? 1 : 0,
          markerEnd: { type: MarkerType.ArrowClosed, color: colour, width: 16, height: 16 },
        };
      }),
    [graph, lit],
  );
  const wayOf = ({ source, sourceHandle, target }: Connection | Edge) => {
    const from = byId.get(source);
    const exit = from?.exits.find(({ pointer }) => pointer === sourceHandle);
    const to = byId.get(target);
    return from && exit && to && exit.takes.includes(to.kind as Exit["takes"][number]) ? { from, exit, to } : undefined;
  };
  const lead = (connection: Connection | Edge): void => {
    const way = wayOf(connection);
    if (way) onLead(way.from, way.exit, way.to);
  };
  return (
    <NodeActions value={actions}>
      <ReactFlow
        className="flow"
        nodes={nodes}
        edges={edges}
        nodeTypes={nodeTypes}
        onConnect={lead}
        onReconnect={(_, connection) => lead(connection)}
        isValidConnection={(connection) => wayOf(connection) !== undefined}
        nodesDraggable={false}
        nodesFocusable={false}
        edgesFocusable={false}
        elementsSelectable={false}
        disableKeyboardA11y
        deleteKeyCode={null}
        onlyRenderVisibleElements={graph.nodes.length > many}
        ref={frame}
        onInit={begin}
        minZoom={0.1}
        maxZoom={1.5}
        preventScrolling={false}
        zoomOnScroll={false}
        panOnScroll={false}
        zoomOnDoubleClick={false}
        aria-label={t("The call's way as a picture")}
      >
        <Corner
          position="bottom-left"
          className="flex overflow-hidden rounded-md border border-line bg-panel shadow-sm"
        >
          <Zoom label={t("Zoom in")} onClick={() => zoomIn()} sign="M8 3v10M3 8h10" />
          <Zoom label={t("Zoom out")} onClick={() => zoomOut()} sign="M3 8h10" />
          <Zoom
            label={t("Show all")}
            onClick={() => fitView({ maxZoom: 1, padding: 0.08 })}
            sign="M2.5 6V2.5H6M10 2.5h3.5V6M13.5 10v3.5H10M6 13.5H2.5V10"
          />
        </Corner>
      </ReactFlow>
    </NodeActions>
  );
}

const Zoom = ({ label, sign, onClick }: { label: string; sign: string; onClick(): void }) => (
  <button
    type="button"
    aria-label={label}
    title={label}
    className="grid size-8 place-items-center hover:bg-hover"
    onClick={onClick}
  >
    <svg viewBox="0 0 16 16" fill="none" stroke="currentColor" strokeWidth="1.5" className="size-4" aria-hidden="true">
      <path d={sign} />
    </svg>
  </button>
);
