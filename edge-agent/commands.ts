// Commands from the cloud: each carried out at most once and not after its deadline, by the driver, and answered by an event through the spool.
import type { Owner } from "../core/owner.ts";
import type { Command } from "../core/wire.ts";
import type { CommandResult, Driver, Report } from "./driver.ts";
import type { Log } from "./log.ts";
import type { Taken } from "./taken.ts";

export interface Commands {
  /** Returns at once. A command that came before is passed over. Throws where its id can't be written down: then nothing is done. */
  receive(command: Command): void;
}

export type CommandsOptions = {
  taken: Taken;
  driver: Pick<Driver, "command">;
  report: Report;
  log: Log;
  now?: () => Date;
};

/** Answers at once for what an agent before this one began and left. */
export function createCommands({ taken, driver, report, log, now = () => new Date() }: CommandsOptions): Commands {
  for (const { id, owner } of taken.open())
    answer(id, owner, { ok: false, detail: "the agent was stopped meanwhile: whether it took is not known" });

  async function carryOut({ owner, name, deadline, arguments: given }: Command): Promise<CommandResult> {
    if (now().getTime() > Date.parse(deadline))
      return { ok: false, detail: `it came after its deadline, ${deadline}, by this host's clock` };
    try {
      return await driver.command(owner, name, given);
    } catch (error) {
      return { ok: false, detail: error instanceof Error ? error.message : String(error) };
    }
  }

  function answer(id: string, owner: Owner, { ok, detail, call }: CommandResult): void {
    if (!ok) log.warn({ command: id, owner, detail }, "a command was not carried out");
    const data = { command: id, owner, ok, detail: detail?.slice(0, 500) ?? null, call: call ?? null };
    report({ type: "command.done", data })
      .then(() => taken.ended(id))
      .catch((error: unknown) => log.error({ command: id, error: String(error) }, "a command's end could not be kept"));
  }

  return {
    receive(command) {
      const { id, owner, name, requestId } = command;
      if (!taken.take(id, owner, now())) return;
      log.info({ requestId, command: id, owner, name }, "carrying out a command");
      void carryOut(command).then((result) => answer(id, owner, result));
    },
  };
}
