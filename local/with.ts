// `--with ENGINE[=path]` on a command line: which installed engines are to run beside the agent.

export type Engine = "freeswitch" | "kamailio";
/** The programs' paths where they were given. */
export type Wanted = Partial<Record<Engine, { path: string | undefined }>>;

const known = "known is --with freeswitch[=path] and --with kamailio[=path]";

/** Takes every `--with …` out of the arguments. Throws for another engine. */
export function takeWith(args: string[]): { wanted: Wanted; rest: string[] } {
  const rest: string[] = [];
  const wanted: Wanted = {};
  for (let index = 0; index < args.length; index++) {
    const argument = args[index] ?? "";
    if (argument !== "--with" && !argument.startsWith("--with=")) {
      rest.push(argument);
      continue;
    }
    const asked = argument === "--with" ? (args[++index] ?? "") : argument.slice("--with=".length);
    const [, engine, path] = /^(freeswitch|kamailio)(?:=(.+))?$/.exec(asked) ?? [];
    if (!engine) throw new Error(`--with ${asked}: ${known}`);
    wanted[engine as Engine] = { path };
  }
  return { wanted, rest };
}

/** `args` without `--with …` must be none. */
export function onlyWith(args: string[]): Wanted {
  const { wanted, rest } = takeWith(args);
  if (rest[0] !== undefined) throw new Error(`${rest[0]}: unknown argument; ${known}`);
  return wanted;
}
