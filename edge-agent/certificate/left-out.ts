// Names that are not this installation's: whoever owns one lets its hosts prove it by a CNAME, and can take that back, or have a DNS that fails, at any time. One
// of them would spoil the order for all, so that it is left out.
import { type HostNamed, leadsTo } from "../../core/host-name.ts";
import { AcmeError } from "./acme.ts";
import type { Files, Held } from "./files.ts";

type Name = HostNamed["names"][number];
/** What is told of a name that is not in the certificate. */
export type LeftOut = { name: string; problem: string };

const dayMs = 86_400_000;
/** So long a certificate that has the name is kept rather than one got that has it no more: it may be its DNS that is away for a while. */
const graceMs = 3 * dayMs;
/** What a CA may say of one name of an order without saying of which. */
const aboutNames = ["rejectedIdentifier", "unsupportedIdentifier", "caa", "dns", "connection", "rateLimited"];

/** Those that can be proven now, and why others can't. `resolve` reads CNAME records. */
export async function proven(
  names: readonly Name[],
  files: Files,
  resolve: (name: string) => Promise<string[]>,
): Promise<{ names: Name[]; leftOut: LeftOut[] }> {
  const found: Name[] = [];
  const leftOut: LeftOut[] = [];
  const refused = new Map(files.progress().refused.map((one) => [one.name, one]));
  const seen = await Promise.all(
    names.map(({ name, record, delegated }) => !delegated || leadsTo(`_acme-challenge.${name}`, record, resolve)),
  );
  for (const [index, one] of names.entries()) {
    const { name, record, delegated } = one;
    const refusal = delegated ? refused.get(name) : undefined;
    if (!seen[index]) leftOut.push({ name, problem: `_acme-challenge.${name} is no CNAME to ${record}.` });
    else if (refusal && refusal.until > Date.now()) leftOut.push({ name, problem: refusal.problem });
    else found.push(one);
  }
  return { names: found, leftOut };
}

/**
 * After an order that failed: whether another without some of its names is to be made now, which are left out for a day. One that is in `held` is given up
 * only after some days, or when that is about to end.
 */
export function leaveOut(files: Files, names: readonly Name[], held: Held | undefined, error: unknown): boolean {
  if (!(error instanceof AcmeError) || error.status < 400 || error.status >= 500) return false;
  const isUnnamed = error.names.length === 0 && aboutNames.includes(error.type);
  const blamed = names.filter(({ name, delegated }) => delegated && (isUnnamed || error.names.includes(name)));
  if (blamed.length === 0) return false;
  const now = Date.now();
  const progress = files.progress();
  const entries = blamed.map(({ name }) => {
    const since = progress.refused.find((one) => one.name === name)?.since ?? now;
    const isKept = held?.names.includes(name) && held.until.getTime() - now > graceMs && now - since < graceMs;
    return { name, since, until: isKept ? now : now + dayMs, problem: error.message.slice(0, 200) };
  });
  const others = progress.refused.filter((one) => !blamed.some(({ name }) => name === one.name));
  files.proceed({ ...progress, refused: [...others, ...entries] });
  return entries.every(({ until }) => until > now);
}

/** Somebody asks for a certificate now: perhaps he mended what kept a name out. */
export function tryAgain(files: Files): void {
  const progress = files.progress();
  if (progress.refused.length === 0) return;
  files.proceed({ ...progress, refused: progress.refused.map((one) => ({ ...one, until: 0 })) });
}

/** A certificate was got that has these: what was said of them before is over. */
export function forgive(files: Files, got: readonly string[]): void {
  const progress = files.progress();
  const refused = progress.refused.filter(({ name }) => !got.includes(name));
  if (refused.length < progress.refused.length) files.proceed({ ...progress, refused });
}
