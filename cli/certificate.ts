// A tenant's own domain in the certificates of its hosts: what is missing for it, and asking for it.
import type { Operations } from "../client/operations.ts";
import { type Command, owner, type Run } from "./command.ts";
import { Usage } from "./exit.ts";
import { inert, json, table } from "./output.ts";
import { placeOf } from "./place.ts";

type Answer = Operations["GET /v1/tenants/{tenant}/certificate"]["answer"];

async function tenantOf(run: Run): Promise<{ tenant: string }> {
  const { sort, id } = await placeOf(run);
  if (sort !== "tenant")
    throw new Usage("A certificate has domains of tenants: --tenant with an id, a name or a domain.");
  return { tenant: id };
}

function tell({ output, json: asJson }: Run, answer: Answer): undefined {
  if (asJson) {
    output.line(json(answer));
    return undefined;
  }
  const { domain, state, advice, hosts } = answer;
  output.line(output.paint("bold", `${inert(domain)} is ${state}`));
  if (advice !== null) output.line(inert(advice));
  if (hosts.length > 0)
    table(
      output,
      ["host", "shown", "until", "problem"],
      hosts.map(({ name, shown, expiresAt, problem }) => [name, shown ? "yes" : "no", expiresAt, problem]),
    );
  return undefined;
}

export const certificateCommands: Command[] = [
  {
    name: "certificate",
    about: "Whether phones can check their hosts' certificate by the tenant's own domain, and what is missing for it",
    usage: "",
    takes: [0, 0],
    options: owner,
    run: async (run) =>
      tell(run, await run.client().call("GET /v1/tenants/{tenant}/certificate", { path: await tenantOf(run) })),
  },
  {
    name: "certificate ask",
    about: "Have the tenant's hosts show its own domain, once its DNS has the record",
    usage: "",
    takes: [0, 0],
    options: owner,
    examples: ["certificate ask --tenant sip.acme.example"],
    run: async (run) =>
      tell(run, await run.client().call("POST /v1/tenants/{tenant}/certificate", { path: await tenantOf(run) })),
  },
  {
    name: "certificate leave",
    about: "Leave the tenant's own domain out of its hosts' certificates from the next one on",
    usage: "",
    takes: [0, 0],
    options: owner,
    async run(run) {
      await run.client().call("DELETE /v1/tenants/{tenant}/certificate", { path: await tenantOf(run) });
      run.output.note("It is left out of the next one.");
      return undefined;
    },
  },
];
