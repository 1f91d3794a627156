// What FreeSWITCH is told of queues, letter for letter. `npm run golden` writes the files anew: read the difference before committing it.
import { readFileSync, writeFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import {
  agentSettings,
  queueSettings,
  stateDue,
} from "../../../../edge-agent/drivers/freeswitch/callcenter/settings.ts";
import { reply } from "../../../../edge-agent/drivers/freeswitch/lookup.ts";
import { freeswitchConfig } from "../../../support/freeswitch-config.ts";
import { createPbx } from "../../../support/pbx.ts";
import { body, dialled, type Request, read } from "./requests.ts";

const pbx = createPbx();
const { acme, globex } = pbx;
const config = freeswitchConfig("/");
const id = acme.idOf("queue", "q");
acme.put("queue", "q", {
  name: "Support ${x}",
  extensionNumber: "600",
  strategy: "round-robin",
  agents: [{ extension: acme.ext(1002) }, { extension: acme.ext(1003) }],
  ...{ maxWaitSeconds: 300, leaveWhenEmptySeconds: 30, wrapUpSeconds: 15, agentRingSeconds: 15 },
  callerNamePrefix: "S,${y}|{z}",
  afterwards: { kind: "hangup", cause: "busy" },
});
const ask = (request: Request) =>
  reply(body(request), { documents: pbx.documents, config, log: { error: () => expect.unreachable() } });

describe("FreeSWITCH is told exactly", () => {
  it.each<[string, Request]>([
    ["queue", dialled(acme, "1001", "600")],
    ["callcenter", { section: "configuration", key_value: "callcenter.conf", "CC-Queue": id }],
  ])("%s", (name, request) => {
    const file = new URL(`golden/${name}.xml`, import.meta.url);
    const xml = ask(request);
    if (process.env.GOLDEN === "write") writeFileSync(file, xml);
    expect(xml).toBe(readFileSync(file, "utf8"));
  });
});

describe("a caller whose wait ended", () => {
  const resumed = (more: Request, tenant = acme) =>
    read(
      ask(
        dialled(tenant, "1001", `dp-queue.${id}.out`, {
          ...{ variable_dp_node: `queue.${id}.out`, variable_dp_dialled: "600", variable_dp_step: "queue" },
          ...more,
        }),
      ),
    );

  it.each(["TIMEOUT", "NO_AGENT_TIMEOUT", "BREAK_OUT"])("by %s goes on afterwards", (reason) => {
    const { actions } = resumed({ variable_cc_cause: "cancel", variable_cc_cancel_reason: reason });
    expect(actions).toContain("hangup USER_BUSY");
  });

  it("because an agent took the call does not go on", () => {
    expect(resumed({ variable_cc_cause: "answered" }).actions).toContain("hangup UNALLOCATED_NUMBER");
  });

  it("of another tenant finds no queue of this one", () => {
    const { actions } = resumed({ variable_cc_cause: "cancel", variable_cc_cancel_reason: "TIMEOUT" }, globex);
    expect(actions).toContain("hangup UNALLOCATED_NUMBER");
  });
});

describe("an agent", () => {
  const of = (number: number, queues = ["q"], registered = true) => {
    const tenant = pbx.documents.config(acme.owner);
    const extension = tenant?.get("extension", acme.ext(number));
    const listed = queues.flatMap((name) => tenant?.get("queue", acme.idOf("queue", name)) ?? []);
    if (!tenant || !extension) throw new Error("no such extension");
    return agentSettings(tenant, extension, listed, () => registered);
  };

  it("is rung on all his devices, by legs that say whose they are and can't be redirected", () => {
    const contact =
      "{dp_tenant=ten_00000000000000000000000001,dp_to_extension=ext_00000000000000000000011002,force_transfer_context=acme.test,force_transfer_dialplan=XML,sip_copy_custom_headers=false,outbound_redirect_fatal=true}sofia/phones/1002%acme.test";
    expect(of(1002)).toEqual({
      contact,
      status: "Available",
      wrap_up_time: "15",
      max_no_answer: "3",
      reject_delay_time: "20",
      busy_delay_time: "10",
      no_answer_delay_time: "15",
    });
  });

  it("of several queues rests for the longest and is paused by the smallest", () => {
    const agents = [{ extension: acme.ext(1002) }];
    acme.put("queue", "r", { name: "r", agents, wrapUpSeconds: 60, missedCallsToPause: 2, strategy: "ring-all" });
    acme.put("queue", "s", { name: "s", agents, missedCallsToPause: 0 });
    expect(of(1002, ["q", "r", "s"])).toMatchObject({ wrap_up_time: "60", max_no_answer: "2" });
    expect(of(1002, ["s"])).toMatchObject({ wrap_up_time: "0", max_no_answer: "0", no_answer_delay_time: "0" });
  });

  it("without a registered phone is logged out", () => {
    expect(of(1002, ["q"], false).status).toBe("Logged Out");
  });
});

it.each([
  ["longest-idle", "longest-idle-agent"],
  ["ring-all", "ring-all"],
  ["round-robin", "sequentially-by-agent-order"],
  ["top-down", "sequentially-by-agent-order"],
  ["least-calls", "agent-with-fewest-calls"],
  ["least-talk", "agent-with-least-talk-time"],
  ["random", "random"],
])("the strategy %s is %s in mod_callcenter", (strategy, there) => {
  acme.put("queue", "t", { name: "t", strategy });
  const queue = pbx.documents.queue(acme.idOf("queue", "t"));
  expect(queue && queueSettings(queue).strategy).toBe(there);
});

describe("an agent who takes no second call", () => {
  it.each([
    [true, "Available", "Waiting", "Idle"],
    [true, "Available", "Receiving", undefined],
    [true, "Available", "In a queue call", undefined],
    [true, "On Break", "Waiting", undefined],
    [true, "Available", "Idle", undefined],
    [false, "Available", "Idle", "Waiting"],
    [false, "Logged Out", "Idle", "Waiting"],
    [false, "Available", "Waiting", undefined],
    [false, "Available", "In a queue call", undefined],
  ])("on another call: %s, %s and %s: becomes %s", (engaged, status, state, due) => {
    expect(stateDue(engaged, { status, state })).toBe(due);
  });
});
