import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createLegs, type Legs } from "../../../../../edge-agent/drivers/freeswitch/legs.ts";
import { reply } from "../../../../../edge-agent/drivers/freeswitch/lookup.ts";
import { createPresence, type Presence } from "../../../../../edge-agent/drivers/freeswitch/presence/presence.ts";
import { freeswitchConfig } from "../../../../support/freeswitch-config.ts";
import { legOf } from "../../../../support/legs.ts";
import { createPbx } from "../../../../support/pbx.ts";
import { body, read } from "../requests.ts";

type Headers = Record<string, string>;
const minute = 60_000;
let pbx: ReturnType<typeof createPbx>;
let dir: string;
let legs: Legs;
let presence: Presence;
let fired: Headers[];
let up: boolean;
let lost: boolean;
let clock: number;

/** An agent, on the file of the one before. */
function start(): void {
  legs = createLegs(pbx.documents);
  presence = createPresence({
    esl: {
      fire: async (name, headers) => {
        expect(name).toBe("PRESENCE_IN");
        if (!up || lost) throw new Error("down");
        fired.push(headers);
      },
      get up() {
        return up;
      },
    },
    ...{ documents: pbx.documents, legs, file: join(dir, "lamps"), now: () => clock },
    phonesUp: async () => undefined,
    log: { warn: (detail: object) => expect.unreachable(JSON.stringify(detail)) },
  });
}

