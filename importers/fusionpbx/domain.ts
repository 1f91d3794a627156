// One domain of FusionPBX on its way to a document: its rows, the numbers and names that are taken, and what was made so far.
import { type CountryCode, getCountryCallingCode, parsePhoneNumberFromString } from "libphonenumber-js/min";
import type { KindName } from "../../core/registry.ts";
import type { Destination } from "../../core/resources/destination.ts";
import { internalNumber } from "../../core/resources/number.ts";
import { isEmergency } from "../../core/routing/emergency.ts";
import { toE164 } from "../../core/routing/number.ts";
import { flaw } from "../../core/text.ts";
import type { Row } from "./ledger.ts";

export type Settings = { name: string; domain: string; country: string; timeZone: string; language: string };
export type Body = Record<string, unknown>;
/** A resource as apply takes it, and the rows that it was made of. An aside was made because of its row, which is another resource: without it the row stands. */
export type Item = { kind: KindName; body: Body; rows: Row[]; aside: boolean };
/** Where calls to a number go. */
export type Target = Extract<Destination, { ref: string }>;

export class Domain {
  readonly settings: Settings;
  readonly items: Item[] = [];
  #rows: Map<string, Row[]>;
  #names = new Map<string, Set<string>>();
  #numbers = new Set<string>();
  #targets = new Map<string, Target>();
  #byUuid = new Map<string, Target>();
  #prompts = new Map<string, string>();
  /** The trunks of the account above, which routes may name, by their uuid. */
  readonly trunks: Map<string, string>;

  constructor(settings: Settings, rows: Map<string, Row[]>, trunks: Map<string, string>) {
    this.settings = settings;
    this.#rows = rows;
    this.trunks = new Map(trunks);
  }

  rows(table: string): Row[] {
    return this.#rows.get(table) ?? [];
  }

  /** The rows whose `column` holds `uuid`, ordered by the number in `order`. */
  rowsOf(table: string, column: string, uuid: string | null, order?: string): Row[] {
    const found = this.rows(table).filter((row) => uuid !== null && row.peek(column) === uuid);
    return order === undefined ? found : found.sort((a, b) => Number(a.peek(order) ?? 0) - Number(b.peek(order) ?? 0));
  }

  add(kind: KindName, body: Body, row: Row, ...more: Row[]): void {
    this.items.push({ kind, body, rows: [row, ...more], aside: false });
    for (const one of [row, ...more]) one.carried();
  }

  /** A resource that something in `row` makes necessary. */
  addAside(kind: KindName, body: Body, row: Row): void {
    this.items.push({ kind, body, rows: [row], aside: true });
  }

  /** A name that no other of its kind has, made of the column's text. */
  name(kind: KindName, row: Row, column: string, otherwise: string): string {
    const wanted = line(row, column, 64) ?? otherwise;
    const name = this.fresh(kind, wanted);
    if (name !== wanted) row.lost(column, `another ${kind} has this name: it is ${name} here`);
    return name;
  }

  /** The same without a column to blame. */
  fresh(kind: KindName, wanted: string): string {
    const taken = this.#names.get(kind) ?? new Set();
    this.#names.set(kind, taken);
    let name = wanted;
    for (let turn = 2; taken.has(name); turn++) name = `${cut(wanted, 58)} (${turn})`;
    taken.add(name);
    return name;
  }

