// How a command ends, for scripts.
import { ApiProblem } from "../client/problem.ts";

export const codes = {
  ok: 0,
  refused: 1,
  usage: 2,
  notFound: 3,
  conflict: 4,
  unreachable: 5,
  denied: 6,
  differs: 7,
} as const;

export const meanings: Record<(typeof codes)[keyof typeof codes], string> = {
  0: "done",
  1: "refused: the control plane says what is wrong",
  2: "the command line is wrong",
  3: "there is no such thing",
  4: "conflict: taken, in use, or changed since",
  5: "the control plane is not reached or does not work; try again later",
  6: "not signed in, or the API key may not",
  7: "diff --exit-code: something would change",
};

/** The command line is wrong. */
export class Usage extends Error {}

export function codeOf(error: unknown): number {
  if (error instanceof Usage) return codes.usage;
  if (!(error instanceof ApiProblem)) return codes.refused;
  const { status } = error;
  if (status === 0 || status === 429 || status >= 500) return codes.unreachable;
  if (status === 401 || status === 403) return codes.denied;
  if (status === 404) return codes.notFound;
  return status === 409 || status === 412 ? codes.conflict : codes.refused;
}
