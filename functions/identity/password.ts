// Passwords: how they are kept (Argon2id, as OWASP's password storage cheat sheet has it: 19 MiB, two passes) and which are refused.
import { argon2 as argon2Callback, randomBytes, timingSafeEqual } from "node:crypto";
import { promisify } from "node:util";
import { z } from "zod";
import type { Context } from "../context.ts";
import { type Flaw, Problem } from "../problem.ts";

const argon2 = promisify(argon2Callback);
const cost = { memory: 19_456, passes: 2, parallelism: 1, tagLength: 32 };

/** Any text; which are good enough is for `refuseWeak`. Longer ones would only cost time. */
export const sentPassword = z
  .string()
  .min(1)
  .max(128)
  .transform((text) => text.normalize("NFKC"));

/** `argon2id$<memory KiB>$<passes>$<parallelism>$<salt>$<tag>`, the last two in base64url. */
export async function keep(password: string): Promise<string> {
  const nonce = randomBytes(16);
  const tag = await argon2("argon2id", { ...cost, message: password, nonce });
  const { memory, passes, parallelism } = cost;
  return ["argon2id", memory, passes, parallelism, nonce.toString("base64url"), tag.toString("base64url")].join("$");
}

let decoy: Promise<string> | undefined;

/** Whether it is the password that was kept. Null, of nobody or of somebody who has none, takes as long and is never right. */
export async function isRight(password: string, kept: string | null): Promise<boolean> {
  decoy ??= keep(randomBytes(32).toString("base64url"));
  const [, memory, passes, parallelism, nonce = "", tag = ""] = (kept ?? (await decoy)).split("$");
  const wanted = Buffer.from(tag, "base64url");
  const made = await argon2("argon2id", {
    ...{ memory: Number(memory), passes: Number(passes), parallelism: Number(parallelism), tagLength: wanted.length },
    ...{ message: password, nonce: Buffer.from(nonce, "base64url") },
  });
  return timingSafeEqual(made, wanted) && kept !== null;
}

const shortest = 8;
const longEnough = 12;

/**
 * Throws `invalid` for a password that is easy to guess: a short one unless it is strong, one that is on lists of known ones, and one that holds the
 * address, the name or the company of whose it is (`about`); `breached` is asked last, where the rest is in order. `pointer`: its place in the body.
 */
export async function refuseWeak(
  { breached }: Pick<Context, "breached">,
  password: string,
  about: readonly string[],
  pointer = "/password",
): Promise<void> {
  const refuse = (detail: string) =>
    new Problem("invalid", `${pointer}: ${detail}.`, { errors: [{ pointer, detail }] satisfies Flaw[] });
  if (password.length < shortest)
    throw refuse(`has fewer than ${shortest} characters; use ${longEnough} or more, as three or four words have`);
  const own = about.flatMap(words).find((word) => plain(password).includes(word));
  if (own !== undefined) throw refuse(`holds “${own}”, which others know of you; leave it out`);
  const { strengthOf } = await import("./strength.ts");
  const strength = strengthOf(password, about);
  if (strength.known) throw refuse("is on lists of passwords that were found out; choose another");
  if (strength.score < (password.length < longEnough ? 3 : 2))
    throw refuse("is easy to guess; use three or four words that have nothing to do with each other");
  if (await breached(password)) throw refuse("is on lists of passwords that were found out; choose another");
}

const plain = (text: string): string => text.toLowerCase().replaceAll(/[^\p{L}\p{N}]/gu, "");

/** An address's parts and a name's, from four letters on, and what stands for a company without its blanks. */
function words(text: string): string[] {
  const parts = text.includes("@") ? [text.split("@")[0] ?? "", text.split("@")[1]?.split(".").at(-2) ?? ""] : [];
  const all = [text, ...parts, ...text.split(/[^\p{L}\p{N}]+/u)].map(plain);
  return [...new Set(all)].filter((word) => word.length >= 4 && !common.has(word));
}

/** Words of addresses and companies that say nothing of whose they are. */
const common = new Set([
  "gmail",
  "mail",
  "hotmail",
  "outlook",
  "yahoo",
  "example",
  "info",
  "company",
  "phone",
  "office",
]);
