// The rows of a node: its exits, and what more can be done there.
import type { Exit } from "../../core/resources/exits.ts";
import type { FlowNode } from "./graph.ts";

export type Row = { as: "exit"; exit: Exit } | { as: "hidden"; count: number } | { as: "key" };

/**
 * An exit that leads nowhere is drawn where a call would otherwise end there: of those within something (a forward, a holiday) the form tells. A menu has a row
 * for a new key.
 */
export function rowsOf({ exits, hidden, kind, resource }: FlowNode): Row[] {
  const drawn = exits.filter(({ to, pointer, takes }) => to !== null || (isOwn(pointer) && takes.length > 1));
  return [
    ...drawn.map((exit): Row => ({ as: "exit", exit })),
    ...(hidden > 0 ? [{ as: "hidden", count: hidden } as const] : []),
    ...(kind === "menu" && resource ? [{ as: "key" } as const] : []),
  ];
}

const isOwn = (pointer: string): boolean => pointer.lastIndexOf("/") === 0;
