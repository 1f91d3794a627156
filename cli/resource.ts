// list, get, create, update and delete, for every kind.
import { segment } from "../client/client.ts";
import { type KindData, kinds } from "../client/kinds.ts";
import { type Command, owner, type Run, text } from "./command.ts";
import { Usage } from "./exit.ts";
import { bodyOf } from "./fields.ts";
import { readDocument } from "./file.ts";
import { inert, json, members, table } from "./output.ts";
import { placeOf, tenantId } from "./place.ts";

type Item = Record<string, unknown>;

const choices = Object.keys(kinds);
const file = {
  type: "string",
  short: "f",
  value: "FILE",
  about: "The body, in JSON or YAML; - for the standard input",
} as const;

function kindNamed(name: string): KindData {
  const kind = Object.entries(kinds).find(([singular, { plural }]) => singular === name || plural === name)?.[1];
  if (!kind) throw new Usage(`There is no kind ${JSON.stringify(name)}; there are ${choices.join(", ")}.`);
  return kind;
}

/** Of the kind's list, or of one. */
async function pathOf(run: Run, kind: KindData, id?: string): Promise<string> {
  const own = kind.at.length === 0;
  const base = own ? `/v1/${kind.plural}` : `${await documentOf(run, kind)}/${kind.plural}`;
  if (id === undefined) return base;
  return `${base}/${segment(kind.plural === "tenants" ? await tenantId(run, id) : id)}`;
}

async function documentOf(run: Run, kind: KindData): Promise<string> {
  const { sort, path } = await placeOf(run);
  if (!kind.at.includes(sort)) throw new Usage(`An ${sort} has no ${kind.plural}.`.replace("An tenant", "A tenant"));
  return path;
}

async function sent(run: Run, kind: KindData, assignments: string[]): Promise<Item> {
  const from = text(run.values, "file");
  return { ...(from !== undefined && (await readDocument(run, from))), ...bodyOf(assignments, kind) };
}

/** What was generated is shown this once. */
function show(run: Run, item: Item): void {
  if (run.json) {
    run.output.line(json(item));
    return;
  }
  members(run.output, item);
  if (Array.isArray(item.secrets) && item.secrets.length > 0)
    run.output.note("Keep what stands under secrets: it is not shown again.");
}

const version = (run: Run): { version?: number } => {
  const given = text(run.values, "if-version");
  if (given === undefined) return {};
  if (!/^\d{1,15}$/.test(given)) throw new Usage("--if-version takes the number of a version.");
  return { version: Number(given) };
};
const ifVersion = {
  type: "string",
  value: "N",
  about: "Only if it is still at this version; else exit code 4",
} as const;

export const resourceCommands: Command[] = [
  {
    name: "list",
    about: "List what there is of a kind",
    usage: "KIND [FIELD=VALUE …]",
    takes: [1, 20],
    choices,
    options: { ...owner, fields: { type: "string", value: "A,B", about: "The columns" } },
    examples: ["dialplane list extension --tenant acme", "dialplane list trunk enabled=true --json"],
    async run(run) {
      const [name = "", ...filters] = run.args;
      const kind = kindNamed(name);
      const query = Object.fromEntries(
        filters.map((filter) => {
          const equals = filter.indexOf("=");
          if (equals < 1) throw new Usage(`${JSON.stringify(filter)} is no FIELD=VALUE.`);
          return [filter.slice(0, equals), filter.slice(equals + 1)];
        }),
      );
      const path = await pathOf(run, kind);
      const data: Item[] = [];
      for (let after: string | null | undefined; after !== null; ) {
        const asked = { limit: 100, ...query, ...(after !== undefined && { after }) };
        const page = (await run.client().send("GET", path, { query: asked })) as { data: Item[]; next: string | null };
        data.push(...page.data);
        after = page.next;
      }
      if (run.json) run.output.line(json(data));
      else if (data.length === 0) run.output.note(`There are no ${kind.plural}.`);
      else {
        const columns = text(run.values, "fields")?.split(",") ?? columnsOf(kind, data);
        table(
          run.output,
          columns.map(inert),
          data.map((item) => columns.map((column) => item[column])),
        );
      }
      return undefined;
    },
  },
  {
    name: "get",
    about: "Show one, by its id or natural key",
    usage: "KIND ID",
    takes: [2, 2],
    choices,
    options: owner,
    examples: ["dialplane get extension 1001 --tenant acme", "dialplane get tenant acme --json"],
    async run(run) {
      const [name = "", id = ""] = run.args;
      show(run, (await run.client().send("GET", await pathOf(run, kindNamed(name), id))) as Item);
      return undefined;
    },
  },
  {
    name: "create",
    about: "Create one",
    usage: "KIND [FIELD=VALUE …]",
    takes: [1, 200],
    choices,
    options: {
      ...owner,
      file,
      "idempotency-key": { type: "string", value: "KEY", about: "The same key and body make it once" },
    },
    examples: [
      "dialplane create extension --tenant acme number=1001 displayName=Ada",
      'dialplane create queue --tenant acme name=support agents:=\'[{"extension":"1001"}]\'',
      "dialplane create tenant name=Acme country=US",
    ],
    async run(run) {
      const [name = "", ...assignments] = run.args;
      const kind = kindNamed(name);
      const key = text(run.values, "idempotency-key");
      const body = await sent(run, kind, assignments);
      const options = { body, ...(key !== undefined && { idempotencyKey: key }) };
      show(run, (await run.client().send("POST", await pathOf(run, kind), options)) as Item);
      return undefined;
    },
  },
  {
    name: "update",
    about: "Change some fields of one",
    usage: "KIND ID [FIELD=VALUE …]",
    takes: [2, 200],
    choices,
    options: { ...owner, file, "if-version": ifVersion },
    examples: ["dialplane update extension 1001 --tenant acme displayName='Ada L.' voicemailBox=null"],
    async run(run) {
      const [name = "", id = "", ...assignments] = run.args;
      const kind = kindNamed(name);
      const body = await sent(run, kind, assignments);
      if (Object.keys(body).length === 0) throw new Usage("Say what to change: FIELD=VALUE, or -f FILE.");
      show(run, (await run.client().send("PATCH", await pathOf(run, kind, id), { body, ...version(run) })) as Item);
      return undefined;
    },
  },
  {
    name: "delete",
    about: "Delete one",
    usage: "KIND ID",
    takes: [2, 2],
    choices,
    options: { ...owner, "if-version": ifVersion },
    examples: ["dialplane delete extension 1001 --tenant acme"],
    async run(run) {
      const [name = "", id = ""] = run.args;
      await run.client().send("DELETE", await pathOf(run, kindNamed(name), id), version(run));
      if (!run.json) run.output.note(`Deleted ${inert(name)} ${inert(id)}.`);
      return undefined;
    },
  },
];

/** The natural key, then what is short and tells most of the items apart. */
function columnsOf({ key, fields }: KindData, data: Item[]): string[] {
  const short = Object.keys(fields).filter((name) =>
    data.some((item) => ["string", "number", "boolean"].includes(typeof item[name])),
  );
  return ["id", key, ...short.filter((name) => name !== key).slice(0, 4)];
}
