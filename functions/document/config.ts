// A document as routing reads it, for the simulator: the same Config that an edge offers from its disk.
import { accountOwner, type Owner } from "../../core/owner.ts";
import type { BodyOf, KindName, Resource } from "../../core/registry.ts";
import { kindOf } from "../../core/registry.ts";
import type { Config, OwnedTrunk } from "../../core/routing/config.ts";
import type { Context } from "../context.ts";
import type { Head } from "./head.ts";
import { naturalKey, openView, type Stored } from "./view.ts";

type Held = Stored & { owner: Owner };

/** Reads the whole document and those of the accounts above it. */
export async function loadConfig(ctx: Context, head: Head): Promise<Config> {
  const owners = [head.owner, ...head.path.map(accountOwner)];
  const held = await Promise.all(
    owners.map(
      async (owner): Promise<Held[]> =>
        (await openView(ctx.store, owner).all()).map((resource) => ({ ...resource, owner })),
    ),
  );
  const own = held[0] ?? [];
  const settings = own.find((resource) => resource.kind === "tenant");
  const as = <K extends KindName>(resource: Stored | undefined): Resource<K> | undefined =>
    resource as unknown as Resource<K> | undefined;
  const trunks = held.flat().filter((resource) => resource.kind === "trunk");
  return {
    owner: head.owner,
    settings: settings?.body as BodyOf<"tenant">,
    get: (kind, id) => as(own.find((resource) => resource.kind === kind && resource.id === id)),
    dialable: (number) => as(own.find((resource) => kindOf(resource.kind).dialable && naturalKey(resource) === number)),
    byKey: (kind, key) => as(own.find((resource) => resource.kind === kind && naturalKey(resource) === key)),
    first: (kind) =>
      as(own.filter((resource) => resource.kind === kind).sort((a, b) => (naturalKey(a) < naturalKey(b) ? -1 : 1))[0]),
    trunks: () => trunks.map((trunk) => ({ ...(trunk as unknown as OwnedTrunk), owner: trunk.owner })),
  };
}
