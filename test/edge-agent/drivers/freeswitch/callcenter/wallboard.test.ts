// What a queue's wallboard is told, out of mod_callcenter's own lists.
import { afterEach, describe, expect, test } from "vitest";
import type { LiveQueue } from "../../../../../core/wire-events.ts";
import { createWallboard, most } from "../../../../../edge-agent/drivers/freeswitch/callcenter/wallboard.ts";
import { createPbx } from "../../../../support/pbx.ts";

const now = (): number => Math.floor(Date.now() / 1000);
const table = (rows: Record<string, string | number>[]): string =>
  [Object.keys(rows[0] ?? { queue: "" }).join("|"), ...rows.map((row) => Object.values(row).join("|")), "+OK"].join(
    "\n",
  );

let stop: (() => void) | undefined;
afterEach(() => stop?.());

function scene() {
  const pbx = createPbx();
  const { acme } = pbx;
  const [ada, bob] = [acme.ext(1001), acme.ext(1002)];
  acme.put("queue", "q", { name: "Support", agents: [{ extension: ada }, { extension: bob }] });
  const id = acme.idOf("queue", "q");
  const has = { members: [] as Record<string, string | number>[], agents: [] as Record<string, string | number>[] };
  const told: LiveQueue[] = [];
  const busy = new Set<string>();
  const wallboard = createWallboard({
    documents: pbx.documents,
    esl: {
      up: true,
      api: async (command) => table(command.includes("members") ? has.members : has.agents),
    },
    engaged: (extension) => busy.has(extension),
    whose: (uuid) =>
      uuid === "leg-1" ? { call: "cal_1", extension: acme.ext(1003) } : { call: undefined, extension: undefined },
    report: (is) => void told.push(is),
    log: { warn: (...what: unknown[]) => expect.fail(JSON.stringify(what)) },
    waits: { soon: 1, again: 20 },
  });
  stop = wallboard.stop;
  const member = (uuid: string, joined: number, more = {}) => ({
    ...{ queue: id, uuid: `m-${uuid}`, session_uuid: uuid, cid_number: "+15550123", cid_name: "Eve" },
    ...{ joined_epoch: joined, state: "Waiting", ...more },
  });
  const agent = (name: string, more: Record<string, string | number> = {}) => ({
    ...{ name, status: "Available", state: "Waiting", wrap_up_time: 0, last_bridge_start: 0, last_bridge_end: 0 },
    ...{ last_offered_call: 0, last_status_change: now() - 600, ...more },
  });
  const happens = (headers: Record<string, string>) =>
    wallboard.onEvent({ name: "CUSTOM", subclass: "callcenter::info", headers, body: undefined });
  const states = () => Object.fromEntries((told.at(-1)?.agents ?? []).map(({ number, state }) => [number, state]));
  return { acme, ada, bob, id, has, told, busy, wallboard, member, agent, happens, states };
}

describe("a queue's wallboard", () => {
  test("tells who waits in their order with their call, and the whole again only where it differs", async () => {
    const { has, told, wallboard, member, agent, happens, ada, bob, id } = scene();
    has.agents = [agent(ada), agent(bob)];
    await wallboard.onUp();
    expect(told).toHaveLength(1);
    const early = now() - 40;
    has.members = [
      member("leg-2", early + 10),
      member("leg-1", early, { cid_name: "\u202eEve|" }),
      member("leg-3", early, { state: "Answered" }),
    ];
    happens({ "CC-Queue": id, "CC-Action": "member-queue-start" });
    await expect.poll(() => told.at(-1)?.waitingCalls).toBe(2);
    expect(told.at(-1)).toMatchObject({
      ...{ name: "Support", queue: id },
      waiting: [
        { id: "leg-1", call: "cal_1", number: "1003", name: "Carol", joinedAt: new Date(early * 1000).toISOString() },
        { id: "leg-2", call: null, name: "Eve" },
      ],
      agents: [{ number: "1001", name: "Alice" }, { number: "1002" }],
    });
    const { length } = told;
    happens({ "CC-Queue": id, "CC-Action": "members-count" });
    has.members = [];
    happens({ "CC-Queue": id, "CC-Action": "member-queue-end" });
    await expect.poll(() => told.at(-1)?.waitingCalls).toBe(0);
    expect(told).toHaveLength(length + 1);
  });

  test("says of each agent what he does, by mod_callcenter's word and by calls that no queue gave him", async () => {
    const { has, busy, wallboard, agent, happens, states, told, ada, bob } = scene();
    const become = async (one: Record<string, string | number>, wanted: string) => {
      has.agents = [agent(ada, one)];
      happens({ "CC-Agent": ada, "CC-Action": "agent-state-change" });
      await expect.poll(states).toEqual({ 1001: wanted, 1002: "logged-out" });
    };
    await wallboard.onUp();
    await become({}, "available");
    await become({ state: "Receiving", last_offered_call: now() }, "ringing");
    await become({ state: "In a queue call", last_bridge_start: now() - 5 }, "on-call");
    expect(told.at(-1)?.agents[0]?.since).toBe(new Date(Number(has.agents[0]?.last_bridge_start) * 1000).toISOString());
    await become({ status: "On Break" }, "paused");
    await become({ status: "Logged Out" }, "logged-out");
    await become({}, "available");
    busy.add(ada);
    wallboard.onMoved(ada);
    await expect.poll(states).toEqual({ 1001: "on-call", 1002: "logged-out" });
    expect(bob).not.toBe(ada);
  });

  test("ends the pause after a call by itself, of which mod_callcenter tells nothing", async () => {
    const { has, wallboard, agent, states, ada } = scene();
    has.agents = [agent(ada, { wrap_up_time: 2, last_bridge_end: now() })];
    await wallboard.onUp();
    expect(states()).toMatchObject({ 1001: "wrap-up" });
    await expect.poll(states, { timeout: 5000 }).toMatchObject({ 1001: "available" });
  });

  test("of a queue that is gone says so with nobody in it, and one of many callers stays within bounds", async () => {
    const { has, told, wallboard, member, acme, id } = scene();
    has.members = Array.from({ length: 2 * most.waiting }, (_, index) => member(`leg-${index}`, now()));
    await wallboard.onUp();
    expect([told.at(-1)?.waitingCalls, told.at(-1)?.waiting.length]).toEqual([2 * most.waiting, most.waiting]);
    const before = { id, kind: "queue", before: {}, after: undefined };
    acme.drop("queue", "q");
    wallboard.onChange(acme.owner, [before]);
    await expect.poll(() => told.at(-1)).toMatchObject({ waitingCalls: 0, waiting: [], agents: [] });
  });
});
