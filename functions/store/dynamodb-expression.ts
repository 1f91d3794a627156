// Conditions and ranges in DynamoDB's expression language. Names and values always travel as parameters.
import type { AttributeValue, TransactWriteItem } from "@aws-sdk/client-dynamodb";
import { toAttribute, toAttributes } from "./attributes.ts";
import { indexOrder, type Order, type Range } from "./range.ts";
import { isEmpty, keyOf } from "./rules.ts";
import type { Condition, Operation } from "./store.ts";

export function writeItem(TableName: string, operation: Operation): TransactWriteItem {
  const { pk, sk } = keyOf(operation);
  const condition = operation.if && !isEmpty(operation.if) ? conditionOf(operation.if) : {};
  if ("put" in operation) return { Put: { TableName, Item: toAttributes(operation.put), ...condition } };
  const target = { TableName, Key: toAttributes({ pk, sk }) };
  if ("delete" in operation) return { Delete: { ...target, ...condition } };
  return { ConditionCheck: { ...target, ...conditionOf(operation.if) } };
}

function conditionOf({ absent, present, equals = {}, below = {} }: Condition) {
  const names: Record<string, string> = {};
  const values: Record<string, AttributeValue> = {};
  const parts: string[] = [];
  const name = (text: string): string => {
    const placeholder = `#${Object.keys(names).length}`;
    names[placeholder] = text;
    return placeholder;
  };
  const value = (content: string | number | boolean): string => {
    const placeholder = `:${Object.keys(values).length}`;
    values[placeholder] = toAttribute(content);
    return placeholder;
  };
  if (absent) parts.push(`attribute_not_exists(${name("pk")})`);
  if (present) parts.push(`attribute_exists(${name("pk")})`);
  for (const [attribute, content] of Object.entries(equals)) parts.push(`${name(attribute)} = ${value(content)}`);
  for (const [attribute, bound] of Object.entries(below)) {
    const placeholder = name(attribute);
    parts.push(`(attribute_not_exists(${placeholder}) OR ${placeholder} < ${value(bound)})`);
  }
  return {
    ConditionExpression: parts.join(" AND "),
    ExpressionAttributeNames: names,
    ...(Object.keys(values).length > 0 && { ExpressionAttributeValues: values }),
  };
}

export function keyCondition({ pk, prefix, from, to }: Range, order: Order) {
  const values: Record<string, AttributeValue> = { ":pk": { S: pk } };
  const parts = ["#pk = :pk"];
  const given = { ":prefix": prefix, ":from": from, ":to": to };
  for (const [placeholder, text] of Object.entries(given)) if (text !== undefined) values[placeholder] = { S: text };
  if (prefix !== undefined) parts.push("begins_with(#sk, :prefix)");
  else if (from !== undefined && to !== undefined) parts.push("#sk BETWEEN :from AND :to");
  else if (from !== undefined) parts.push("#sk >= :from");
  else if (to !== undefined) parts.push("#sk <= :to");
  return {
    KeyConditionExpression: parts.join(" AND "),
    ExpressionAttributeNames: {
      "#pk": order === indexOrder ? "ipk" : "pk",
      ...(parts.length > 1 && { "#sk": order[0] }),
    },
    ExpressionAttributeValues: values,
  };
}

export function startKey({ pk, after }: Range, order: Order): Record<string, AttributeValue> | undefined {
  if (!after) return undefined;
  const start = Object.fromEntries(order.map((name, index) => [name, after[index] ?? ""]));
  return toAttributes({ ...start, [order === indexOrder ? "ipk" : "pk"]: pk });
}
