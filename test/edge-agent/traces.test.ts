// A request's id on its way through the agent: from the queue's message to the agent's log and back to the cloud with the acknowledgement.
import { expect, onTestFinished, test, vi } from "vitest";
import { z } from "zod";
import { empty } from "../../core/digest.ts";
import { tenantOwner } from "../../core/owner.ts";
import { type Ack, acks as acksSchema, type Delta } from "../../core/wire.ts";
import { createAcks } from "../../edge-agent/acks.ts";
import type { Cloud } from "../../edge-agent/cloud.ts";
import { silent } from "../../edge-agent/log.ts";
import { openState } from "../../edge-agent/state.ts";
import { createSync } from "../../edge-agent/sync.ts";
import { createTraces } from "../../edge-agent/traces.ts";

const owner = tenantOwner("ten_01ARZ3NDEKTSV4RRFFQ69G5FA1");
const delta = (revision: number, requestId?: string): Delta => ({
  ...{ type: "delta", owner, epoch: 1, revision, digest: empty, path: [], upserts: [], deletes: [], secrets: [] },
  base: revision === 0 ? null : { revision: revision - 1, digest: empty },
  at: "2026-01-01T00:00:00Z",
  ...(requestId !== undefined && { requestId }),
});

function agent(missed: Delta[] = []) {
  const state = openState(":memory:");
  const lines: Record<string, unknown>[] = [];
  const sent: Ack[] = [];
  const log = { ...silent, info: (about: object) => void lines.push({ ...about }) } as typeof silent;
  const cloud: Cloud = {
    get: async (_, schema) => z.parse(schema, { deltas: missed, snapshot: false }),
    post: () => Promise.reject(new Error("unused")),
    async send(_method, _path, body) {
      sent.push(...acksSchema.parse(JSON.parse(String(body))).acks);
      return "";
    },
  };
  const traces = createTraces();
  const acks = createAcks({ pending: state.pending, cloud, traces, log: silent });
  const sync = createSync({
    ...{ state, cloud, traces, log, hearRoster: () => {}, retryMilliseconds: 1 },
    ...{ commands: { receive: () => {} }, runtime: { hear: () => {} } },
    changed(of) {
      const work = state.pending.take(of);
      if (work) state.pending.settle(work, []);
      acks.poke();
    },
  });
  onTestFinished(async () => {
    await Promise.all([sync.stop(), acks.stop()]);
    state.close();
  });
  return { sync, lines, sent };
}

test("a delta's request is named as it is taken over, and with the acknowledgement of its revision and of no other", async () => {
  const { sync, lines, sent } = agent();
  sync.receive(delta(0, "req_A"));
  await vi.waitFor(() => expect(sent).toMatchObject([{ revision: 0, requestId: "req_A" }]));
  expect(lines).toEqual([{ owner, revision: 0, requestId: "req_A" }]);
  sync.receive(delta(1));
  await vi.waitFor(() => expect(sent).toHaveLength(2));
  expect(sent[1]).toMatchObject({ revision: 1 });
  expect(sent[1]).not.toHaveProperty("requestId");
  expect(lines).toHaveLength(1);
});

test("what a pointer had fetched is named by the pointer's request", async () => {
  const { sync, lines, sent } = agent([delta(1), delta(2)]);
  sync.receive(delta(0));
  sync.receive({ type: "pointer", owner, epoch: 1, revision: 2, digest: empty, requestId: "req_B" });
  await vi.waitFor(() => expect(sent.at(-1)).toMatchObject({ revision: 2, requestId: "req_B" }));
  expect(lines).toEqual([{ owner, revision: 2, requestId: "req_B" }]);
});
