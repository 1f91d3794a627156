// How the members of an account or a tenant have to sign in. It stands beside the document: no edge has any use for it.
import * as z from "zod/mini";
import { lazy } from "../../core/lazy.ts";
import type { Owner } from "../../core/owner.ts";
import * as keys from "../keys.ts";
import type { Item, Operation, Store } from "../store/store.ts";

export const settings = lazy(() =>
  z
    .strictObject({
      secondFactor: z
        .boolean()
        .check(
          z.describe(
            "Whether its members need a second factor: who has none is led to set one up before anything else",
          ),
        ),
    })
    .check(z.meta({ title: "SignIn" })),
);
const stored = lazy(() => z.object({ ...settings().shape, version: z.int() }));
export type SignInRules = z.output<ReturnType<typeof settings>> & { version: number };

/** Those that nobody set have the version 0. */
export function readRules(item: Item | undefined): SignInRules {
  if (!item) return { secondFactor: false, version: 0 };
  const { secondFactor, version } = stored().parse(item);
  return { secondFactor, version };
}

export const signInRules = async (store: Store, owner: Owner): Promise<SignInRules> =>
  readRules(await store.get(keys.signInRules(owner)));

/** Puts `wanted` on condition that nobody changed them since `before` was read. */
export const settingRules = (
  owner: Owner,
  before: SignInRules,
  wanted: z.output<ReturnType<typeof settings>>,
): Operation => ({
  put: { ...keys.signInRules(owner), ...wanted, version: before.version + 1 },
  if: before.version === 0 ? { absent: true } : { equals: { version: before.version } },
});
