// Who is in a conference, as FreeSWITCH tells and lists it.
import { expect, test, vi } from "vitest";
import type { LiveConference } from "../../../../../core/wire-events.ts";
import { createRooms } from "../../../../../edge-agent/drivers/freeswitch/report/rooms.ts";
import { createPbx } from "../../../../support/pbx.ts";

const pbx = createPbx();
const { acme, globex } = pbx;
acme.put("conference", "board", { name: "board", extensionNumber: "800" });
const room = acme.idOf("conference", "board");
const [alice, bob] = ["6f1c4d3e-0000-4000-8000-000000000001", "6f1c4d3e-0000-4000-8000-000000000002"] as const;

function harness(tenant = acme) {
  let there: string[] = [];
  /** Lists that are yet to come before `there` is listed. */
  const stale: string[][] = [];
  const told: LiveConference[] = [];
  const failed = vi.fn();
  const rooms = createRooms({
    documents: pbx.documents,
    whose: (uuid) => ({ tenant: tenant.id, extension: uuid === alice ? tenant.ext(1001) : undefined, call: undefined }),
    report: (is) => void told.push(is),
    failed,
  });
  const api = async () => {
    const members = (stale.shift() ?? there).map((uuid, id) => ({
      ...{ type: "caller", id, uuid, caller_id_name: "\u202eEve\n", caller_id_number: "+12025550123", join_time: 3 },
      flags: { can_speak: true, is_moderator: false },
    }));
    const recording = { type: "recording_node", record_path: "/x" };
    if (members.length === 0) return `-ERR Conference ${room} not found\n`;
    return JSON.stringify([{ conference_name: room, locked: false, members: [...members, recording] }]);
  };
  return {
    rooms,
    told,
    failed,
    esl: { api },
    happens(action: string, uuid: string, now: string[], late: string[][] = []) {
      there = now;
      stale.push(...late);
      const headers = { "Conference-Name": room, Action: action, "Unique-ID": uuid };
      rooms.onEvent({ name: "CUSTOM", subclass: "conference::maintenance", headers, body: undefined }, { api });
    },
    of: () => told.map(({ members }) => members.map(({ id }) => id)),
  };
}

test("a member who is listed only after FreeSWITCH told that he came is told none the less, and once", async () => {
  const { happens, of, told } = harness();
  happens("add-member", alice, [alice], [[], []]);
  await expect.poll(of).toEqual([[alice]]);
  expect(told[0]?.members[0]).toMatchObject({ number: "1001", name: "Alice", extension: acme.ext(1001) });
  happens("add-member", bob, [alice, bob], [[alice]]);
  await expect.poll(of).toEqual([[alice], [alice, bob]]);
  expect(told[1]?.members[1]).toMatchObject({ number: "+12025550123", name: "Eve", extension: null });
  happens("del-member", alice, [bob], [[alice, bob]]);
  happens("del-member", bob, []);
  await expect.poll(() => of().at(-1)).toEqual([]);
});

test("what was missed is told when the connection is back, and so is that a conference is over", async () => {
  const { rooms, happens, esl, of } = harness();
  happens("add-member", alice, [alice]);
  await expect.poll(of).toEqual([[alice]]);
  happens("stop-talking", alice, [alice, bob]);
  await rooms.reread(esl);
  expect(of()).toEqual([[alice], [alice, bob]]);
  happens("stop-talking", alice, []);
  await rooms.reread(esl);
  expect(of().at(-1)).toEqual([]);
});

test("a room of that name with another tenant's callers, and an answer that can't be read, are told to nobody", async () => {
  const strange = harness(globex);
  await strange.rooms.reread(strange.esl);
  strange.happens("add-member", alice, [alice]);
  await strange.rooms.reread(strange.esl);
  expect(strange.told).toEqual([]);
  const { rooms, failed } = harness();
  const headers = { "Conference-Name": room, Action: "lock" };
  const esl = { api: async () => "[{" };
  rooms.onEvent({ name: "CUSTOM", subclass: "conference::maintenance", headers, body: undefined }, esl);
  await expect.poll(() => failed.mock.calls).toHaveLength(1);
});
