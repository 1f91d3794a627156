// What concerns a document as a whole: apply, diff, export, history, rollback, sync.
import { setTimeout } from "node:timers/promises";
import type { Operations } from "../client/operations.ts";
import { ApiProblem } from "../client/problem.ts";
import { type Command, type Option, owner, type Run, text } from "./command.ts";
import { codes, Usage } from "./exit.ts";
import { readDocument } from "./file.ts";
import { diff, inert, json, shown, table } from "./output.ts";
import { placeOf } from "./place.ts";

type Answer = Operations["POST /v1/tenants/{tenant}/apply"]["answer"];
type Applied = Extract<Answer, { diff: unknown }>;
type Job = Operations["GET /v1/jobs/{id}"]["answer"];
type Change = Operations["GET /v1/tenants/{tenant}/changes"]["answer"]["data"][number];
type Sync = Operations["GET /v1/tenants/{tenant}/sync"]["answer"];

const file = {
  type: "string",
  short: "f",
  value: "FILE",
  about: "The document, in JSON or YAML; - for the standard input",
} as const;
const dryRun = { type: "boolean", about: "Only tell what would change" } as const;
const applying: Record<string, Option> = {
  file,
  prune: { type: "string", value: "KINDS", about: "Delete what is not listed of these kinds, as in extensions,trunks" },
  "base-revision": {
    type: "string",
    value: "N",
    about: "Only if the document is still at this revision; else exit code 4",
  },
};

/** Tells what changed, and what is shown this once. */
function tell(run: Run, { revision, diff: lines, secrets = [] }: Applied, dry: boolean): void {
  const { output } = run;
  if (run.json) {
    output.line(json({ revision, diff: lines, ...(secrets.length > 0 && { secrets }) }));
    return;
  }
  diff(output, lines);
  for (const secret of (dry ? [] : secrets) as Record<string, unknown>[])
    output.line(
      `${output.paint("bold", "secret")} ${["kind", "key", "pointer", "value"].map((name) => shown(secret[name])).join(" ")}`,
    );
  if (lines.length === 0) output.note("Nothing to change.");
  else output.note(dry ? "Nothing was changed: this was a dry run." : `Revision ${revision}.`);
}

const jobPollMs = 1000;

/** The answer, or what the job comes to that does a large change. Throws ApiProblem. */
async function finished(run: Run, answer: unknown): Promise<Applied> {
  if (!("state" in (answer as Job))) return answer as Applied;
  let job = answer as Job;
  if (!run.json) run.output.note(`It is large: job ${inert(job.id)} does it.`);
  while (job.state === "waiting" || job.state === "running") {
    await setTimeout(jobPollMs, undefined, { signal: run.signal });
    job = await run.client().call("GET /v1/jobs/{id}", { path: { id: job.id } });
  }
  if (job.state === "succeeded") return job.result as Applied;
  const problem = (job.problem ?? {}) as Record<string, unknown>;
  throw new ApiProblem(Number(problem.status ?? 500), problem);
}

async function apply(run: Run, dry: boolean): Promise<Applied> {
  const from = text(run.values, "file");
  if (from === undefined) throw new Usage("Name the document: -f FILE.");
  const { path } = await placeOf(run);
  const query = {
    ...(dry && { dryRun: true }),
    prune: text(run.values, "prune"),
    baseRevision: text(run.values, "base-revision"),
  };
  const body = await readDocument(run, from);
  return finished(run, await run.client().send("POST", `${path}/apply`, { body, query }));
}

