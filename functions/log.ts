// What functions say: one JSON object a line, which CloudWatch reads as fields. No library: what every function imports is its cold start.

export const levels = ["trace", "debug", "info", "warn", "error", "silent"] as const;
export type Level = (typeof levels)[number];

/** `about`: fields of the line, of values that JSON has. */
export type Log = { [level in "debug" | "info" | "warn" | "error"]: (about: object, message: string) => void };

/** Writes lines of `level` and above. `write` takes a line with its end; standard output by default. */
export function createLog(level: Level, write: (line: string) => unknown = (line) => process.stdout.write(line)): Log {
  const say =
    (name: keyof Log): Log[keyof Log] =>
    (about, message) => {
      if (levels.indexOf(name) < levels.indexOf(level)) return;
      write(`${JSON.stringify({ level: name, time: new Date().toISOString(), message, ...about })}\n`);
    };
  return { debug: say("debug"), info: say("info"), warn: say("warn"), error: say("error") };
}
