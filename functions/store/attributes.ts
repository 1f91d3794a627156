// Items as DynamoDB writes them: every value under the name of its type. Lambda's stream records write them likewise, with bytes in base64.
import type { AttributeValue } from "@aws-sdk/client-dynamodb";
import type { AttributeValue as StreamValue } from "aws-lambda";
import type { Item, Value } from "./store.ts";

type Attributes = Record<string, AttributeValue>;

export function toAttributes(item: Record<string, Value>): Attributes {
  return Object.fromEntries(Object.entries(item).map(([name, value]) => [name, toAttribute(value)]));
}

export function fromAttributes(attributes: Attributes | Record<string, StreamValue>): Item {
  const { pk, sk, ...rest } = members(attributes);
  if (typeof pk !== "string" || typeof sk !== "string")
    throw new Error("an item of the table has no string as pk or sk");
  return { pk, sk, ...rest };
}

export function toAttribute(value: Value): AttributeValue {
  if (typeof value === "string") return { S: value };
  if (typeof value === "number") return { N: String(value) };
  if (typeof value === "boolean") return { BOOL: value };
  if (value === null) return { NULL: true };
  if (value instanceof Uint8Array) return { B: value };
  if (Array.isArray(value)) return { L: value.map(toAttribute) };
  return { M: toAttributes(value) };
}

function fromAttribute(value: AttributeValue | StreamValue): Value {
  if (value.S !== undefined) return value.S;
  if (value.N !== undefined) return Number(value.N);
  if (value.BOOL !== undefined) return value.BOOL;
  if (value.B !== undefined)
    return typeof value.B === "string" ? new Uint8Array(Buffer.from(value.B, "base64")) : value.B;
  if (value.L !== undefined) return value.L.map(fromAttribute);
  if (value.M !== undefined) return members(value.M);
  if (value.NULL) return null;
  throw new Error(`an attribute of a type that nobody wrote: ${Object.keys(value).join()}`);
}

const members = (map: Attributes | Record<string, StreamValue>): { [name: string]: Value } =>
  Object.fromEntries(Object.entries(map).map(([name, value]) => [name, fromAttribute(value)]));
