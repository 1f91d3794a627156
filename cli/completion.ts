// Completion for shells, out of the command table.
import { type Command, common, type Option } from "./command.ts";

export const shells = ["bash", "zsh", "fish"] as const;

const optionsOf = (command: Command): [string, Option][] => Object.entries({ ...command.options, ...common });
const words = (names: readonly string[]): string => names.join(" ");
const firstWords = (commands: Command[]): string[] => [
  ...new Set(commands.map(({ name }) => name.split(" ")[0] ?? "")),
];
const secondWords = (commands: Command[], first: string): string[] =>
  commands.flatMap(({ name }) => (name.startsWith(`${first} `) ? [name.slice(first.length + 1)] : []));

/** The script that the shell is to read. */
export function completionFor(shell: (typeof shells)[number], commands: Command[]): string {
  if (shell === "fish") return fish(commands);
  const script = bash(commands);
  // zsh reads bash's own way of completing
  return shell === "zsh" ? `#compdef dialplane\nautoload -U +X bashcompinit && bashcompinit\n${script}` : script;
}

function bash(commands: Command[]): string {
  const cases = firstWords(commands).map((first) => {
    const own = commands.filter(({ name }) => name === first || name.startsWith(`${first} `));
    const flags = [...new Set(own.flatMap((command) => optionsOf(command).map(([name]) => `--${name}`)))];
    const next = [...secondWords(commands, first), ...(own.find(({ name }) => name === first)?.choices ?? [])];
    return `    ${first}) options="${words(flags)}"; next="${words(next)}" ;;`;
  });
  return `_dialplane() {
  local word="\${COMP_WORDS[COMP_CWORD]}" options="" next=""
  COMPREPLY=()
  if [ "$COMP_CWORD" -eq 1 ]; then
    COMPREPLY=($(compgen -W "${words(firstWords(commands))}" -- "$word"))
    return
  fi
  case "\${COMP_WORDS[1]}" in
${cases.join("\n")}
  esac
  case "\${COMP_WORDS[COMP_CWORD-1]}" in
    -f|--file) COMPREPLY=($(compgen -f -- "$word")); return ;;
  esac
  case "$word" in
    -*) COMPREPLY=($(compgen -W "$options" -- "$word")) ;;
    *) [ "$COMP_CWORD" -eq 2 ] && COMPREPLY=($(compgen -W "$next" -- "$word")) ;;
  esac
}
complete -F _dialplane dialplane
`;
}

const quoted = (text: string): string => `'${text.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`;

function fish(commands: Command[]): string {
  const lines = ["complete -c dialplane -f"];
  for (const first of firstWords(commands)) {
    const about = commands.find(({ name }) => name === first)?.about ?? "";
    lines.push(`complete -c dialplane -n __fish_use_subcommand -a ${first} -d ${quoted(about)}`);
    const seen = `-n ${quoted(`__fish_seen_subcommand_from ${first}`)}`;
    const own = commands.filter(({ name }) => name === first || name.startsWith(`${first} `));
    const next = [...secondWords(commands, first), ...(own.find(({ name }) => name === first)?.choices ?? [])];
    if (next.length > 0) lines.push(`complete -c dialplane ${seen} -a ${quoted(words(next))}`);
    for (const [name, { about: told, short, type }] of new Map(own.flatMap(optionsOf)))
      lines.push(
        `complete -c dialplane ${seen} -l ${name}${short ? ` -s ${short}` : ""}${type === "string" ? (name === "file" ? " -r -F" : " -r") : ""} -d ${quoted(told)}`,
      );
  }
  return `${lines.join("\n")}\n`;
}
