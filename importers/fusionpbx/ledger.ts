// The ledger: what became of every row of the dump. A row is carried or refused with a reason; of a carried one, every column that nobody asked for and that is
// not at its usual value is a finding of its own. So nothing is lost without a word.
import type { Values } from "./dump.ts";
import { bookkeeping, isSecret, orphans, refusals, usualValues } from "./tables.ts";

/** Something that the documents don't hold. Without a `field` it is the whole row; without a `uuid`, `count` rows of the table. */
export type Finding = {
  domain: string | null;
  table: string;
  uuid: string | null;
  name: string | null;
  field: string | null;
  /** Null for a secret's. */
  value: string | null;
  reason: string;
  count: number;
};

export type Tally = { table: string; rows: number; carried: number };

export class Row {
  readonly table: string;
  readonly uuid: string | null;
  #values: Values;
  #read = new Set<string>();
  #outcome: "open" | "carried" | "derived" | "refused" = "open";
  #findings: Omit<Finding, "domain">[] = [];

  constructor(table: string, values: Values) {
    this.table = table;
    this.#values = values;
    const stem = table.replace(/^v_/, "");
    const key = [stem, stem.replace(/s$/, ""), stem.replace(/es$/, "")].find((name) => values.has(`${name}_uuid`));
    this.uuid = (key && values.get(`${key}_uuid`)) || null;
  }

  /** The column's text without blanks around it; undefined where it is NULL, empty or not there. */
  text(column: string): string | undefined {
    this.#read.add(column);
    return this.peek(column);
  }

  /** As `text`, but the column still counts as one that nobody asked for. */
  peek(column: string): string | undefined {
    return this.#values.get(column)?.trim() || undefined;
  }

  /** As PostgreSQL (t, f) and older versions of FusionPBX (true, false) write it. */
  flag(column: string, otherwise: boolean): boolean {
    const text = this.text(column)?.toLowerCase();
    return text === undefined ? otherwise : ["t", "true", "1", "yes", "on"].includes(text);
  }

  /** A number of at least 0; undefined where there is none, which is a finding if something else is there. */
  count(column: string): number | undefined {
    const text = this.text(column);
    if (text === undefined) return undefined;
    if (/^\d{1,9}(?:\.\d+)?$/.test(text)) return Number(text);
    this.lost(column, "is no number");
    return undefined;
  }

  /** A column's value has no place, or not as it is. */
  lost(column: string, reason: string): void {
    this.#read.add(column);
    const value = isSecret(column) ? null : (this.peek(column) ?? null);
    this.#findings.push({ ...this.#named(), field: column, value, reason, count: 1 });
  }

  carried(): void {
    if (this.#outcome === "open") this.#outcome = "carried";
  }

  /** Carried with what it was made from: nothing in it is its own. */
  derived(): void {
    if (this.#outcome === "open") this.#outcome = "derived";
  }

  /** The first reason stands. */
  refused(reason: string): undefined {
    if (this.#outcome === "refused") return;
    this.#outcome = "refused";
    this.#findings = [{ ...this.#named(), field: null, value: null, reason, count: 1 }];
  }

  get isCarried(): boolean {
    return this.#outcome === "carried" || this.#outcome === "derived";
  }

  /** All that is to be said of it, once nobody will ask it any more. */
  findings(): Omit<Finding, "domain">[] {
    if (this.#outcome === "open") this.refused(refusals[this.table] ?? orphans[this.table] ?? "nothing here takes it");
    if (this.#outcome !== "carried") return this.#findings;
    const usual = usualValues(this.table);
    for (const [column, value] of this.#values)
      if (value && !this.#read.has(column) && !bookkeeping(this.table, column) && !usual(column, value.trim()))
        this.lost(column, "has no place here");
    return this.#findings;
  }

  #named(): { table: string; uuid: string | null; name: string | null } {
    const stem = this.table.replace(/^v_/, "").replace(/s$/, "");
    const column = [...this.#values.keys()].find((name) => name === `${stem}_name`);
    const name = this.peek(column ?? stem) ?? this.peek("agent_name") ?? this.peek("dialplan_detail_data") ?? null;
    return { table: this.table, uuid: this.uuid, name: name === null ? null : name.slice(0, 80) };
  }
}
