import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Sound } from "../../../../../core/routing/sound.ts";
import { createAnnouncer } from "../../../../../edge-agent/drivers/freeswitch/callcenter/announcer.ts";
import { createWaiting } from "../../../../../edge-agent/drivers/freeswitch/callcenter/waiting.ts";
import { createPbx } from "../../../../support/pbx.ts";

const queue = "que_1";
const event = (action: string, uuid: string, atMs = 0) => ({
  name: "CUSTOM",
  subclass: "callcenter::info",
  body: undefined,
  headers: {
    "CC-Action": action,
    "CC-Queue": queue,
    "CC-Member-Session-UUID": uuid,
    "Event-Date-Timestamp": String(atMs * 1000),
  },
});

describe("who waits", () => {
  const scene = () => {
    const told: string[] = [];
    const waiting = createWaiting({
      joined: ({ uuid }) => told.push(`+${uuid}`),
      left: ({ uuid }) => told.push(`-${uuid}`),
    });
    return { waiting, told };
  };

  it("is counted from when he joins until an agent takes him or he leaves, once however often it is told", () => {
    const { waiting, told } = scene();
    waiting.onEvent(event("member-queue-start", "a", 1000));
    waiting.onEvent(event("member-queue-start", "a", 1000));
    waiting.onEvent(event("member-queue-start", "b", 2000));
    expect(waiting.count(queue)).toBe(2);
    waiting.onEvent(event("bridge-agent-start", "a", 11_000));
    waiting.onEvent(event("member-queue-end", "a", 60_000));
    waiting.onEvent(event("member-queue-end", "b", 61_000));
    expect([waiting.count(queue), waiting.count("que_2")]).toEqual([0, 0]);
    expect(told).toEqual(["+a", "+b", "-a", "-b"]);
    expect(waiting.latelyMs(queue)).toBe(10_000);
  });

  it("is read anew after events were missed", async () => {
    const { waiting, told } = scene();
    waiting.onEvent(event("member-queue-start", "gone", 1000));
    const head = "queue|instance_id|uuid|session_uuid|cid_number|cid_name|joined_epoch|state";
    const rows = [
      `${queue}|single_box|m1|a|1001|A|Waiting|one|5|Waiting`,
      `${queue}|single_box|m2|b|1002|B|4|Trying`,
      `${queue}|x|m3||1003|C|3|Abandoned`,
    ];
    await waiting.reread(async () => `${[head, ...rows].join("\n")}\n+OK\n`);
    expect(told).toEqual(["+gone", "-gone", "+a", "+b"]);
    expect(waiting.position({ uuid: "a", queue, joinedMs: 5000 })).toBe(2);
    expect(waiting.position({ uuid: "gone", queue, joinedMs: 1000 })).toBeUndefined();
  });
});

describe("a waiting caller", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());
  const scene = (more: Record<string, unknown>) => {
    const pbx = createPbx();
    pbx.acme.put("queue", "q", { name: "q", announceEverySeconds: 20, ...more });
    const said: Sound[][] = [];
    const announcer = createAnnouncer({
      documents: pbx.documents,
      waiting: { position: () => 3, latelyMs: () => 130_000 },
      say: (_, sounds) => said.push(sounds),
    });
    return { pbx, announcer, said, member: { uuid: "a", queue: pbx.acme.idOf("queue", "q"), joinedMs: 0 } };
  };

  it("is told his place and the wait in minutes, every so many seconds of his own, until he leaves", () => {
    const { announcer, said, member } = scene({ announcePosition: true, announceWait: true });
    announcer.joined(member);
    vi.advanceTimersByTime(19_999);
    expect(said).toEqual([]);
    vi.advanceTimersByTime(20_001);
    const place = [{ word: "position" }, { digits: "3" }, { word: "wait-minutes" }, { digits: "2" }];
    expect(said).toEqual([place, place]);
    announcer.left(member);
    vi.advanceTimersByTime(100_000);
    expect(said).toHaveLength(2);
  });

  it("hears nothing where the queue says nothing, and what it says from when it does", () => {
    const { pbx, announcer, said, member } = scene({});
    announcer.joined(member);
    vi.advanceTimersByTime(20_000);
    pbx.acme.put("queue", "q", { name: "q", announceEverySeconds: 20, announcePosition: true });
    vi.advanceTimersByTime(20_000);
    expect(said).toEqual([[{ word: "position" }, { digits: "3" }]]);
  });
});
