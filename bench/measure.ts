// What the benchmarks share: percentiles, children that serve, and lines with a ratio against a stated limit.
import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

/** One result. `limit` is what the ratio may not pass; undefined where it is only told. */
export type Line = { what: string; figures: string; ratio?: number; limit?: { atMost?: number; atLeast?: number } };

export const percentile = (values: number[], share: number): number => {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
};
export const p50 = (values: number[]): number => percentile(values, 0.5);
export const p99 = (values: number[]): number => percentile(values, 0.99);
export const ms = (value: number): string => `${value.toFixed(value < 10 ? 2 : 1)} ms`;
export const show = (values: number[]): string => `p50 ${ms(p50(values))}, p99 ${ms(p99(values))}`;

/** A child running a file of this folder; it sends one message when it is ready. */
export async function serve<T>(
  file: string,
  args: string[],
  env: Record<string, string> = {},
): Promise<{ ready: T; child: ChildProcess; stop(): Promise<void> }> {
  const child = fork(fileURLToPath(new URL(file, import.meta.url)), args, {
    execArgv: ["--disable-warning=ExperimentalWarning"],
    env: { ...process.env, ...env },
  });
  const [ready] = (await Promise.race([
    once(child, "message"),
    once(child, "exit").then(() => Promise.reject(new Error(`${file} ended before it was ready`))),
  ])) as [T];
  return {
    ready,
    child,
    async stop() {
      child.kill("SIGTERM");
      if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
    },
  };
}

export const holds = ({ ratio, limit }: Line): boolean =>
  ratio === undefined ||
  !limit ||
  ((limit.atMost === undefined || ratio <= limit.atMost) && (limit.atLeast === undefined || ratio >= limit.atLeast));
