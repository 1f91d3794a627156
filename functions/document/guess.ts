// Whether what somebody typed is a secret: for simulations that type PINs. A secret is opened only once a simulation asks for it.
import type { Config } from "../../core/routing/config.ts";
import type { Context } from "../context.ts";
import * as keys from "../keys.ts";
import { openSecret, ownerKey } from "../vault/owner-secrets.ts";

/** `work` reads at once and secrets can't be: it runs again, with those that it asked for, until it asks for no other. */
export async function withSecrets<T>(
  ctx: Context,
  config: Config,
  demand: () => void,
  work: (config: Config) => T,
): Promise<T> {
  const known = new Map<string, string | undefined>();
  for (;;) {
    const missing = new Set<string>();
    const isSecret = (secret: unknown, typed: string): boolean => {
      const ref = refOf(secret);
      if (ref === undefined || typed === "") return false;
      if (!known.has(ref)) missing.add(ref);
      return known.get(ref) === typed;
    };
    const outcome = attempt(() => work({ ...config, isSecret }));
    if (missing.size === 0) return outcome();
    // who may try PINs may find them out
    demand();
    const key = await ownerKey(ctx, config.owner);
    for (const ref of missing)
      known.set(ref, openSecret(key, config.owner, ref, await ctx.store.get(keys.secret(config.owner, ref))));
  }
}

function attempt<T>(work: () => T): () => T {
  try {
    const result = work();
    return () => result;
  } catch (error) {
    return () => {
      throw error;
    };
  }
}

const refOf = (secret: unknown): string | undefined =>
  secret !== null && typeof secret === "object" && "secret" in secret ? String(secret.secret) : undefined;
