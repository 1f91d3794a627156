// A document as routing reads it, written down in a test: bodies are what their schemas make of them.
import { type Owner, tenantOwner } from "../../core/owner.ts";
import { type KindName, kindOf, type Resource } from "../../core/registry.ts";
import { numbersOf } from "../../core/resources/kind.ts";
import type { Config } from "../../core/routing/config.ts";

export type Input = { kind: KindName; id: string; body: Record<string, unknown>; owner?: Owner };
export const tenant = tenantOwner("ten_1");

/** A secret is its own value here: `pin: "4711"`. `runtime`: by `id/field`. */
export function configOf(
  inputs: Input[],
  settings: Record<string, unknown> = {},
  runtime: Record<string, unknown> = {},
): Config {
  const resources = inputs.map(({ kind, id, body, owner = tenant }) => ({
    kind,
    id,
    owner,
    body: kindOf(kind).schema.parse(body) as Record<string, unknown>,
  }));
  const own = resources.filter(({ owner }) => owner === tenant);
  const keyOf = (resource: (typeof resources)[number]) => String(resource.body[kindOf(resource.kind).key]);
  const sorted = (kind: KindName) =>
    own.filter((one) => one.kind === kind).sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
  const as = <T>(resource: unknown): T => resource as T;
  return {
    owner: tenant,
    accounts: [...new Set(resources.map(({ owner }) => owner))].filter((owner) => owner !== tenant),
    settings: as(kindOf("tenant").schema.parse({ name: "T", domain: "t.example", ...settings })),
    get: (kind, id) => as(own.find((one) => one.kind === kind && one.id === id)),
    dialable: (number) =>
      as<Resource | undefined>(own.find((one) => numbersOf(kindOf(one.kind), one.body).includes(number))),
    byKey: (kind, key) => as(own.find((one) => one.kind === kind && keyOf(one) === key)),
    first: (kind) => as(sorted(kind)[0]),
    list: (kind) => as(sorted(kind)),
    keys: (kind, prefix) =>
      sorted(kind)
        .map(keyOf)
        .filter((key) => key.startsWith(prefix)),
    inherited: (kind) => as(resources.filter((one) => one.kind === kind)),
    find: (kind, id) => as(resources.find((one) => one.kind === kind && one.id === id)),
    runtime: (_kind, id, field) => runtime[`${id}/${field}`],
    holders: (_kind, field, value) =>
      Object.keys(runtime).flatMap((name) =>
        name.endsWith(`/${field}`) && runtime[name] === value ? [name.slice(0, -field.length - 1)] : [],
      ),
    isSecret: (secret, typed) => typed !== "" && secret === typed,
  };
}
