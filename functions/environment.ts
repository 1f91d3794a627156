// Reading a process's environment. Without schemas: to make those of a function's settings and read them once by them was a sixth of its start.

/** What a variable says; `text` is undefined where it is not set. Throws an Error that says what it must be. */
export type Reader<T> = (text: string | undefined) => T;
export type Read<S extends Record<string, Reader<unknown>>> = { [name in keyof S]: ReturnType<S[name]> };

function must(holds: boolean, what: string): asserts holds {
  if (!holds) throw new Error(`must be ${what}`);
}

/** As `form` has it, which says so of the whole text by `^` and `$`; `what` it must be. */
export const text =
  (form: RegExp, what: string): Reader<string> =>
  (value) => {
    must(value !== undefined && form.test(value), what);
    return value;
  };

/** At least so many characters. */
export const longText = (least: number): Reader<string> =>
  text(new RegExp(`^.{${least},}$`, "s"), `a text of ${least} characters at least`);

/** One of these words. */
export const oneOf =
  <const T extends string>(values: readonly T[]): Reader<T> =>
  (value) => {
    const known = values.find((one) => one === value);
    must(known !== undefined, `one of ${values.join(", ")}`);
    return known;
  };

/** An absolute URL of https, as it stands. */
export const httpsUrl: Reader<string> = (value) => {
  must(value !== undefined && URL.canParse(value) && new URL(value).protocol === "https:", "an address with https://");
  return value;
};

/** Whole, in decimal, from `least` to `most`. */
export const number =
  (least: number, most: number): Reader<number> =>
  (value) => {
    const read = value?.trim() ? Number(value) : Number.NaN;
    must(Number.isInteger(read) && read >= least && read <= most, `a whole number from ${least} to ${most}`);
    return read;
  };

/** `otherwise` where the variable is not set. */
export const optional =
  <T, const O = undefined>(read: Reader<T>, otherwise?: O): Reader<T | O> =>
  (value) =>
    value === undefined ? (otherwise as O) : read(value);

/** What `change` makes of it. */
export const changed =
  <T, O>(read: Reader<T>, change: (value: T) => O): Reader<O> =>
  (value) =>
    change(read(value));

/** Reads all at once. Throws one Error that names every variable that is missing or wrong. */
export function readEnvironment<S extends Record<string, Reader<unknown>>>(
  readers: S,
  environment: Record<string, string | undefined>,
): Read<S> {
  const flaws: string[] = [];
  const values = Object.entries(readers).map(([name, read]) => {
    try {
      return [name, read(environment[name])];
    } catch (error) {
      flaws.push(`${name}: ${(error as Error).message}`);
      return [name, undefined];
    }
  });
  if (flaws.length > 0) throw new Error(`the environment is not as infra/functions.ts sets it: ${flaws.join("; ")}`);
  return Object.fromEntries(values) as Read<S>;
}
