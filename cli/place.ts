// Whose document a command is about: a tenant by id, name or domain, or an account.
import { segment } from "../client/client.ts";
import { ApiProblem } from "../client/problem.ts";
import { type Run, text } from "./command.ts";
import { Usage } from "./exit.ts";

export type Place = { sort: "tenant" | "account"; id: string; path: string };

const placed = (sort: Place["sort"], id: string): Place => ({ sort, id, path: `/v1/${sort}s/${segment(id)}` });

/** From --tenant or --account, else DIALPLANE_TENANT, else the only tenant that the key sees. Throws Usage, ApiProblem. */
export async function placeOf(run: Run): Promise<Place> {
  const [tenant, account] = [text(run.values, "tenant"), text(run.values, "account")];
  if (tenant !== undefined && account !== undefined) throw new Usage("Give --tenant or --account, not both.");
  if (account !== undefined) return placed("account", account);
  const wanted = tenant ?? run.env.DIALPLANE_TENANT;
  return placed("tenant", wanted === undefined ? await onlyTenant(run) : await tenantId(run, wanted));
}

const isId = (value: string): boolean => /^ten_[0-9A-HJKMNP-TV-Z]{26}$/.test(value);

/** The id of a tenant by id, name or domain. Throws Usage for a name that several have. */
export async function tenantId(run: Run, wanted: string): Promise<string> {
  if (isId(wanted)) return wanted;
  const found: { id: string; domain: string }[] = [];
  for await (const tenant of run.client().items("GET /v1/tenants", { query: { limit: 100 } })) {
    if (tenant.domain === wanted.toLowerCase()) return tenant.id;
    if (tenant.name === wanted) found.push(tenant);
  }
  const [first, ...more] = found;
  if (!first) {
    const detail = `There is no tenant ${JSON.stringify(wanted)} in this account; dialplane list tenant shows those there are.`;
    throw new ApiProblem(404, { code: "not_found", title: "Nothing here", detail });
  }
  if (more.length > 0)
    throw new Usage(
      `Several tenants are called ${JSON.stringify(wanted)}; use a domain: ${found.map(({ domain }) => domain).join(", ")}.`,
    );
  return first.id;
}

async function onlyTenant(run: Run): Promise<string> {
  const { data, next } = await run.client().call("GET /v1/tenants", { query: { limit: 2 } });
  const [first, second] = data;
  if (!first || second || next !== null) throw new Usage("Say which tenant: --tenant with an id, a name or a domain.");
  return first.id;
}
