// What a command is: its table entry, from which parsing, help and shell completion derive.
import type { ParseArgsConfig } from "node:util";
import type { Client } from "../client/client.ts";
import type { Output } from "./output.ts";
import type { Env } from "./profile.ts";

export type Option = {
  type: "string" | "boolean";
  short?: string;
  about: string;
  /** What stands after it, for the help: `FILE`. */
  value?: string;
  /** What completion offers after it. */
  choices?: readonly string[];
  multiple?: boolean;
};
export type Values = Record<string, string | boolean | string[] | undefined>;

export type Run = {
  args: string[];
  values: Values;
  output: Output;
  env: Env;
  /** Signed in; throws Usage where nobody is. */
  client(): Client;
  /** Whether to print JSON. */
  json: boolean;
  /** Ends what goes on and on. */
  signal: AbortSignal;
  stdin(): Promise<string>;
};

export type Command = {
  /** One word, or two: `calls tail`. */
  name: string;
  about: string;
  /** `KIND ID [FIELD=VALUE …]`. */
  usage: string;
  /** How many positional arguments: at least, at most. */
  takes: readonly [number, number];
  /** What completion offers as the first argument. */
  choices?: readonly string[];
  options?: Record<string, Option>;
  examples?: string[];
  /** Resolves with the exit code where it is not 0. */
  run(run: Run): Promise<number | undefined>;
};

export const common: Record<string, Option> = {
  json: { type: "boolean", about: "Print JSON, for programs" },
  profile: { type: "string", value: "NAME", about: "The profile to use (DIALPLANE_PROFILE)" },
  url: { type: "string", value: "URL", about: "Where the control plane is (DIALPLANE_URL)" },
  help: { type: "boolean", short: "h", about: "Say how the command is used" },
};

/** Whose document a command is about. */
export const owner: Record<string, Option> = {
  tenant: { type: "string", short: "t", value: "TENANT", about: "A tenant's id, name or domain (DIALPLANE_TENANT)" },
  account: { type: "string", short: "a", value: "ID", about: "An account's id, instead of a tenant" },
};

export const parsed = (options: Record<string, Option>): NonNullable<ParseArgsConfig["options"]> =>
  Object.fromEntries(
    Object.entries(options).map(([name, { type, short, multiple }]) => [
      name,
      { type, ...(short !== undefined && { short }), ...(multiple && { multiple }) },
    ]),
  );

export const text = (values: Values, name: string): string | undefined =>
  typeof values[name] === "string" ? values[name] : undefined;
