// Which lamps may be lit, on disk: an agent that was down while a call ended puts its lamp out when it is back. It names too many rather than too few.
import { appendFileSync, readFileSync, renameSync, writeFileSync } from "node:fs";

export type Lit = {
  /** Before this lamp is lit. Writes at its first time only. */
  add(lamp: string): void;
  /** Nothing but these is lit. */
  only(lamps: Iterable<string>): void;
  readonly lamps: ReadonlySet<string>;
};

export function openLit(file: string): Lit {
  let named = read(file);
  return {
    add(lamp) {
      if (named.has(lamp)) return;
      appendFileSync(file, `${lamp}\n`, { mode: 0o600 });
      named.add(lamp);
    },
    only(lamps) {
      const now = new Set(lamps);
      writeFileSync(`${file}.new`, [...now].map((lamp) => `${lamp}\n`).join(""), { mode: 0o600 });
      renameSync(`${file}.new`, file);
      named = now;
    },
    get lamps() {
      return named;
    },
  };
}

/** Without its last line where that was not written to its end. */
function read(file: string): Set<string> {
  try {
    return new Set(readFileSync(file, "utf8").split("\n").slice(0, -1));
  } catch {
    return new Set();
  }
}
