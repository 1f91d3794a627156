// A document as routing reads it, for the simulator: the same Config that an edge offers from its disk.
import { complete } from "../../core/complete.ts";
import { isLater } from "../../core/last-word.ts";
import { accountOwner, type Owner } from "../../core/owner.ts";
import type { BodyOf, KindName, Resource } from "../../core/registry.ts";
import { kindOf } from "../../core/registry.ts";
import { numbersOf } from "../../core/resources/kind.ts";
import type { Config } from "../../core/routing/config.ts";
import type { Context } from "../context.ts";
import { list } from "../runtime/said.ts";
import type { Head } from "./head.ts";
import { naturalKey, openView, type Stored } from "./view.ts";

type Held = Stored & { owner: Owner };

/** Reads the whole document and those of the accounts above it. */
export async function loadConfig(ctx: Context, head: Head): Promise<Config> {
  const owners = [head.owner, ...head.path.map(accountOwner)];
  const held = await Promise.all(
    owners.map(
      async (owner): Promise<Held[]> =>
        (await openView(ctx.store, owner).all()).map((resource) => ({
          ...resource,
          body: complete(resource.kind, resource.body),
          owner,
        })),
    ),
  );
  const own = held[0] ?? [];
  const set = await list(ctx, head.owner);
  const said = new Map(set.map((one) => [`${one.kind}#${one.id}#${one.field}`, one]));
  const settings = own.find((resource) => resource.kind === "tenant");
  const as = <K extends KindName>(resource: Stored | undefined): Resource<K> | undefined =>
    resource as unknown as Resource<K> | undefined;
  const dialable = new Map(
    own.flatMap((resource) =>
      numbersOf(kindOf(resource.kind), resource.body).map((number): [string, Stored] => [number, resource]),
    ),
  );
  const sorted = (kind: KindName): Stored[] =>
    own.filter((resource) => resource.kind === kind).sort((a, b) => (naturalKey(a) < naturalKey(b) ? -1 : 1));
  return {
    owner: head.owner,
    accounts: owners.slice(1),
    settings: settings?.body as BodyOf<"tenant">,
    get: (kind, id) => as(own.find((resource) => resource.kind === kind && resource.id === id)),
    dialable: (number) => as(dialable.get(number)),
    byKey: (kind, key) => as(own.find((resource) => resource.kind === kind && naturalKey(resource) === key)),
    first: (kind) => as(sorted(kind)[0]),
    list: (kind) => sorted(kind).flatMap((resource) => as<typeof kind>(resource) ?? []),
    keys: (kind, prefix) =>
      sorted(kind)
        .map(naturalKey)
        .filter((key) => key.startsWith(prefix)),
    inherited: (kind) =>
      held.flat().flatMap((resource) => {
        const found = resource.kind === kind ? as<typeof kind>(resource) : undefined;
        return found ? [{ ...found, owner: resource.owner }] : [];
      }),
    find(kind, id) {
      const found = held.flat().find((resource) => resource.kind === kind && resource.id === id);
      const typed = as<typeof kind>(found);
      return found && typed && { ...typed, owner: found.owner };
    },
    runtime: (kind, id, field) => said.get(`${kind}#${id}#${field}`)?.value,
    holders: (kind, field, value) =>
      [...said.values()]
        .filter((one) => one.kind === kind && one.field === field && one.value === value)
        .sort((a, b) => (isLater(a, b) ? -1 : 1))
        .map(({ id }) => id),
    isSecret: () => false,
  };
}
