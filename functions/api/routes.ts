// All routes of the API, in groups that are imported when one of theirs is first asked for: what a function imports at its start is its cold start.
import type { Kind } from "../../core/resources/kind.ts";
import type { Scope } from "../access/scopes.ts";
import type { Domains } from "../accounts/domain.ts";
import type { Sort } from "./resources.ts";
import type { Described, Route } from "./route.ts";

/** What is known of a route before its group is loaded. */
export type Known = [method: Described["method"], path: string, scope: Scope | null, group: string];

/** `stated`: the scopes of all other routes, for those of API keys. `of`: whose kind, of a group that there is once for each. */
type Needs = { domains: Domains; stated: readonly (Scope | null)[]; of: string };

/** In the order in which they are asked: where two routes fit a path, the first is it. */
const groups: Record<string, (needs: Needs) => Promise<Route[]>> = {
  access: async ({ stated }) => (await import("./access.ts")).accessRoutes(stated),
  founding: async ({ domains }) => (await import("./founding.ts")).foundingRoutes(domains),
  cloning: async ({ domains }) => (await import("./cloning.ts")).cloningRoutes(domains),
  tenants: async ({ domains }) => (await import("./tenants.ts")).tenantRoutes(domains),
  deletion: async () => (await import("./deletion.ts")).deletionRoutes(),
  subtree: async () => (await import("./subtree.ts")).subtreeRoutes(),
  tables: async () => (await import("./tables.ts")).tableRoutes(),
  inventory: async () => (await import("./inventory.ts")).inventoryRoutes(),
  resources: async ({ of }) => (await import("./resources.ts")).resourceRoutes(...(await kindsOf(of))),
  limits: async () => (await import("./limits.ts")).limitRoutes(),
  brand: async ({ domains }) => (await import("./brand.ts")).brandRoutes(domains),
  signUps: async () => (await import("./sign-ups.ts")).signUpRoutes(),
  trial: async () => (await import("./trial.ts")).trialRoutes(),
  devices: async () => (await import("./devices.ts")).deviceRoutes(),
  sipToken: async () => (await import("./sip-token.ts")).sipTokenRoutes(),
  holidays: async () => (await import("./holidays.ts")).holidayRoutes(),
  prompts: async () => (await import("./prompts.ts")).promptRoutes(),
  messages: async () => (await import("./messages.ts")).messageRoutes(),
  recordings: async () => (await import("./recordings.ts")).recordingRoutes(),
  batch: async ({ of }) => (await import("./batch.ts")).batchRoutes(...(await kindsOf(of))),
  documents: async ({ domains }) => (await import("./documents.ts")).documentRoutes(domains),
  jobs: async () => (await import("./jobs.ts")).jobRoutes(),
  runtime: async () => (await import("./runtime.ts")).runtimeRoutes(),
  calls: async () => (await import("./calls.ts")).callRoutes(),
  certificate: async () => (await import("./certificate.ts")).certificateRoutes(),
  emergency: async () => (await import("./emergency.ts")).emergencyRoutes(),
  live: async () => (await import("./live.ts")).liveRoutes(),
  commands: async () => (await import("./commands.ts")).commandRoutes(),
  conferences: async () => (await import("./conferences.ts")).conferenceRoutes(),
  sandbox: async () => (await import("./sandbox.ts")).sandboxRoutes(),
  pools: async () => (await import("./pools.ts")).poolRoutes(),
  edges: async () => (await import("./edges.ts")).edgeRoutes(),
  bans: async () => (await import("./bans.ts")).banRoutes(),
  events: async () => (await import("./events.ts")).eventRoutes(),
  audit: async () => (await import("./audit.ts")).auditRoutes(),
  members: async () => (await import("./members.ts")).memberRoutes(),
  me: async () => (await import("./me.ts")).meRoutes(),
  signIn: async () => (await import("./sign-in.ts")).signInRoutes(),
  sso: async ({ domains }) => (await import("./sso.ts")).ssoRoutes(domains),
  webhooks: async () => (await import("./webhooks.ts")).webhookRoutes(),
};

/** There is one of these for each kind of a tenant and of an account: `resources tenant extension`. */
const ofKinds = ["resources", "batch"];

async function kindsOf(of: string): Promise<[Sort, Kind]> {
  const { kindsAt } = await import("../../core/registry.ts");
  const [sort = "", name] = of.split(" ");
  const kind = kindsAt(sort as Sort).find((one) => one.kind === name);
  if (!kind) throw new Error(`no kind ${of}`);
  return [sort as Sort, kind];
}

function load(group: string, needs: Omit<Needs, "of">): Promise<Route[]> {
  const [name = "", ...of] = group.split(" ");
  const found = groups[name];
  if (!found) throw new Error(`no group of routes ${group}`);
  return found({ ...needs, of: of.join(" ") });
}

/** All that there are, loaded. */
export type Loaded = { group: string; route: Route };

export async function loadRoutes(domains: Domains): Promise<Loaded[]> {
  const { kindsAt } = await import("../../core/registry.ts");
  const each = (["tenant", "account"] as const).flatMap((sort) => kindsAt(sort).map(({ kind }) => `${sort} ${kind}`));
  const names = Object.keys(groups).flatMap((name) =>
    ofKinds.includes(name) ? each.map((of) => `${name} ${of}`) : [name],
  );
  const loaded = async (group: string, stated: Needs["stated"] = []): Promise<Loaded[]> =>
    (await load(group, { domains, stated })).map((route) => ({ group, route }));
  const [first = "", ...rest] = names;
  const others = (await Promise.all(rest.map((name) => loaded(name)))).flat();
  // a list that tells of a whole subtree stands in the place of that of one document
  const spanning = new Set(others.flatMap(({ group, route }) => (group === "subtree" ? [placeOf(route)] : [])));
  const asked = others.filter(({ group, route }) => group === "subtree" || !spanning.has(placeOf(route)));
  return [
    ...(await loaded(
      first,
      asked.map(({ route }) => route.scope),
    )),
    ...asked,
  ];
}

const placeOf = ({ method, path }: Pick<Described, "method" | "path">): string => `${method} ${path}`;

export async function routesOf(domains: Domains): Promise<Route[]> {
  return (await loadRoutes(domains)).map(({ route }) => route);
}

export const knownOf = ({ group, route: { method, path, scope } }: Loaded): Known => [method, path, scope, group];

/** Loads routes by what is known of them, each group once. */
export function createLoader(domains: Domains, known: readonly Known[]): (wanted: Known) => Promise<Route> {
  const loaded = new Map<string, Promise<Map<string, Route>>>();
  const stated = known.flatMap(([, , scope, group]) => (group === "access" ? [] : [scope]));
  const groupOf = async (group: string) =>
    new Map((await load(group, { domains, stated })).map((route) => [placeOf(route), route]));
  return async ([method, path, , group]) => {
    const routes = loaded.get(group) ?? groupOf(group);
    loaded.set(group, routes);
    const route = (await routes).get(placeOf({ method, path }));
    if (!route) throw new Error(`no route ${method} ${path} in ${group}`);
    return route;
  };
}
