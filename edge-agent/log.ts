// Structured logs: one JSON object a line on standard output, secrets left out wherever they stand.
import pino from "pino";

export type Log = Pick<pino.Logger, "debug" | "info" | "warn" | "error">;

const secret = [
  "password",
  "token",
  "joinToken",
  "privateKey",
  "secretAccessKey",
  "sessionToken",
  "credentials",
  "secrets",
  "value",
  "authorization",
];

export function createLog(level: string): pino.Logger {
  const paths = secret.flatMap((name) => [name, `*.${name}`, `*.*.${name}`]);
  return pino({ level, base: null, timestamp: pino.stdTimeFunctions.isoTime, redact: { paths, censor: "[secret]" } });
}

/** Nothing is written: for tests. */
export const silent: Log = pino({ level: "silent" });
