// FreeSWITCH's XML documents, one element a line and no XML declaration: the preprocessor drops whole lines.
import { exact } from "./inert.ts";

export type Xml = string;
type Attributes = Record<string, string>;

// loops and no arrays here: half of a lookup is this
function attributes(values: Attributes): string {
  let text = "";
  for (const name in values) text += ` ${name}="${exact(values[name] ?? "")}"`;
  return text;
}

/** `<name a="b"/>`, or with children `<name a="b">`, each child on lines of its own, `</name>`. */
export function element(name: string, values: Attributes, children?: readonly Xml[]): Xml {
  const head = `<${name}${attributes(values)}`;
  if (children === undefined) return `${head}/>`;
  let text = `${head}>\n`;
  for (const child of children) text += `${child}\n`;
  return `${text}</${name}>`;
}

export const param = (name: string, value: string | number | boolean): Xml =>
  element("param", { name, value: String(value) });
export const params = (values: Record<string, string | number | boolean | undefined>): Xml[] =>
  Object.entries(values).flatMap(([name, value]) => (value === undefined ? [] : [param(name, value)]));

export const document = (section: string, children: readonly Xml[]): Xml =>
  `${element("document", { type: "freeswitch/xml" }, [element("section", { name: section }, children)])}\n`;

/** What FreeSWITCH takes for "no such thing" without logging an error. */
export const notFound: Xml = document("result", [element("result", { status: "not found" })]);
