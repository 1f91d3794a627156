import { join } from "node:path";
import { expect, test, vi } from "vitest";
import { type Command, command } from "../../core/wire.ts";
import { type Commands, createCommands } from "../../edge-agent/commands.ts";
import type { CommandResult, Report } from "../../edge-agent/driver.ts";
import { silent } from "../../edge-agent/log.ts";
import { openState, type State } from "../../edge-agent/state.ts";
import { tenantOf, ulidOf } from "../support/document.ts";
import { temporaryFolder } from "../support/folder.ts";
import { createNullDriver } from "../support/null-driver.ts";

const now = new Date("2026-01-02T08:00:00Z");
const owner = tenantOf(1);
const wanted = (more: Partial<Command> = {}): Command =>
  command.parse({
    type: "command",
    id: `cmd_${ulidOf(1)}`,
    deadline: "2026-01-02T08:00:30.000Z",
    owner,
    name: "hangup",
    arguments: { call: "cal_1" },
    ...more,
  });

type Begun = { state: State; commands: Commands; driver: ReturnType<typeof createNullDriver>; said: unknown[] };

/** What an agent has of commands, on the disk `folder`. */
function begin(
  folder: string,
  end: () => Promise<CommandResult> = () => Promise.resolve({ ok: true, detail: null }),
): Begun {
  const state = openState(join(folder, "state.db"));
  const driver = createNullDriver();
  driver.carryOut = end;
  const said: unknown[] = [];
  const report: Report = async (event) => void said.push(event.data);
  return {
    state,
    driver,
    said,
    commands: createCommands({ taken: state.taken, driver, report, log: silent, now: () => now }),
  };
}

test("a command is carried out and answered, with the call that it made", async () => {
  const { commands, driver, said } = begin(temporaryFolder(), async () => ({ ok: true, detail: null, call: "cal_2" }));
  commands.receive(wanted());
  await vi.waitFor(() =>
    expect(said).toEqual([{ command: wanted().id, owner, ok: true, detail: null, call: "cal_2" }]),
  );
  expect(driver.commands).toEqual([{ owner, name: "hangup", given: { call: "cal_1" } }]);
});

test("a command that comes twice is carried out and answered once, by the next agent on this disk too", async () => {
  const folder = temporaryFolder();
  const first = begin(folder);
  first.commands.receive(wanted());
  first.commands.receive(wanted());
  await vi.waitFor(() => expect(first.said).toHaveLength(1));
  await vi.waitFor(() => expect(first.state.taken.open()).toEqual([]));
  first.state.close();
  const second = begin(folder);
  second.commands.receive(wanted());
  expect([first.driver.commands.length, second.driver.commands, second.said]).toEqual([1, [], []]);
  second.state.close();
});

test("after its deadline a command is not carried out, and that is said", async () => {
  const { commands, driver, said } = begin(temporaryFolder());
  commands.receive(wanted({ deadline: "2026-01-02T07:59:59.000Z" }));
  await vi.waitFor(() =>
    expect(said).toEqual([expect.objectContaining({ ok: false, detail: expect.stringContaining("deadline") })]),
  );
  expect(driver.commands).toEqual([]);
});

test("why the driver refused a command is said", async () => {
  const { commands, said } = begin(temporaryFolder(), () => Promise.reject(new Error("the call is over")));
  commands.receive(wanted());
  await vi.waitFor(() => expect(said).toEqual([expect.objectContaining({ ok: false, detail: "the call is over" })]));
});

test("what an agent was killed over is not tried again, and the next agent says that nobody knows", async () => {
  const folder = temporaryFolder();
  const first = begin(folder, () => new Promise(() => {}));
  first.commands.receive(wanted());
  first.state.close();
  const second = begin(folder);
  await vi.waitFor(() =>
    expect(second.said).toEqual([expect.objectContaining({ ok: false, detail: expect.stringContaining("not known") })]),
  );
  second.commands.receive(wanted());
  expect(second.driver.commands).toEqual([]);
  await vi.waitFor(() => expect(second.state.taken.open()).toEqual([]));
  second.state.close();
});