  /** The number in `column`, claimed for `target`; null, with the reason in the ledger, where it can't be dialled here. */
  claim(row: Row, column: string, target: Target): string | null {
    if (row.uuid) this.#byUuid.set(row.uuid, target);
    const number = row.text(column);
    if (number === undefined) return null;
    // its callers find it although nobody can dial it
    if (!this.#targets.has(number)) this.#targets.set(number, target);
    const why = this.#unfit(number);
    if (why) row.lost(column, why);
    else this.#numbers.add(number);
    return why ? null : number;
  }

  /** As `claim`, for what can't be without its number: the row is refused. */
  claimKey(row: Row, column: string, target: Target): boolean {
    const number = target.ref;
    const why = this.#unfit(number);
    if (why) {
      row.refused(`${column} ${number}: ${why}`);
      return false;
    }
    row.text(column);
    this.#numbers.add(number);
    this.#targets.set(number, target);
    if (row.uuid) this.#byUuid.set(row.uuid, target);
    return true;
  }

  #unfit(number: string): string | undefined {
    if (!internalNumber.safeParse(number).success) return "numbers here have 2 to 8 digits";
    if (isEmergency(number, this.settings.country)) return "is an emergency number";
    return this.#numbers.has(number) ? "something else has this number" : undefined;
  }

  /** Another way to dial a target: a number that is no resource's own. */
  alias(number: string, target: Target): void {
    if (!this.#targets.has(number)) this.#targets.set(number, target);
  }

  target(number: string): Target | undefined {
    return this.#targets.get(number);
  }

  targetOf(uuid: string): Target | undefined {
    return this.#byUuid.get(uuid);
  }

  /** Makes a recording known by its file's name. */
  addPrompt(file: string, name: string): void {
    this.#prompts.set(file, name);
  }

  /** The prompt of a recording's file, which FusionPBX names with or without its folder. */
  promptOf(file: string): string | undefined {
    return this.#prompts.get(file) ?? this.#prompts.get(file.split("/").at(-1) ?? "");
  }

  /** The prompt in `column`; null, with the reason in the ledger, where there is none of the domain's. */
  prompt(row: Row, column: string): string | null {
    const file = row.text(column);
    if (file === undefined) return null;
    const prompt = this.promptOf(file);
    if (prompt === undefined) row.lost(column, "is none of the domain's recordings");
    return prompt ?? null;
  }

  /** E.164 of a number as the column holds it. */
  e164(row: Row, column: string): string | null {
    const text = row.text(column);
    if (text === undefined) return null;
    const number = phoneNumber(text, this.settings.country);
    if (number === undefined) row.lost(column, `is no phone number as dialled in ${this.settings.country}`);
    return number ?? null;
  }
}

/** E.164 of `text`, which may have the country code with or without a plus sign, or be as dialled in `country`. */
export function phoneNumber(text: string, country: string): string | undefined {
  const digits = text.replace(/[\s().-]/g, "");
  if (!/^\+?\d{5,20}$/.test(digits)) return undefined;
  const national = toE164(digits, country);
  const code = getCountryCallingCode(country as CountryCode);
  if (digits.startsWith("+") || !digits.startsWith(code)) return national;
  const valid = (number: string | undefined): boolean =>
    number !== undefined && parsePhoneNumberFromString(number)?.isValid() === true;
  const whole = toE164(`+${digits}`, country);
  return valid(whole) && !valid(national) ? whole : (national ?? whole);
}

const cut = (text: string, max: number): string => {
  const short = text.slice(0, max);
  return short.isWellFormed() ? short : short.slice(0, -1);
};

/** The column's text as one line of at most `max` characters; what had to be changed is in the ledger. */
export function line(row: Row, column: string, max: number): string | null {
  const text = row.text(column);
  if (text === undefined) return null;
  const clean = text
    .toWellFormed()
    .replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufffe\uffff]+/g, " ")
    .trim();
  const short = cut(clean, max).trim();
  if (short !== text)
    row.lost(column, clean === text ? `is longer than ${max} characters` : "holds characters that a name can't");
  return short === "" || flaw(short) ? null : short;
}

/** Whole seconds within bounds; where they had to be moved it is in the ledger. */
export function seconds(row: Row, column: string, min: number, max: number, otherwise: number, perSecond = 1): number {
  const value = row.count(column);
  if (value === undefined) return otherwise;
  const wanted = Math.round(value / perSecond);
  const given = Math.min(max, Math.max(min, wanted));
  if (given !== value / perSecond) row.lost(column, `is ${given} here`);
  return given;
}
