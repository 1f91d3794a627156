// What DynamoDB takes, checked before either adapter is asked, so that both refuse the same things with the same words.
import { type Condition, Invalid, type Item, type Key, limits, type Operation, TooLarge, type Value } from "./store.ts";

/** Refuses what can't be a key. Returns its size in bytes. */
export function checkKey(key: Key): number {
  return 4 + keyText("pk", key.pk) + keyText("sk", key.sk);
}

/** Refuses what can't be stored. Returns the item's size as DynamoDB counts it: names and values in bytes of UTF-8. */
export function checkItem(item: Item): number {
  checkKey(item);
  if (item.ipk !== undefined) keyText("pk", item.ipk, "ipk");
  if (item.isk !== undefined) keyText("sk", item.isk, "isk");
  let size = 0;
  for (const [name, value] of Object.entries(item)) size += nameSize(name) + sizeOf(value, 0);
  if (size > limits.itemBytes) {
    throw new TooLarge(`the item ${item.pk} ${item.sk} has ${size} bytes; at most ${limits.itemBytes} fit`);
  }
  return size;
}

/** Refuses a transaction that DynamoDB would refuse whatever the table holds. Returns each operation's size in bytes. */
export function checkOperations(operations: Operation[]): number[] {
  if (operations.length === 0) throw new Invalid("a transaction needs an operation");
  if (operations.length > limits.operations) {
    throw new TooLarge(`${operations.length} operations; a transaction takes ${limits.operations}`);
  }
  const touched = new Set<string>();
  const sizes = operations.map((operation) => {
    const key = keyOf(operation);
    const size = "put" in operation ? checkItem(operation.put) : checkKey(key);
    const name = JSON.stringify([key.pk, key.sk]);
    if (touched.has(name)) throw new Invalid(`a transaction touches ${key.pk} ${key.sk} twice`);
    touched.add(name);
    if (operation.if) checkCondition(operation.if);
    if ("check" in operation && isEmpty(operation.if))
      throw new Invalid(`the check of ${key.pk} ${key.sk} has no condition`);
    return size;
  });
  const total = sizes.reduce((sum, size) => sum + size, 0);
  if (total > limits.transactionBytes) {
    throw new TooLarge(`the transaction has ${total} bytes; at most ${limits.transactionBytes} fit`);
  }
  return sizes;
}

export function keyOf(operation: Operation): Key {
  if ("put" in operation) return operation.put;
  return "delete" in operation ? operation.delete : operation.check;
}

export function isEmpty({ absent, present, equals = {}, below = {} }: Condition): boolean {
  return !absent && !present && Object.keys(equals).length === 0 && Object.keys(below).length === 0;
}

function checkCondition({ equals = {}, below = {} }: Condition): void {
  for (const [name, value] of [...Object.entries(equals), ...Object.entries(below)]) {
    nameSize(name);
    sizeOf(value, 0);
  }
}

function keyText(part: "pk" | "sk", value: unknown, name: string = part): number {
  if (typeof value !== "string" || value === "") throw new Invalid(`${name} must be a string that is not empty`);
  const size = textSize(value);
  if (size > limits.keyBytes[part])
    throw new TooLarge(`${name} has ${size} bytes; at most ${limits.keyBytes[part]} fit`);
  return size;
}

function nameSize(name: string): number {
  if (name === "") throw new Invalid("an attribute has an empty name");
  // The SDK's parser drops it from what it reads.
  if (name === "__proto__") throw new Invalid("an attribute can't be called __proto__");
  return textSize(name);
}

function textSize(text: string): number {
  if (!text.isWellFormed()) throw new Invalid("a string holds half of a surrogate pair");
  return Buffer.byteLength(text);
}

function sizeOf(value: Value, depth: number): number {
  if (typeof value === "string") return textSize(value);
  if (typeof value === "number") return numberSize(value);
  if (typeof value === "boolean" || value === null) return 1;
  if (value instanceof Uint8Array) return value.byteLength;
  if (typeof value !== "object") throw new Invalid(`a value of type ${typeof value} can't be stored`);
  if (depth === limits.depth) throw new Invalid(`lists and maps are nested deeper than ${limits.depth} levels`);
  let size = 3;
  if (Array.isArray(value)) {
    for (const element of value) size += 1 + sizeOf(element, depth + 1);
    return size;
  }
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) throw new Invalid("only plain objects can be stored");
  for (const [name, member] of Object.entries(value)) size += 1 + nameSize(name) + sizeOf(member, depth + 1);
  return size;
}

/** One byte for two decimal digits, one for the exponent and one for a minus sign. */
function numberSize(value: number): number {
  if (value === 0) return 1;
  const size = Math.abs(value);
  if (!Number.isFinite(value)) throw new Invalid(`${value} can't be stored`);
  if (size > Number.MAX_SAFE_INTEGER) throw new Invalid(`${value} is beyond the integers that a number holds exactly`);
  if (size < 1e-130) throw new Invalid(`${value} is nearer to zero than the store can tell`);
  const digits = String(size)
    .replace(/e.*$/, "")
    .replace(".", "")
    .replace(/^0+|0+$/g, "");
  return 1 + Math.ceil(digits.length / 2) + (value < 0 ? 1 : 0);
}
