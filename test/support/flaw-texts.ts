// What the schemas and the API say is wrong with a value, as their sources have it: holes stand where a value is put in.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseAst } from "rolldown/parseAst";

type Node = Record<string, unknown> & { type: string };
type Keep = (node: Node | undefined) => void;

const root = fileURLToPath(new URL("../..", import.meta.url));
/** Checks of zod that take their message after what they check by. */
const checks = new Set(["regex", "refine", "min", "max", "length"]);
/** Functions that are given a flaw's sentence. */
const refusals = new Set(["refuse", "refuseAt", "flaw", "invalid"]);

/** Whatever stands in its holes: a text and its translation's key are the same. */
export const shapeOf = (text: string): string => text.replaceAll(/\{\w*\}/g, "{}");

/** The sentences of these folders and files, each as `shapeOf` has it, with the file that says it. */
export function flawTexts(...places: string[]): Map<string, string> {
  const found = new Map<string, string>();
  for (const place of places) {
    const files = place.endsWith(".ts")
      ? [place]
      : readdirSync(join(root, place), { recursive: true, encoding: "utf8" }).map((file) => `${place}/${file}`);
    for (const file of files)
      if (file.endsWith(".ts"))
        walk(parseAst(readFileSync(join(root, file), "utf8"), { lang: "ts" }) as unknown as Node, (node) => {
          for (const text of saidBy(node)) if (/\p{L} \p{L}/u.test(text)) found.set(text, file);
        });
  }
  return found;
}

function walk(node: Node, keep: Keep): void {
  if (node.type === "CallExpression" || node.type === "NewExpression") {
    const callee = node.callee as Node & { name?: string; property?: { name?: string } };
    const called = callee.name ?? callee.property?.name ?? "";
    const given = node.arguments as Node[];
    if (checks.has(called)) keep(given[1]);
    if (called === "email") keep(given[0]);
    if (called === "Problem") keep(given[1]);
    if (called === "unauthenticated") keep(given[0]);
    if (refusals.has(called)) for (const one of given) keep(one);
  }
  if (node.type === "Property") {
    const { name } = node.key as { name?: string };
    if (name === "detail" || name === "error" || name === "message") keep(node.value as Node);
  }
  if (node.type === "FunctionDeclaration" && /^flaw/.test(String((node.id as { name?: string } | null)?.name)))
    returned(node.body as Node, keep);
  for (const inside of below(node)) walk(inside, keep);
}

function returned(node: Node, keep: Keep): void {
  if (node.type === "ReturnStatement") keep((node.argument as Node | null) ?? undefined);
  for (const inside of below(node)) returned(inside, keep);
}

function* below(node: Node): Generator<Node> {
  for (const value of Object.values(node))
    for (const inside of Array.isArray(value) ? value : [value])
      if (typeof inside === "object" && inside !== null && "type" in inside) yield inside as Node;
}

/** A text, also one that is put together, and those that are chosen between. */
function* saidBy(node: Node | undefined): Generator<string> {
  if (node?.type === "Literal" && typeof node.value === "string") yield node.value;
  if (node?.type === "TemplateLiteral")
    yield (node.quasis as { value: { cooked: string } }[]).map(({ value }) => value.cooked).join("{}");
  if (node?.type === "ConditionalExpression")
    for (const branch of [node.consequent, node.alternate]) yield* saidBy(branch as Node);
  if (node?.type === "LogicalExpression") for (const side of [node.left, node.right]) yield* saidBy(side as Node);
}
