// Who one is: signing in and out, and API keys.
import { createClient, segment } from "../client/client.ts";
import { type Command, type Run, text } from "./command.ts";
import { Usage } from "./exit.ts";
import { inert, json, members, table } from "./output.ts";
import { tenantId } from "./place.ts";
import { nameIn, readProfiles, urlOf, writeProfile } from "./profile.ts";

type ApiKey = { id: string; name: string; scopes: string[]; expiresAt: string | null; lastUsedAt: string | null };

/** The account or tenant that keys are of, where one is named. */
async function about(run: Run): Promise<{ tenantId?: string; accountId?: string }> {
  const [tenant, account] = [text(run.values, "tenant"), text(run.values, "account")];
  if (tenant !== undefined && account !== undefined) throw new Usage("Give --tenant or --account, not both.");
  if (tenant !== undefined) return { tenantId: await tenantId(run, tenant) };
  return account === undefined ? {} : { accountId: account };
}

const ofWhom = {
  tenant: { type: "string", short: "t", value: "TENANT", about: "Of a tenant, by id, name or domain" },
  account: { type: "string", short: "a", value: "ID", about: "Of an account below the key's own" },
} as const;

function show(run: Run, made: Record<string, unknown>): void {
  if (run.json) {
    run.output.line(json(made));
    return;
  }
  members(run.output, made);
  run.output.note("Keep the key: it is not shown again.");
}

export const accessCommands: Command[] = [
  {
    name: "login",
    about: "Keep a URL and an API key, read from the standard input, in a profile",
    usage: "--url URL",
    takes: [0, 0],
    examples: [
      "dialplane login --url https://pbx.example < key.txt",
      "dialplane login --url http://127.0.0.1:8080 --profile here",
    ],
    async run(run) {
      const name = text(run.values, "profile") ?? nameIn(run.env, undefined);
      const known = readProfiles(run.env);
      const given =
        text(run.values, "url") ?? run.env.DIALPLANE_URL ?? (Object.hasOwn(known, name) ? known[name]?.url : undefined);
      if (given === undefined) throw new Usage("Say where the control plane is: --url https://pbx.example.");
      const url = urlOf(given);
      const key = (await run.stdin()).trim();
      if (!/^[\x21-\x7e]{1,200}$/.test(key))
        throw new Usage("An API key was expected on the standard input, alone on a line.");
      const me = await createClient({ url, key: () => key }).call("GET /v1/me", {});
      writeProfile(run.env, name, { url, key });
      if (run.json) run.output.line(json(me));
      else run.output.note(`Signed in to ${inert(url)} as ${inert(me.name)}, profile ${inert(name)}.`);
      return undefined;
    },
  },
  {
    name: "logout",
    about: "Forget a profile; the API key itself stays valid",
    usage: "",
    takes: [0, 0],
    async run(run) {
      writeProfile(run.env, nameIn(run.env, text(run.values, "profile")), null);
      return undefined;
    },
  },
  {
    name: "whoami",
    about: "What the API key is and may do",
    usage: "",
    takes: [0, 0],
    async run(run) {
      const me = await run.client().call("GET /v1/me", {});
      if (run.json) run.output.line(json(me));
      else members(run.output, me);
      return undefined;
    },
  },
  {
    name: "api-keys",
    about: "List API keys",
    usage: "",
    takes: [0, 0],
    options: ofWhom,
    async run(run) {
      const { data } = await run.client().call("GET /v1/api-keys", { query: await about(run) });
      if (run.json) run.output.line(json(data));
      else
        table(
          run.output,
          ["id", "name", "scopes", "expires", "last used"],
          (data as ApiKey[]).map(({ id, name, scopes, expiresAt, lastUsedAt }) => [
            id,
            name,
            scopes.join(" "),
            expiresAt,
            lastUsedAt,
          ]),
        );
      return undefined;
    },
  },
  {
    name: "api-keys create",
    about: "Make an API key; it is shown this once",
    usage: "NAME SCOPE [SCOPE …]",
    takes: [2, 51],
    options: { ...ofWhom, expires: { type: "string", value: "TIME", about: "When it stops working" } },
    examples: ["dialplane api-keys create billing calls:read tenants:read --expires 2027-01-01T00:00:00Z"],
    async run(run) {
      const [name = "", ...scopes] = run.args;
      const expiresAt = text(run.values, "expires");
      const body = { name, scopes, ...(expiresAt !== undefined && { expiresAt }), ...(await about(run)) };
      show(run, await run.client().call("POST /v1/api-keys", { body }));
      return undefined;
    },
  },
  {
    name: "api-keys rotate",
    about: "Give an API key a new secret, shown this once",
    usage: "ID",
    takes: [1, 1],
    options: {
      ...ofWhom,
      overlap: { type: "string", value: "SECONDS", about: "So long the present one works too; 0 by default" },
    },
    async run(run) {
      const overlap = text(run.values, "overlap") ?? "0";
      if (!/^\d{1,7}$/.test(overlap)) throw new Usage("--overlap is a number of seconds.");
      const [id = ""] = run.args;
      const body = { overlapSeconds: Number(overlap) };
      show(
        run,
        await run.client().call("POST /v1/api-keys/{id}/rotate", { path: { id }, query: await about(run), body }),
      );
      return undefined;
    },
  },
  {
    name: "api-keys revoke",
    about: "Revoke an API key",
    usage: "ID",
    takes: [1, 1],
    options: ofWhom,
    async run(run) {
      const [id = ""] = run.args;
      await run.client().send("DELETE", `/v1/api-keys/${segment(id)}`, { query: await about(run) });
      if (!run.json) run.output.note(`Revoked ${inert(id)}.`);
      return undefined;
    },
  },
];
