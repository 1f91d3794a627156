// A folder as a zip file, nothing in it compressed: what a function's code is uploaded as.
import { readdirSync, readFileSync } from "node:fs";
import { join, relative, sep } from "node:path";
import { crc32 } from "node:zlib";

/** All files below the folder, by their paths in it. */
export function zip(folder: string): Uint8Array<ArrayBuffer> {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const bodies: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const { parentPath, name } of files) {
    const path = join(parentPath, name);
    const bytes = readFileSync(path);
    const stored = Buffer.from(relative(folder, path).split(sep).join("/"));
    // version 2.0, no flags, stored, no time, the checksum, both sizes, the name's length
    const common = fields(
      [20, 2],
      [0, 2],
      [0, 2],
      [0, 4],
      [crc32(bytes), 4],
      [bytes.length, 4],
      [bytes.length, 4],
      [stored.length, 2],
    );
    bodies.push(Buffer.concat([fields([0x04034b50, 4]), common, fields([0, 2]), stored, bytes]));
    const rest = fields([0, 2], [0, 2], [0, 2], [0, 2], [0, 4], [offset, 4]);
    directory.push(Buffer.concat([fields([0x02014b50, 4], [20, 2]), common, rest, stored]));
    offset += bodies.at(-1)?.length ?? 0;
  }
  const size = directory.reduce((sum, { length }) => sum + length, 0);
  const count: [number, number] = [files.length, 2];
  const end = fields([0x06054b50, 4], [0, 2], [0, 2], count, count, [size, 4], [offset, 4], [0, 2]);
  return new Uint8Array(Buffer.concat([...bodies, ...directory, end]));
}

/** Numbers of so many bytes each, the lowest byte first. */
function fields(...all: [value: number, bytes: number][]): Buffer {
  const made = Buffer.alloc(all.reduce((sum, [, bytes]) => sum + bytes, 0));
  let at = 0;
  for (const [value, bytes] of all) at = made.writeUIntLE(value, at, bytes);
  return made;
}
