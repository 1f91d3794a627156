// Kamailio's binary RPC (module ctl, src/modules/ctl/binrpc.h): requests as bytes, replies read from bytes as they come.
//
// A packet is 0xA1, then type << 4 | bytes of the length - 1 << 2 | bytes of the cookie - 1, length, cookie, records. A record begins with a byte of
// end flag, three bits of size and four of type; where the flag is set on a value, the size tells how many bytes of length follow.

/** Numbers are 32 bits signed, doubles come in thousandths. A struct's names may repeat. */
export type Value = number | string | Value[] | Struct;
export type Struct = { fields: [name: string, value: Value][] };
export type Reply = { cookie: number } & ({ values: Value[] } | { fault: { code: number; reason: string } });

const magic = 0xa1;
const types = { integer: 0, string: 1, double: 2, struct: 3, array: 4, name: 5, bytes: 6 } as const;
const kinds = { request: 0, reply: 1, fault: 3 } as const;

/** The bytes of a call. Integers must fit 32 bits signed; strings may not hold NUL, where C ends them. */
export function encode(cookie: number, method: string, values: readonly (string | number)[]): Buffer {
  const body = Buffer.concat([
    text(method),
    ...values.map((value) => (typeof value === "number" ? integer(value) : text(value))),
  ]);
  const length = bigEndian(body.length);
  const name = bigEndian(cookie);
  return Buffer.concat([Buffer.from([magic, ((length.length - 1) << 2) | (name.length - 1)]), length, name, body]);
}

function text(value: string): Buffer {
  if (value.includes("\0")) throw new RangeError("a string of binrpc can't hold NUL");
  const bytes = Buffer.from(`${value}\0`, "utf8");
  return Buffer.concat([headOf(types.string, bytes.length), bytes]);
}

function integer(value: number): Buffer {
  if (!Number.isInteger(value) || value < -(2 ** 31) || value >= 2 ** 31)
    throw new RangeError(`${value} is no 32 bit integer`);
  const bytes = value === 0 ? Buffer.alloc(0) : bigEndian(value >>> 0);
  return Buffer.concat([headOf(types.integer, bytes.length), bytes]);
}

function headOf(type: number, length: number): Buffer {
  if (length < 8) return Buffer.from([(length << 4) | type]);
  const bytes = bigEndian(length);
  return Buffer.concat([Buffer.from([0x80 | (bytes.length << 4) | type]), bytes]);
}

/** As few bytes as it takes, at least one. */
function bigEndian(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  const first = bytes.findIndex((byte) => byte !== 0);
  return bytes.subarray(first < 0 ? 3 : first);
}

/** The first reply in `bytes` and what follows it; undefined while it is not whole. Throws on what is no reply. */
export function decode(bytes: Buffer): { reply: Reply; rest: Buffer } | undefined {
  if (bytes.length < 2) return undefined;
  if (bytes[0] !== magic) throw new Error("what came is no binrpc");
  const second = bytes.readUInt8(1);
  const lengthBytes = ((second >> 2) & 3) + 1;
  const start = 2 + lengthBytes + (second & 3) + 1;
  if (bytes.length < start) return undefined;
  const end = start + bytes.readUIntBE(2, lengthBytes);
  if (bytes.length < end) return undefined;
  const cookie = bytes.readUIntBE(2 + lengthBytes, (second & 3) + 1);
  const values = readAll(bytes.subarray(start, end));
  const rest = bytes.subarray(end);
  if (second >> 4 === kinds.reply) return { reply: { cookie, values }, rest };
  if (second >> 4 !== kinds.fault) throw new Error("what came is no reply of binrpc");
  const [code, reason] = values;
  return { reply: { cookie, fault: { code: Number(code), reason: String(reason) } }, rest };
}

/** Everything under `path` in a value: each name may be there many times. */
export function within(value: Value | undefined, ...path: string[]): Value[] {
  const [name, ...rest] = path;
  if (value === undefined) return [];
  if (name === undefined) return [value];
  if (Array.isArray(value)) return value.flatMap((each) => within(each, ...path));
  if (typeof value !== "object") return [];
  return value.fields.flatMap(([field, inner]) => (field === name ? within(inner, ...rest) : []));
}

type Cursor = { bytes: Buffer; at: number };
/** What opens a list or an object, and what ends one. */
type Field = { type: number; ends: boolean; value: Value };

function readAll(bytes: Buffer): Value[] {
  const cursor = { bytes, at: 0 };
  const values: Value[] = [];
  while (cursor.at < bytes.length) values.push(valueIn(readRecord(cursor), cursor));
  return values;
}

function readRecord(cursor: Cursor): Field {
  const { bytes } = cursor;
  const head = bytes.readUInt8(cursor.at++);
  const type = head & 15;
  const long = (head & 0x80) !== 0;
  if (type === types.struct || type === types.array) return { type, ends: long, value: "" };
  // a number of eight bytes is sent with its length in the place of flag and size
  const isNumber = type === types.integer || type === types.double;
  const sizeBytes = long && !isNumber ? (head >> 4) & 7 : 0;
  const length = sizeBytes > 0 ? bytes.readUIntBE(cursor.at, sizeBytes) : head >> 4;
  const start = cursor.at + sizeBytes;
  const content = bytes.subarray(start, start + length);
  if (content.length < length) throw new RangeError("a record of binrpc is cut off");
  cursor.at = start + length;
  if (isNumber) return { type, ends: false, value: numberIn(content) / (type === types.double ? 1000 : 1) };
  if (type !== types.string && type !== types.name && type !== types.bytes)
    throw new Error(`binrpc has no type ${type}`);
  // strings and names end with NUL
  const text = type === types.bytes ? content : content.subarray(0, Math.max(0, length - 1));
  return { type, ends: false, value: text.toString("utf8") };
}

/** Negative ones have four bytes or eight. */
function numberIn(content: Buffer): number {
  if (content.length === 0) return 0;
  if (content.length === 4) return content.readInt32BE();
  return content.length === 8 ? Number(content.readBigInt64BE()) : content.readUIntBE(0, content.length);
}

function valueIn(record: Field, cursor: Cursor): Value {
  if (record.type === types.array) {
    const list: Value[] = [];
    for (let next = readRecord(cursor); !ended(next, types.array); next = readRecord(cursor))
      list.push(valueIn(next, cursor));
    return list;
  }
  if (record.type !== types.struct) return record.value;
  const fields: Struct["fields"] = [];
  // some replies (dmq.list_nodes) lack the ends of their objects: the next one's beginning or that of nothing is one too
  while (cursor.at < cursor.bytes.length && cursor.bytes[cursor.at] !== types.struct) {
    const next = readRecord(cursor);
    if (ended(next, types.struct)) break;
    fields.push([String(next.value), valueIn(readRecord(cursor), cursor)]);
  }
  return { fields };
}

const ended = ({ type, ends }: Field, opened: number): boolean => ends && type === opened;
