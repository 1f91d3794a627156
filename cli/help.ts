// What --help says, out of the command table.
import { type Command, common, type Option } from "./command.ts";
import { meanings } from "./exit.ts";
import type { Output } from "./output.ts";

const flag = (name: string, { short, value }: Option): string =>
  `${short ? `-${short}, ` : "    "}--${name}${value ? ` ${value}` : ""}`;

function list(output: Output, rows: [string, string][]): void {
  const width = Math.max(...rows.map(([left]) => left.length));
  for (const [left, right] of rows) output.line(`  ${left.padEnd(width)}  ${right}`);
}

/** Every command, and what exit codes mean. */
export function helpOfAll(output: Output, commands: Command[]): void {
  output.line(`${output.paint("bold", "dialplane")}: a cloud PBX from the command line\n`);
  list(
    output,
    commands.map(({ name, usage, about }) => [`${name} ${usage}`.trim(), about]),
  );
  output.line("\nOptions of every command:");
  list(
    output,
    Object.entries(common).map(([name, option]) => [flag(name, option), option.about]),
  );
  output.line("\nExit codes:");
  list(output, Object.entries(meanings));
}

/** One command. */
export function helpOf(output: Output, { name, usage, about, options = {}, choices, examples = [] }: Command): void {
  output.line(`${output.paint("bold", `dialplane ${name} ${usage}`.trim())}\n\n${about}.\n`);
  list(
    output,
    Object.entries({ ...options, ...common }).map(([each, option]) => [flag(each, option), option.about]),
  );
  if (choices) output.line(`\nKinds: ${choices.join(", ")}`);
  if (examples.length > 0) output.line(`\n${examples.map((example) => `  ${example}`).join("\n")}`);
}
