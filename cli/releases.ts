// Releases of the agent: what a pool's hosts run, and bringing them to another.
import type { Operations } from "../client/operations.ts";
import { type Command, type Option, type Run, text } from "./command.ts";
import { Usage } from "./exit.ts";
import { inert, json, table } from "./output.ts";

type Answer = Operations["GET /v1/pools/{id}/release"]["answer"];

const options: Record<string, Option> = {
  canary: { type: "string", value: "EDGE", about: "The host that gets it first; by default the home of the fewest" },
  soak: { type: "string", value: "MINUTES", about: "How long it has to work there before the others follow (60)" },
};

/** A pool by its id or its name. */
async function poolOf({ client, args }: Run): Promise<{ id: string }> {
  const wanted = args[0] ?? "";
  const { data } = await client().call("GET /v1/pools", {});
  const found = data.filter(({ id, name }) => id === wanted || name === wanted);
  if (found.length === 1 && found[0]) return { id: found[0].id };
  const names = data.map(({ id, name }) => `${name} (${id})`).join(", ");
  throw new Usage(`There ${found.length === 0 ? "is no pool" : "are several pools"} ${wanted}; there are ${names}.`);
}

function tell({ output, json: asJson }: Run, answer: Answer): undefined {
  if (asJson) {
    output.line(json(answer));
    return undefined;
  }
  const { release, latest, versions } = answer;
  output.line(
    `there are ${versions.map(inert).join(", ") || "none"}${latest === null ? "" : `; latest ${inert(latest)}`}`,
  );
  if (release === null) {
    output.line("none was begun");
    return undefined;
  }
  const why = release.reason === null ? "" : `: ${inert(release.reason)}`;
  output.line(output.paint("bold", `${inert(release.version)} is ${release.state}${why}`));
  table(
    output,
    ["edge", "before", "asked", "came"],
    Object.entries(release.hosts).map(([id, { before, askedAt, cameAt }]) => [
      id === release.canary ? `${id} (canary)` : id,
      ...[before, askedAt, cameAt],
    ]),
  );
  return undefined;
}

function soakOf({ values }: Run): { soakMinutes?: number } {
  const given = text(values, "soak");
  if (given === undefined) return {};
  if (!/^\d{1,5}$/.test(given)) throw new Usage("--soak is a number of minutes.");
  return { soakMinutes: Number(given) };
}

export const releaseCommands: Command[] = [
  {
    name: "releases",
    about: "The releases of the agent that there are, and how far one is on a pool's hosts",
    usage: "POOL",
    takes: [1, 1],
    run: async (run) => tell(run, await run.client().call("GET /v1/pools/{id}/release", { path: await poolOf(run) })),
  },
  {
    name: "releases start",
    about: "Bring a pool's hosts to a release, a canary first",
    usage: "POOL VERSION",
    takes: [2, 2],
    options,
    examples: ["releases start Frankfurt 0.2.0 --soak 30"],
    async run(run) {
      const canary = text(run.values, "canary");
      const body = { version: run.args[1] ?? "", ...(canary !== undefined && { canary }), ...soakOf(run) };
      return tell(run, await run.client().call("PUT /v1/pools/{id}/release", { path: await poolOf(run), body }));
    },
  },
  ...(["stop", "rollback"] as const).map(
    (verb): Command => ({
      name: `releases ${verb}`,
      about:
        verb === "stop"
          ? "Ask no other host of a pool to take the release; those that have it keep it"
          : "Have the hosts that took the release run again what they ran before",
      usage: "POOL",
      takes: [1, 1],
      run: async (run) =>
        tell(run, await run.client().call(`POST /v1/pools/{id}/release/${verb}`, { path: await poolOf(run) })),
    }),
  ),
];