beforeEach(async () => {
  pbx = createPbx();
  dir = mkdtempSync(join(tmpdir(), "dp-presence-"));
  fired = [];
  up = true;
  lost = false;
  clock = 1_700_000_000_000;
  start();
  await presence.onUp();
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

/** What was sent since the last look, once all that is due is. */
async function sent(): Promise<string[]> {
  await new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
  return fired.splice(0).map((headers) => {
    const { proto, from, "answer-state": state = "none", "call-id": one = "all" } = headers;
    return `${proto === pbx.acme.id ? "acme" : "globex"} ${from} ${state} ${one}`;
  });
}
const probe = (tenant: { id: string; domain: string }, number: string, more: Headers = {}) =>
  presence.onEvent({
    ...{ name: "PRESENCE_PROBE", subclass: undefined, body: undefined },
    headers: {
      proto: tenant.id,
      to: `${tenant.id}+${number}@${tenant.domain}`,
      from: `1003@${tenant.domain}`,
      "sub-call-id": "call-1",
      "proto-specific-event-name": "dialog",
      expires: "300",
      ...more,
    },
  });

describe("a lamp", () => {
  it("follows its extension from ringing to the end, and says nothing twice", async () => {
    const { acme } = pbx;
    legs.onLeg(legOf(acme, "a", { from: 1001 }));
    legs.onLeg(legOf(acme, "b", { to: 1002, by: "a" }));
    expect(await sent()).toEqual(["acme 1001@acme.test early all", "acme 1002@acme.test early all"]);
    legs.onLeg(legOf(acme, "b", { to: 1002, by: "a" }, true));
    legs.onLeg(legOf(acme, "b", { to: 1002, by: "a" }, true));
    expect(await sent()).toEqual(["acme 1002@acme.test confirmed all"]);
    legs.onEnd("b");
    legs.onEnd("a");
    expect(await sent()).toEqual(["acme 1002@acme.test terminated all", "acme 1001@acme.test terminated all"]);
    legs.onEnd("a");
    expect(await sent()).toEqual([]);
  });

  it("says who called whom by the direction alone, and names no leg", async () => {
    legs.onLeg(legOf(pbx.acme, "1f-2", { from: 1001 }));
    await sent();
    legs.onLeg(legOf(pbx.acme, "1f-2", { from: 1001 }, true));
    await new Promise(setImmediate);
    expect(fired).toEqual([
      {
        ...{ proto: pbx.acme.id, from: "1001@acme.test", event_type: "dialog", alt_event_type: "presence" },
        ...{ resub: "false", "unique-id": "1f2", "answer-state": "confirmed", "force-status": "On the phone" },
        ...{ "presence-call-direction": "inbound", "caller-username": "1001" },
      },
    ]);
  });

  it("shows the call that goes on rather than one that rings, and that rather than one being made", async () => {
    legs.onLeg(legOf(pbx.acme, "out", { from: 1001 }));
    legs.onLeg(legOf(pbx.acme, "in", { to: 1001, by: "x" }));
    await new Promise(setImmediate);
    expect(fired.at(-1)).toMatchObject({ "unique-id": "in", "answer-state": "early" });
    legs.onLeg(legOf(pbx.acme, "out", { from: 1001 }, true));
    await new Promise(setImmediate);
    expect(fired.at(-1)).toMatchObject({ "unique-id": "out", "answer-state": "confirmed" });
    legs.onEnd("out");
    await new Promise(setImmediate);
    expect(fired.at(-1)).toMatchObject({ "unique-id": "in", "answer-state": "early" });
  });

  it("of one tenant follows nobody of another", async () => {
    legs.onLeg(legOf(pbx.globex, "a", { from: 1001 }));
    expect(await sent()).toEqual(["globex 1001@globex.test early all"]);
  });

  it("is told to who begins to watch, and to him alone", async () => {
    legs.onLeg(legOf(pbx.acme, "a", { from: 1001 }, true));
    await sent();
    probe(pbx.acme, "1001");
    probe(pbx.acme, "1002", { "sub-call-id": "call-2" });
    probe(pbx.globex, "1001", { "sub-call-id": "call-3" });
    expect(await sent()).toEqual([
      "acme 1001@acme.test confirmed call-1",
      "acme 1002@acme.test none call-2",
      "globex 1001@globex.test none call-3",
    ]);
  });

  it.each<[string, Headers]>([
    ["no tenant", { proto: "sip", to: "1001@acme.test" }],
    ["a tenant that is not here", { proto: `ten_${"9".repeat(26)}` }],
    ["another event", { "proto-specific-event-name": "message-summary" }],
    ["a subscription that ends", { expires: "0" }],
    ["a Call-ID of two lines", { "sub-call-id": "a\nfrom: x" }],
    ["no number", { to: "ten+10 01@acme.test" }],
  ])("is not told for %s", async (_, more) => {
    probe(pbx.acme, "1001", more);
    expect(await sent()).toEqual([]);
  });

  it("goes out with its extension, its domain and its tenant", async () => {
    const { acme, globex } = pbx;
    legs.onLeg(legOf(acme, "a", { from: 1001 }, true));
    legs.onLeg(legOf(acme, "b", { from: 1002 }, true));
    await sent();
    presence.onChange(acme.owner, acme.noExtension(1001));
    expect(await sent()).toEqual(["acme 1001@acme.test terminated all"]);
    presence.onChange(acme.owner, acme.settings({ domain: "new.test" }));
    expect(await sent()).toEqual(["acme 1002@acme.test terminated all", "acme 1002@new.test confirmed all"]);
    expect(globex.domain).toBe("globex.test");
  });

  it("of a slot is lit by whoever waits there", async () => {
    const { acme } = pbx;
    acme.put("parking-lot", "lot", { name: "lot", extensionNumber: "700", firstSlot: "701", slots: 2 });
    legs.onLeg(legOf(acme, "a", { from: 1001 }, true));
    await sent();
    const place = { lot: acme.idOf("parking-lot", "lot"), slot: "701" };
    legs.park("a", acme.id, place);
    expect(await sent()).toEqual(["acme 701@acme.test confirmed all"]);
    legs.take("a");
    expect(await sent()).toEqual(["acme 701@acme.test terminated all"]);
  });

  it("of a day/night switch follows it by each of its numbers", async () => {
    const { acme } = pbx;
    acme.put("schedule", "office", { name: "office", extensionNumber: "600", hours: [] });
    presence.onSwitch(acme.owner, acme.idOf("schedule", "office"));
    expect(await sent()).toEqual([]);
    acme.put("feature-code", "code", { action: "schedule-override", code: "*5" });
    probe(acme, "*5600");
    probe(acme, "*51");
    probe(acme, "*28600");
    expect(await sent()).toEqual(["*5600", "*51", "*28600"].map((number) => `acme ${number}@acme.test none call-1`));
  });
});

describe("lamps are right again", () => {
  it("after the event socket was cut in a call", async () => {
    const { acme } = pbx;
    legs.onLeg(legOf(acme, "a", { from: 1001 }, true));
    await sent();
    up = false;
    presence.onDown();
    legs.onEnd("a");
    legs.onLeg(legOf(acme, "b", { from: 1002 }, true));
    presence.watch(acme.owner, "1003");
    expect(await sent()).toEqual([]);
    up = true;
    await presence.onUp();
    expect((await sent()).sort()).toEqual([
      "acme 1001@acme.test terminated all",
      "acme 1002@acme.test confirmed all",
      "acme 1003@acme.test none all",
    ]);
  });

  it("after an event that did not get through", async () => {
    legs.onLeg(legOf(pbx.acme, "a", { from: 1001 }, true));
    await sent();
    lost = true;
    legs.onEnd("a");
    expect(await sent()).toEqual([]);
    lost = false;
    presence.onDown();
    await presence.onUp();
    expect(await sent()).toEqual(["acme 1001@acme.test none all"]);
  });

  it("after the agent was away while a call ended", async () => {
    legs.onLeg(legOf(pbx.acme, "a", { from: 1001 }, true));
    legs.onLeg(legOf(pbx.acme, "b", { from: 1002 }, true));
    await sent();
    start();
    legs.onLeg(legOf(pbx.acme, "b", { from: 1002 }, true));
    await presence.onUp();
    expect((await sent()).sort()).toEqual(["acme 1001@acme.test none all", "acme 1002@acme.test confirmed all"]);
    start();
    await presence.onUp();
    expect(await sent()).toEqual(["acme 1002@acme.test none all"]);
  });

  it("whatever stands in the file", async () => {
    writeFileSync(join(dir, "lamps"), `${pbx.acme.id} 1001\nten_x 1\n${pbx.acme.id} 1\r\nx: y\n\n${pbx.acme.id} 10`);
    start();
    await presence.onUp();
    expect(await sent()).toEqual(["acme 1001@acme.test none all"]);
  });
});

it("who watches nothing costs nothing: events are sent for watched numbers alone, once all watchers are known", async () => {
  const { acme } = pbx;
  const calls = (uuid: string, number: number) => {
    legs.onLeg(legOf(acme, uuid, { from: number }));
    legs.onEnd(uuid);
  };
  clock += 5 * minute;
  presence.watch(acme.owner, "1002");
  clock += 7 * minute;
  legs.onLeg(legOf(acme, "a", { from: 1001 }, true));
  legs.onLeg(legOf(acme, "b", { from: 1002 }, true));
  expect(await sent()).toEqual(["acme 1002@acme.test confirmed all"]);
  legs.onEnd("b");
  expect(await sent()).toEqual(["acme 1002@acme.test terminated all"]);
  clock += 10 * minute;
  calls("c", 1002);
  expect(await sent()).toEqual([]);
});

it("whatever happens, at the end each lamp was told last what it shows", async () => {
  type Step = ["leg" | "answer" | "end", number] | ["cut"];
  const step = fc.oneof<fc.Arbitrary<Step>[]>(
    fc.tuple(fc.constantFrom("leg" as const, "answer" as const, "end" as const), fc.integer({ min: 0, max: 5 })),
    fc.constant(["cut"] as Step),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(step, fc.boolean()), { maxLength: 30 }), async (steps) => {
      start();
      fired = [];
      await presence.onUp();
      const last = new Map<string, string>();
      const look = async () => {
        for (const line of await sent()) {
          const [, from = "", state = ""] = line.split(" ");
          last.set(from, state);
        }
      };
      const live = new Map<string, boolean>();
      for (const [[what, index], wait] of steps) {
        const uuid = `leg${index}`;
        const number = 1001 + ((index ?? 0) % 3);
        if (what === "cut") {
          presence.onDown();
          up = false;
          await look();
          up = true;
          await presence.onUp();
        } else if (what === "end") {
          legs.onEnd(uuid);
          live.delete(uuid);
        } else {
          const answered = what === "answer" || live.get(uuid) === true;
          legs.onLeg(legOf(pbx.acme, uuid, { to: number, by: "x" }, answered));
          live.set(uuid, answered);
        }
        if (wait) await look();
      }
      await look();
      for (const number of [1001, 1002, 1003]) {
        const own = [...live].filter(([uuid]) => Number(uuid.slice(3)) % 3 === number - 1001);
        const shows = own.some(([, answered]) => answered) ? "confirmed" : own.length > 0 ? "early" : undefined;
        const told = last.get(`${number}@acme.test`);
        if (shows) expect(told).toBe(shows);
        else expect(["terminated", "none", undefined]).toContain(told);
      }
    }),
    { numRuns: 50 },
  );
});

