// The command line, run in this process or as a process of its own, as somebody would run it.
import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { main } from "../../cli/main.ts";
import { around } from "./process.ts";

export type Ended = { code: number | null; stdout: string; stderr: string };
export type Cli = (args: string[], more?: { env?: Record<string, string>; input?: string }) => Promise<Ended>;

export const entry = fileURLToPath(new URL("../../cli/dialplane.js", import.meta.url));
export const nodeArgs = ["--disable-warning=ExperimentalWarning", entry];

/** Runs it as a process with nothing but `env` around it. */
export const processWith =
  (env: Record<string, string>): Cli =>
  (args, more = {}) =>
    new Promise((resolve, reject) => {
      const child = spawn(process.execPath, [...nodeArgs, ...args], {
        env: { ...around, ...env, ...more.env },
      });
      const [stdout, stderr]: [Buffer[], Buffer[]] = [[], []];
      child.stdout.on("data", (chunk) => stdout.push(chunk));
      child.stderr.on("data", (chunk) => stderr.push(chunk));
      child.on("error", reject);
      child.on("close", (code) =>
        resolve({ code, stdout: Buffer.concat(stdout).toString(), stderr: Buffer.concat(stderr).toString() }),
      );
      child.stdin.on("error", () => undefined);
      child.stdin.end(more.input ?? "");
    });

/** The same in this process, which is quicker. */
export const cliWith =
  (env: Record<string, string>): Cli =>
  async (args, more = {}) => {
    const written = { stdout: "", stderr: "" };
    const to = (name: keyof typeof written) => ({
      write: (text: string) => {
        written[name] += text;
      },
    });
    const code = await main(args, {
      env: { ...env, ...more.env },
      ...{ stdout: to("stdout"), stderr: to("stderr") },
      stdin: async () => more.input ?? "",
      signal: new AbortController().signal,
    });
    return { code, ...written };
  };