export const documentCommands: Command[] = [
  {
    name: "apply",
    about: "Bring a tenant or account to what a file says, as one revision",
    usage: "-f FILE",
    takes: [0, 0],
    options: { ...owner, ...applying, "dry-run": dryRun },
    examples: [
      "dialplane apply -f acme.yaml --tenant acme --dry-run",
      "dialplane apply -f acme.yaml --tenant acme --prune extensions",
    ],
    async run(run) {
      const dry = run.values["dry-run"] === true;
      tell(run, await apply(run, dry), dry);
      return undefined;
    },
  },
  {
    name: "diff",
    about: "Tell what apply would change",
    usage: "-f FILE",
    takes: [0, 0],
    options: {
      ...owner,
      ...applying,
      "exit-code": { type: "boolean", about: "End with 7 where something would change" },
    },
    async run(run) {
      const applied = await apply(run, true);
      tell(run, applied, true);
      return run.values["exit-code"] === true && applied.diff.length > 0 ? codes.differs : undefined;
    },
  },
  {
    name: "export",
    about: "Write the whole document, as apply takes it",
    usage: "",
    takes: [0, 0],
    options: {
      ...owner,
      yaml: { type: "boolean", about: "As YAML instead of JSON" },
      secrets: { type: "boolean", about: "With the values of secrets (scope secrets:read)" },
      kinds: { type: "string", value: "KINDS", about: "Only these, without settings, as in extensions,trunks" },
    },
    examples: ["dialplane export --tenant acme --yaml > acme.yaml"],
    async run(run) {
      const { path } = await placeOf(run);
      const query = { ...(run.values.secrets === true && { secrets: true }), kinds: text(run.values, "kinds") };
      const document = await run.client().send("GET", `${path}/export`, { query });
      const yaml = run.values.yaml === true && !run.json;
      run.output.line(yaml ? (await import("yaml")).stringify(document).trimEnd() : json(document));
      return undefined;
    },
  },
  {
    name: "history",
    about: "What changed, newest first; one revision in full",
    usage: "[REVISION]",
    takes: [0, 1],
    options: { ...owner, limit: { type: "string", value: "N", about: "So many revisions: 1 to 100, 20 by default" } },
    async run(run) {
      const { path } = await placeOf(run);
      const [revision] = run.args;
      const { output } = run;
      if (revision !== undefined) {
        if (!/^\d+$/.test(revision)) throw new Usage("A revision is a number.");
        const change = await wholeChange(run, `${path}/changes/${revision}`);
        if (run.json) output.line(json(change));
        else {
          headline(run, change);
          diff(output, change.diff, "  ");
        }
        return undefined;
      }
      const query = { limit: text(run.values, "limit") };
      const { data } = (await run.client().send("GET", `${path}/changes`, { query })) as { data: Change[] };
      if (run.json) output.line(json(data));
      else for (const change of data) headline(run, change);
      return undefined;
    },
  },
  {
    name: "rollback",
    about: "Bring a document back to an earlier revision, as a new one",
    usage: "REVISION",
    takes: [1, 1],
    options: { ...owner, "dry-run": dryRun },
    async run(run) {
      const [revision = ""] = run.args;
      if (!/^\d{1,12}$/.test(revision)) throw new Usage("A revision is a number; dialplane history shows them.");
      const { path } = await placeOf(run);
      const dry = run.values["dry-run"] === true;
      const options = { body: { revision: Number(revision) }, query: dry ? { dryRun: true } : {} };
      tell(run, await finished(run, await run.client().send("POST", `${path}/rollback`, options)), dry);
      return undefined;
    },
  },
  {
    name: "sync",
    about: "Which revision of a tenant is live on which edge",
    usage: "",
    takes: [0, 0],
    options: { tenant: owner.tenant as Option },
    async run(run) {
      const { path } = await placeOf(run);
      const sync = (await run.client().send("GET", `${path}/sync`)) as Sync;
      if (run.json) {
        run.output.line(json(sync));
        return undefined;
      }
      run.output.line(`revision ${sync.revision}`);
      const headings = ["edge", "name", "offered", "applied", "in step", "failures"];
      const rows = sync.edges.map((edge) => {
        const { id, name, offered, applied, inStep, failures } = edge as Record<string, unknown>;
        return [id, name, offered, applied, inStep, Array.isArray(failures) ? failures.length : 0];
      });
      table(run.output, headings, rows);
      return undefined;
    },
  },
];

/** A revision with all of its diff, page after page. */
async function wholeChange(run: Run, path: string): Promise<Change> {
  type Page = Operations["GET /v1/tenants/{tenant}/changes/{revision}"]["answer"];
  const lines: Change["diff"] = [];
  for (let after: string | undefined; ; ) {
    const { next, ...change } = (await run.client().send("GET", path, { query: { after } })) as Page;
    lines.push(...change.diff);
    if (next === null) return { ...change, diff: lines };
    after = next;
  }
}

function headline({ output }: Run, { revision, at, actor, summary }: Change): void {
  const who = ((actor ?? {}) as { name?: unknown }).name;
  output.line(
    `${output.paint("yellow", String(revision).padStart(5))}  ${inert(at)}  ${shown(who)}  ${inert(summary)}`,
  );
}
