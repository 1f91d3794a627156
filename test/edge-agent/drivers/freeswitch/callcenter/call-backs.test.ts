// Whose turn it is to be called back, and what becomes of a wish: against the real store, with an event socket that says what it is told to.
import { beforeEach, describe, expect, it } from "vitest";
import { createCallBacks } from "../../../../../edge-agent/drivers/freeswitch/callcenter/call-backs.ts";
import type { EslEvent } from "../../../../../edge-agent/drivers/freeswitch/esl/event.ts";
import { createPbx, idOf } from "../../../../support/pbx.ts";

type Member = { joined: number; base?: number; state?: string };
const start = 1_800_000_000_000;
const seconds = (ms: number) => Math.floor(ms / 1000);

describe("call backs of a queue", () => {
  let pbx: ReturnType<typeof createPbx>;
  let now = start;
  let free = 0;
  let members: Member[] = [];
  let calls: string[] = [];
  /** What FreeSWITCH says to the next calls; `+OK` where there is no more. */
  let answers: string[] = [];
  let alive = new Set<string>();
  let backs: ReturnType<typeof createCallBacks>;

  const agents = () =>
    [
      "name|last_bridge_end|wrap_up_time|ready_time",
      ...Array.from({ length: free }, (_, i) => `a${i}|0|0|0`),
      "+OK",
    ].join("\n");
  const rows = () =>
    [
      "queue|joined_epoch|base_score|state",
      ...members.map(({ joined, base = 0, state = "Waiting" }) => `q|${seconds(joined)}|${base}|${state}`),
      "+OK",
    ].join("\n");
  const esl = {
    up: true,
    async api(command: string) {
      if (command.startsWith("uuid_exists ")) return String(alive.has(command.slice(12)));
      return command.includes("list agents") ? agents() : rows();
    },
    async bgapi(command: string) {
      calls.push(command);
      return answers.shift() ?? "+OK x";
    },
  };
  const log = { info: () => undefined, warn: (detail: object) => expect.fail(JSON.stringify(detail)) };
  const create = () =>
    createCallBacks({ esl, documents: pbx.documents, store: pbx.state.callBacks, log, now: () => now });
  const store = () => pbx.state.callBacks;
  const called = () => calls.map((command) => /gateway\/(\w+)\/(\S+?)'/.exec(command)?.slice(1).join(" "));
  const ask = (number: string, since = start) =>
    store().ask({ owner: pbx.acme.owner, queue: pbx.acme.idOf("queue", "q"), number, since }, now);
  const look = async () => {
    await backs.look();
    // what was begun is carried out behind it
    await new Promise((resolve) => setImmediate(resolve));
    await backs.look();
  };
  const event = (headers: Record<string, string>, name = "CUSTOM"): EslEvent => ({
    ...{ name, subclass: name === "CUSTOM" ? "callcenter::info" : undefined, body: undefined, headers },
  });
  const put = (more: Record<string, unknown> = {}) =>
    pbx.acme.put("queue", "q", {
      ...{ name: "Support", agents: [{ extension: pbx.acme.ext(1002) }] },
      callBack: { payer: pbx.acme.ext(1003), retryAfterSeconds: 60, expiresSeconds: 3600, ...more },
    });

  beforeEach(() => {
    pbx = createPbx();
    [now, free, members, calls, answers, alive] = [start, 0, [], [], [], new Set()];
    const trunk = { codecs: [], maxChannels: null, prefix: "", pingSeconds: null };
    pbx.acme.trunk(1, { name: "a", priority: 1, ...trunk });
    pbx.acme.trunk(2, { name: "b", priority: 2, ...trunk });
    put();
    backs = create();
  });
  const [first, second] = ["+12025550101", "+12025550102"];

  it("come when an agent is free, in the order of their places, each once", async () => {
    ask(second, start + 1000);
    ask(first);
    await look();
    expect(calls).toEqual([]);
    free = 1;
    await look();
    expect(called()).toEqual([`${idOf("trk", 1)} ${first}`]);
    await look();
    expect(calls).toHaveLength(1);
    free = 2;
    await look();
    expect(called().at(-1)).toBe(`${idOf("trk", 1)} ${second}`);
  });

  it("wait for whoever came before them, and for nobody who came since", async () => {
    free = 1;
    ask(first, start);
    members = [{ joined: start + 60_000, base: 120 }];
    await look();
    expect(calls).toEqual([]);
    members = [{ joined: start + 60_000 }, { joined: start - 60_000, state: "Trying" }];
    await look();
    expect(calls).toHaveLength(1);
  });

  it("take the next trunk where one fails, and no further one where the called party is busy", async () => {
    free = 1;
    answers = ["-ERR NORMAL_TEMPORARY_FAILURE", "-ERR USER_BUSY"];
    ask(first);
    await look();
    expect(called()).toEqual([`${idOf("trk", 1)} ${first}`, `${idOf("trk", 2)} ${first}`]);
    expect(store().all()).toMatchObject([{ number: first, tries: 1, leg: null, due: start + 60_000 }]);
  });

  it("are tried again after a while, so often as the queue says, and not when it is too late", async () => {
    free = 1;
    answers = ["-ERR NO_ANSWER", "-ERR NO_ANSWER"];
    ask(first);
    await look();
    now += 59_000;
    await look();
    expect(calls).toHaveLength(1);
    now += 1000;
    await look();
    expect(calls).toHaveLength(2);
    expect(store().all()).toEqual([]);
    ask(second, start + 1000);
    free = 0;
    now += 3_601_000;
    await look();
    expect(store().all()).toEqual([]);
  });

  it("are done when he waits in the queue again; who hangs up before, or lets a mailbox listen, is called later", async () => {
    free = 2;
    ask(first);
    ask(second, start + 1000);
    await look();
    const [one, other] = store().all();
    backs.onEvent(event({ "CC-Action": "member-queue-start", "CC-Member-Session-UUID": one?.leg ?? "" }));
    const hungUp = { variable_dp_called_back: second, variable_answer_uepoch: "1", "Unique-ID": other?.leg ?? "" };
    backs.onEvent(event(hungUp, "CHANNEL_HANGUP_COMPLETE"));
    expect(store().all()).toMatchObject([{ number: second, tries: 1, leg: null }]);
  });

  it("outlive the agent: what it left half done goes on, or counts as a try", async () => {
    free = 2;
    ask(first);
    ask(second, start + 1000);
    await look();
    const [one] = store().all();
    alive = new Set([one?.leg ?? ""]);
    backs = create();
    await look();
    expect(calls).toHaveLength(2);
    expect(store().all()).toMatchObject([
      { number: first, leg: one?.leg },
      { number: second, leg: null, tries: 1 },
    ]);
  });

  it("go nowhere that the payer may not call any more, nor for a queue that calls nobody back or is gone", async () => {
    free = 1;
    ask(first);
    pbx.acme.extension(1003, { outbound: { permission: "internal", countries: null } });
    await look();
    expect([calls, store().all()]).toEqual([[], []]);
    ask(first);
    pbx.acme.put("queue", "q", { name: "Support" });
    await look();
    expect(store().all()).toEqual([]);
    ask(first);
    pbx.acme.drop("queue", "q");
    expect(store().all()).toEqual([]);
    expect(calls).toEqual([]);
  });

  it("are one for a number, whose place stays", () => {
    ask(first, start);
    ask(first, start + 5000);
    expect(
      store()
        .all()
        .map(({ since }) => since),
    ).toEqual([start]);
  });
});
