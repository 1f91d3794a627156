// The command line of Dialplane: finds the command, reads its arguments, runs it and tells how it ended.
import { parseArgs } from "node:util";
import { type Client, createClient } from "../client/client.ts";
import { ApiProblem } from "../client/problem.ts";
import { accessCommands } from "./access.ts";
import { callCommands } from "./calls.ts";
import { certificateCommands } from "./certificate.ts";
import { type Command, common, parsed, text, type Values } from "./command.ts";
import { completionFor, shells } from "./completion.ts";
import { documentCommands } from "./document.ts";
import { codeOf, Usage } from "./exit.ts";
import { helpOf, helpOfAll } from "./help.ts";
import { importCommands } from "./import.ts";
import { createOutput, inert, type Output, type Stream } from "./output.ts";
import { type Env, profileOf } from "./profile.ts";
import { releaseCommands } from "./releases.ts";
import { resourceCommands } from "./resource.ts";

const completion: Command = {
  name: "completion",
  about: "Write a script that completes commands: eval it, or put it where the shell looks",
  usage: "SHELL",
  takes: [1, 1],
  choices: shells,
  examples: [
    'eval "$(dialplane completion bash)"',
    "dialplane completion fish > ~/.config/fish/completions/dialplane.fish",
  ],
  async run({ args, output }) {
    const shell = shells.find((one) => one === args[0]);
    if (!shell) throw new Usage(`There is completion for ${shells.join(", ")}.`);
    output.line(completionFor(shell, commands).trimEnd());
    return undefined;
  },
};

export const commands: Command[] = [
  ...accessCommands.slice(0, 3),
  ...resourceCommands,
  ...documentCommands,
  ...callCommands,
  ...releaseCommands,
  ...certificateCommands,
  ...importCommands,
  ...accessCommands.slice(3),
  completion,
];

/** The command that the first words name; options may stand before them. */
function commandIn(argv: string[]): { command: Command; rest: string[] } | undefined {
  const every = Object.assign({}, ...commands.map(({ options }) => options), common);
  const { tokens } = parseArgs({
    args: argv,
    options: parsed(every),
    strict: false,
    allowPositionals: true,
    tokens: true,
  });
  const [first, second] = tokens.filter((token) => token.kind === "positional");
  const both = commands.find(({ name }) => name === `${first?.value} ${second?.value}`);
  const command = both ?? commands.find(({ name }) => name === first?.value);
  const words = both ? [first?.index, second?.index] : [first?.index];
  return command && { command, rest: argv.filter((_, index) => !words.includes(index)) };
}

function argumentsOf(
  { options = {}, takes, name, usage }: Command,
  rest: string[],
): { args: string[]; values: Values } {
  try {
    const { positionals, values } = parseArgs({
      args: rest,
      options: parsed({ ...options, ...common }),
      allowPositionals: true,
    });
    const wanted = positionals.length >= takes[0] && positionals.length <= takes[1];
    if (!wanted && values.help !== true) throw new Usage(`It is used so: dialplane ${name} ${usage}`);
    return { args: positionals, values: values as Values };
  } catch (error) {
    throw error instanceof Usage ? error : new Usage((error as Error).message);
  }
}

/** What is around a command line: a process's own, or a test's. */
export type Around = { env: Env; stdout: Stream; stderr: Stream; stdin(): Promise<string>; signal: AbortSignal };

function tell(output: Output, error: unknown): void {
  const problem = error instanceof ApiProblem ? error : undefined;
  output.note(`dialplane: ${inert(error instanceof Error ? error.message : String(error))}`);
  for (const { pointer, detail } of problem?.errors ?? []) output.note(`  ${inert(pointer)}: ${inert(detail)}`);
  for (const { kind, key, pointer } of problem?.users ?? [])
    output.note(`  used by ${inert(kind)} ${inert(key)} at ${inert(pointer)}`);
  if (problem?.requestId) output.note(`  request ${inert(problem.requestId)}`);
}

/** Runs one command line. Resolves with the exit code. */
export async function main(argv: string[], { env, stdout, stderr, stdin, signal }: Around): Promise<number> {
  const output = createOutput(stdout, stderr, env);
  try {
    const found = commandIn(argv);
    if (!found) {
      const asked = argv.length === 0 || argv.some((word) => ["--help", "-h", "help"].includes(word));
      if (!asked) throw new Usage(`There is no command ${JSON.stringify(argv[0])}; dialplane --help lists them.`);
      helpOfAll(output, commands);
      return 0;
    }
    const { command, rest } = found;
    const { args, values } = argumentsOf(command, rest);
    if (values.help === true) {
      helpOf(output, command);
      return 0;
    }
    let client: Client | undefined;
    const signedIn = (): Client => {
      const { url, key } = profileOf(env, { profile: text(values, "profile"), url: text(values, "url") });
      client ??= createClient({ url, key: () => key, tries: 3 });
      return client;
    };
    const run = {
      args,
      values,
      output,
      env,
      client: signedIn,
      json: values.json === true,
      signal,
      stdin,
    };
    return (await command.run(run)) ?? 0;
  } catch (error) {
    // ^C is how what goes on and on is ended
    if (signal.aborted) return 0;
    tell(output, error);
    return codeOf(error);
  }
}
