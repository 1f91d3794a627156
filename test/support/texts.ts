// What the console's sources say: every text that goes through `t`, and those that go past it.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseAst } from "rolldown/parseAst";

type Node = Record<string, unknown> & { type: string };
export type Texts = {
  /** Through `t` and `text`. */
  single: Set<string>;
  /** Those with a form for many, by that. */
  plural: Set<string>;
  /** Sentences on a kind: `New {kind}`. */
  onKinds: Set<string>;
  /** Texts that no catalogue can reach, with the file's name. */
  past: string[];
};

const root = fileURLToPath(new URL("../../web", import.meta.url));
const said = new Set([
  ...["aria-label", "aria-description", "title", "placeholder", "alt", "label", "about", "submit", "detail", "what"],
  "button",
]);
const hasWords = (text: unknown): boolean => typeof text === "string" && /\p{L}{2,}/u.test(text);
/** Names that are the same in each language, and what is typed as it stands. */
const names = /^\s*(Dialplane|npm run .*|[A-Z]{2,5} [/\w-]+)\s*$/;

export function textsOf(): Texts {
  const found: Texts = { single: new Set(), plural: new Set(), onKinds: new Set(), past: [] };
  for (const file of readdirSync(root, { recursive: true, encoding: "utf8" })) {
    if (!/\.tsx?$/.test(file) || /^(dist|\.build-|i18n)/.test(file)) continue;
    const source = readFileSync(join(root, file), "utf8");
    const past = (node: Node, text: unknown): void => {
      const line = source.slice(0, Number(node.start)).split("\n").length;
      found.past.push(`web/${file}:${line}: ${String(text).trim().slice(0, 60)}`);
    };
    walk(parseAst(source, { lang: file.endsWith("x") ? "tsx" : "ts" }) as unknown as Node, found, past);
  }
  return found;
}

type Past = (node: Node, text: unknown) => void;

function walk(node: Node, found: Texts, past: Past): void {
  if (node.type === "CallExpression") call(node, found, past);
  if (node.type === "JSXText" && hasWords(node.value) && !names.test(String(node.value))) past(node, node.value);
  if (
    node.type === "JSXElement" &&
    /^(code|kbd)$/.test(String((node.openingElement as { name: { name: string } }).name.name))
  )
    return;
  if (node.type === "JSXAttribute" && said.has(String((node.name as Node).name))) {
    const value = node.value as Node | null;
    if (value) shown(value.type === "JSXExpressionContainer" ? (value.expression as Node) : value, past);
  }
  if (node.type === "JSXElement" || node.type === "JSXFragment")
    for (const child of node.children as Node[])
      if (child.type === "JSXExpressionContainer") shown(child.expression as Node, past);
  for (const value of Object.values(node))
    for (const inside of Array.isArray(value) ? value : [value])
      if (typeof inside === "object" && inside !== null && "type" in inside) walk(inside as Node, found, past);
}

/** What an expression shows as it stands: texts, also those it chooses between. */
function shown(node: Node, past: Past): void {
  if (node.type === "Literal" && hasWords(node.value) && !names.test(String(node.value))) past(node, node.value);
  if (node.type === "TemplateLiteral")
    for (const { value } of node.quasis as { value: { cooked: string } }[])
      if (hasWords(value.cooked)) past(node, value.cooked);
  if (node.type === "ConditionalExpression")
    for (const branch of [node.consequent, node.alternate]) shown(branch as Node, past);
  if (node.type === "LogicalExpression") for (const side of [node.left, node.right]) shown(side as Node, past);
}

function call(node: Node, found: Texts, past: Past): void {
  const { name } = node.callee as { name?: string };
  const [first, , third] = node.arguments as Node[];
  const keep = (into: Set<string>, argument: Node | undefined): void => {
    if (argument?.type === "Literal" && typeof argument.value === "string") into.add(argument.value);
    // made up at run time it has no entry
    else if (argument?.type === "TemplateLiteral" || argument?.type === "BinaryExpression")
      past(argument, "a text that is put together");
  };
  if (name === "t" || name === "text") keep(found.single, first);
  if (name === "tn") keep(found.plural, third);
  if (name === "saying") keep(found.onKinds, first);
}