describe("a subscription", () => {
  it("is its phone's alone, until it ends", () => {
    probe(pbx.acme, "1001");
    expect(presence.mayUse("call-1", "1003@acme.test")).toBe(true);
    for (const other of ["1003@globex.test", "1002@acme.test"]) expect(presence.mayUse("call-1", other)).toBe(false);
    expect(presence.mayUse("call-2", "1003@globex.test")).toBe(true);
    clock += 12 * minute;
    expect(presence.mayUse("call-1", "1003@globex.test")).toBe(true);
  });

  const watch = vi.fn();
  const ask = (domain: string, exten: string) => {
    const request = { section: "configuration", key_value: "presence_map.conf", domain, exten };
    const lookups = {
      documents: pbx.documents,
      config: freeswitchConfig(),
      log: { error: () => expect.unreachable() },
    };
    return read(reply(body(request), { ...lookups, presence: { watch, mayUse: () => true } })).all("exten");
  };
  it("belongs to the tenant of its domain", () => {
    expect(ask("acme.test", "1001")).toEqual([{ regex: ".", proto: pbx.acme.id }]);
    expect(watch).toHaveBeenLastCalledWith(pbx.acme.owner, "1001");
    expect(ask("globex.test", "1001")).toEqual([{ regex: ".", proto: pbx.globex.id }]);
  });
  it("in a domain of nobody's belongs to nobody", () => {
    watch.mockClear();
    expect(ask("evil.test", "1001")).toEqual([{ regex: ".", proto: "nobody" }]);
    expect(watch).not.toHaveBeenCalled();
  });
});
