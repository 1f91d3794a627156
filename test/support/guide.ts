// Runs what a guide in `docs/` tells its reader to type, and compares what comes with what it shows. In a block fenced as `console`, a line that begins with
// `$ ` is a command (with what a `\`, a quote or a here-document continues), the lines under it are what it prints. `…` stands for anything, an id for one of its sort
// that is the same wherever the guide shows it again, a time for any time. `console eventually` asks again until it fits.
import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { expect } from "vitest";
import { around } from "./process.ts";

export type Step = { command: string; output: string; eventually: boolean; line: number };

/** The commands of a guide with what each should print, in order. */
export function stepsOf(markdown: string): Step[] {
  const steps: Step[] = [];
  let block: { eventually: boolean } | undefined;
  let until: RegExp | undefined;
  for (const [index, text] of markdown.split("\n").entries()) {
    const fence = /^```(.*)$/.exec(text);
    const step = steps.at(-1);
    if (fence) {
      block =
        !block && /^console\b/.test(fence[1] ?? "") ? { eventually: fence[1] === "console eventually" } : undefined;
      until = undefined;
    } else if (block && !until && text.startsWith("$ ")) {
      steps.push({ command: text.slice(2), output: "", eventually: block.eventually, line: index + 1 });
      until = goesOn(text);
    } else if (block && step && until) {
      step.command += `\n${text}`;
      if (until.test(text)) until = undefined;
    } else if (block && step) step.output += `${text}\n`;
  }
  return steps;
}

/** What the last line of a command looks like that this one begins. */
function goesOn(line: string): RegExp | undefined {
  const here = /<<'?(\w+)'?/.exec(line);
  if (here) return new RegExp(`^${here[1]}$`);
  if (line.split("'").length % 2 === 0) return /'/;
  return line.endsWith("\\") ? /[^\\]$/ : undefined;
}

const id = /\b[a-z]{2,4}_[0-9A-HJKMNP-TV-Z]{26}\b/;
const time = /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z/;
const token = new RegExp(`(${id.source})|(${time.source})|(\\s+)`, "g");
const literal = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&");

/**
 * Whether `printed` is what a guide shows. Learns what its ids are called in this run. Between two `…` the first place counts where a piece fits, so that it
 * takes no longer than the texts are long.
 */
export function fits(shown: string, printed: string, known: Map<string, string>): boolean {
  const pieces = shown.trim().split("…");
  const text = printed.trim();
  const learnt = new Map(known);
  let from = 0;
  for (const [index, piece] of pieces.entries()) {
    const { source, ids } = patternOf(piece, learnt);
    const last = index === pieces.length - 1;
    const pattern = new RegExp(`${source}${last ? "$" : ""}`, index === 0 ? "y" : "g");
    pattern.lastIndex = from;
    const found = pattern.exec(text);
    if (!found) return false;
    for (const [at, name] of ids.entries()) learnt.set(name, found[at + 1] ?? "");
    from = pattern.lastIndex;
  }
  for (const [name, is] of learnt) known.set(name, is);
  return true;
}

/** One piece as a pattern, and the ids in it that are not known, in their order. */
function patternOf(piece: string, known: ReadonlyMap<string, string>): { source: string; ids: string[] } {
  const ids: string[] = [];
  let source = "";
  let from = 0;
  for (const found of piece.matchAll(token)) {
    const [whole, anId, aTime] = found;
    source += literal(piece.slice(from, found.index));
    from = found.index + whole.length;
    if (anId !== undefined) {
      const place = ids.indexOf(anId) + 1;
      const inThisRun = known.get(anId);
      if (inThisRun !== undefined) source += literal(inThisRun);
      else if (place > 0) source += `\\${place}`;
      else {
        ids.push(anId);
        source += `(${anId.split("_")[0]}_[0-9A-Z]{26})`;
      }
    } else source += aTime === undefined ? "\\s*" : time.source;
  }
  return { source: source + literal(piece.slice(from)), ids };
}

/**
 * Types a guide's commands into one shell in `folder`. `ports`: of this machine as the guide has them, and in this run. Fails with the guide's line where
 * a command ends with an error or prints something else.
 */
export async function follow(markdown: string, folder: string, ports: ReadonlyMap<number, number>): Promise<void> {
  // a group of its own, so that what a guide leaves running ends with it
  const shell = spawn("bash", ["--noprofile", "--norc"], {
    detached: true,
    cwd: folder,
    env: { ...around, HOME: folder },
  });
  const known = new Map<string, string>();
  try {
    for (const step of stepsOf(markdown)) {
      let command = step.command;
      for (const [port, is] of ports) command = command.replaceAll(new RegExp(`\\b${port}\\b`, "g"), String(is));
      for (const [name, is] of known) command = command.replaceAll(name, is);
      const told = (printed: string) => `line ${step.line}: ${step.command}\nprinted\n${printed}`;
      const deadline = Date.now() + (step.eventually ? 10_000 : 0);
      for (;;) {
        const answer = await type(shell, command);
        const { status } = answer;
        let { printed } = answer;
        for (const [port, is] of ports) printed = printed.replace(new RegExp(`\\b${is}\\b`, "g"), String(port));
        const right = fits(step.output, printed, known);
        if (!(status === 0 && right) && Date.now() < deadline) {
          await new Promise((resolve) => setTimeout(resolve, 20));
          continue;
        }
        expect(status, told(printed)).toBe(0);
        expect(right, `${told(printed)}\ninstead of\n${step.output}`).toBe(true);
        break;
      }
    }
  } finally {
    if (shell.pid !== undefined) process.kill(-shell.pid, "SIGKILL");
  }
}

const mark = "--end-of-command--";

/** What a command prints on both its outputs, and how it ended. */
function type(shell: ChildProcessWithoutNullStreams, command: string): Promise<{ printed: string; status: number }> {
  return new Promise((resolve, reject) => {
    let printed = "";
    const onData = (chunk: Buffer): void => {
      printed += chunk.toString();
      const end = new RegExp(`${mark} (\\d+)\n$`).exec(printed);
      if (!end) return;
      shell.stdout.off("data", onData);
      shell.off("close", onClose);
      resolve({ printed: printed.slice(0, end.index), status: Number(end[1]) });
    };
    const onClose = (): void => reject(new Error(`the shell ended in: ${command}\n${printed}`));
    shell.stdout.on("data", onData);
    shell.once("close", onClose);
    shell.stdin.write(`{\n${command}\n} 2>&1\necho "${mark} $?"\n`);
  });
}
