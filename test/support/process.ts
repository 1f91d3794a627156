// A child process of a test: its lines, waited for, and its end, made sure of.
import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { expect, onTestFinished, vi } from "vitest";

/** What a program of ours has around it in a test: where programs are, and what Node compiled of it before. */
export const around: Record<string, string> = Object.fromEntries(
  ["PATH", "NODE_COMPILE_CACHE"].map((name) => [name, process.env[name] ?? ""]),
);

export type Running = {
  child: ChildProcess;
  lines: string[];
  ended: Promise<number | null>;
  line(pattern: RegExp): Promise<RegExpExecArray>;
};

/** Starts a program and collects what it prints on standard output and error. Killed when the running test is finished. */
export function run(program: string, args: string[], env: Record<string, string> = {}): Running {
  const child = spawn(program, args, { env: { ...around, ...env }, stdio: ["ignore", "pipe", "pipe"] });
  const lines: string[] = [];
  for (const stream of [child.stdout, child.stderr])
    createInterface({ input: stream }).on("line", (line) => lines.push(line));
  const ended = new Promise<number | null>((done) => child.once("close", (code) => done(code)));
  onTestFinished(async () => {
    child.kill("SIGKILL");
    await ended;
  });
  const line = (pattern: RegExp) =>
    vi.waitFor(
      () => {
        const found = lines.map((each) => pattern.exec(each)).find((match) => match !== null);
        expect(found, `${pattern} in:\n${lines.join("\n")}`).toBeDefined();
        return found as RegExpExecArray;
      },
      { timeout: 60_000, interval: 5 },
    );
  return { child, lines, ended, line };
}

/** Arguments for Node to run a TypeScript file of `test/support`. */
export const script = (name: string): string[] => [
  "--disable-warning=ExperimentalWarning",
  new URL(name, import.meta.url).pathname,
];
