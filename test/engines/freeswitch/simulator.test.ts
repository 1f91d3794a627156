// What the simulator says is what phones and FreeSWITCH see: a sample of the calls and configurations that the property compares with the rendered XML.
import fc from "fast-check";
import { afterAll, beforeAll, describe, it } from "vitest";
import { simulate } from "../../../functions/api/simulate.ts";
import { simulation } from "../../../functions/api/simulation.ts";
import { engineInstalled, type FreeswitchHost, startFreeswitch } from "../../support/freeswitch.ts";
import { createPbx } from "../../support/pbx.ts";
import {
  build,
  type Configuration,
  call,
  configuration,
  did,
  extensions,
  trunks,
  type Wanted,
} from "../../support/random-tenant.ts";
import { type Message, openPhone, type Rogue, response, statusOf } from "../../support/sip.ts";
import { call as callFrom, openRegistered, type Phone, requestsOf } from "../../support/talk.ts";

type Said = ReturnType<typeof simulate>;
type Ends = Wanted["extensions"][number];
/** Who is rung together. */
type Rung = Set<string>;
type Case = { wanted: Configuration; one: Wanted };
type Pbx = ReturnType<typeof createPbx>;
type Tenant = Pbx["acme"];

const sampled = 14;
const carriers: Ends[] = ["answered", "busy", "rejected"];

/** As drawn, but for what takes long or what phones can't be told apart by: nobody types, and carriers answer alike whoever calls over them. */
function tamed({ wanted, one }: Case): Case {
  const members = (list: object[]) => list.map((each) => ({ ...each, ringSeconds: 5, delaySeconds: 0 }));
  const groups = wanted.of["ring-group"] as { members: object[]; strategy: string }[];
  return {
    wanted: {
      ...wanted,
      extensions: wanted.extensions.map((each) => ({
        ...{ ...each, ringSeconds: 5 },
        followMe: { ...each.followMe, enabled: false },
      })) as unknown as Configuration["extensions"],
      of: {
        ...wanted.of,
        "ring-group": groups.map((group) => ({
          ...{ ...group, confirm: false, members: members(group.members) },
          // chance is the call's own
          strategy: group.strategy === "random" ? "sequence" : group.strategy,
        })),
        queue: (wanted.of.queue as object[]).map((queue) => ({ ...queue, isAgent: false })),
      } as unknown as Configuration["of"],
    },
    one: {
      ...one,
      ...{ busy: [], ringing: [], parked: [], digits: [], full: false, waits: "answered", taken: true },
      trunks: [one.trunks[0], one.trunks[0]].map((ends) =>
        carriers.includes(ends as Ends) ? ends : "busy",
      ) as Wanted["trunks"],
    },
  };
}

const assumeOf = ({ trunks: [ends], extensions: phones }: Wanted) => ({
  ...Object.fromEntries(extensions.map((number, index) => [number, phones[index] ?? "answered"])),
  ...Object.fromEntries([...trunks, "+12025550123", "+33142681234"].map((name) => [name, ends])),
});

function ask(pbx: Pbx, tenant: Tenant, one: Wanted, number: string): Said {
  const config = pbx.documents.config(tenant.owner);
  if (!config) throw new Error("no tenant");
  const outside = one.from.startsWith("+");
  const to = outside || one.to === did ? number : one.to;
  const from = outside ? callerOf(number) : one.from;
  return simulate(config, simulation.parse({ from, to, assume: assumeOf(one) }), new Date());
}

/** A tenant's caller from outside, by the tenant's number. */
const callerOf = (number: string): string => `${number.slice(0, -2)}23`;
const numberOf = (n: number): string => `+15550${n}00`;

/** Who rings, in which order, by the simulator's steps. Phones that are not there don't. */
function rungBy(said: Said, one: Wanted): Rung[] {
  const found: Rung[] = [];
  const assume: Record<string, string> = assumeOf(one);
  let turn = "";
  const add = (name: string, beside: boolean) => {
    if (assume[name] === "not-registered") return;
    if (beside) found.at(-1)?.add(name);
    else found.push(new Set([name]));
  };
  for (const [index, { at, why, goesTo }] of said.steps.entries()) {
    const [kind, name = ""] = goesTo.split("/");
    const next = said.steps[index + 1];
    const last = next === undefined && said.outcome.do === "ring";
    // the next in turn is not rung where one before took the call
    if (why.startsWith("rings then") && assume[turn] === "answered") continue;
    const failed = next?.at === goesTo && /did not answer|is busy|no phone registered|declined/.test(next.why);
    if (kind === "trunk") add("carrier", false);
    else if (at.startsWith("ring-group/") && why.startsWith("rings ")) {
      turn = kind === "extension" ? name : (trunks[0] ?? "");
      add(
        kind === "extension" ? name : "carrier",
        why.startsWith("rings at once") && said.steps[index - 1]?.why.startsWith("rings ") === true,
      );
    } else if (kind === "extension" && (last || failed)) add(name, false);
    else if (at.startsWith("paging-group/") && why.startsWith("its phones")) add(name, found.length > 0);
  }
  return found;
}

/** Calls that end soon, and where nobody is to type. */
function fits(said: Said): boolean {
  const whys = said.steps.map(({ why }) => why).join("\n");
  const waits = [...whys.matchAll(/did not answer|nobody took it/g)].length;
  return waits <= 2 && said.outcome.what !== "say" && !/pressed|spelt|asked|round|PIN/.test(whys);
}

/** Cases of many kinds: the first of each outcome, and some more of those that most calls have. */
function choose(): Case[] {
  const perOutcome = new Map<unknown, number>();
  const chosen: Case[] = [];
  for (let seed = 1; chosen.length < sampled; seed++)
    for (const drawn of fc.sample(fc.record({ wanted: configuration, one: call }), { seed, numRuns: 10 })) {
      const each = tamed(drawn);
      const said = saidOf(each);
      if (!said || !fits(said) || chosen.length === sampled) continue;
      const kind = said.outcome.do;
      const count = perOutcome.get(kind) ?? 0;
      const most = kind === "ring" || kind === "hangup" ? 3 : 1;
      if (count >= most || (count > 0 && said.steps.length < 4)) continue;
      perOutcome.set(kind, count + 1);
      chosen.push(each);
    }
  return chosen;
}

/** What the simulator says of a case; undefined for a caller who can't call. */
function saidOf({ wanted, one }: Case): Said | undefined {
  const caller = wanted.extensions[extensions.indexOf(one.from)];
  if (caller?.enabled === false) return undefined;
  const pbx = createPbx();
  build(pbx.acme, wanted, numberOf(10), () => ({ host: "192.0.2.1" }));
  const said = ask(pbx, pbx.acme, one, numberOf(10));
  pbx.state.close();
  return said;
}

const method = ({ line }: Message): string => line.split(" ")[0] ?? "";
const statuses: Record<string, string> = { busy: "486 Busy Here", rejected: "603 Decline" };

/** Ends calls as it is told; who was rung is noted in the order of the INVITEs. */
function behave(phone: Rogue, ends: string, rang: () => void): void {
  const known = new Map<string, Message>();
  phone.answerWith((request) => {
    const id = request.headers.get("call-id") ?? "";
    const invite = known.get(id);
    if (method(request) === "ACK") return undefined;
    if (method(request) === "CANCEL" && invite) phone.send(response(invite, "487 Request Terminated"));
    if (method(request) !== "INVITE") return response(request, "200 OK");
    if (!invite) rang();
    known.set(id, request);
    const contact = [`Contact: <sip:phone@127.0.0.1:${phone.port}>`];
    if (ends === "answered") return response(request, "200 OK", contact, true);
    return ends === "no-answer"
      ? response(request, "180 Ringing", contact)
      : response(request, statuses[ends] ?? "480 No");
  });
}

/** What FreeSWITCH runs on the caller's leg, for outcomes in which it goes on. */
const applications: Record<string, string> = {
  ...{ ring: "bridge", trunk: "bridge", voicemail: "voicemail", mailbox: "voicemail", queue: "callcenter" },
  ...{ conference: "conference", page: "conference", park: "playback", test: "echo" },
};

describe.runIf(engineInstalled())("the simulator beside a real FreeSWITCH", { timeout: 60_000 }, () => {
  const pbx = createPbx();
  const cases = choose();
  const tenants = cases.map((_, index) => pbx.tenant(10 + index, `t${10 + index}.test`));
  const rogues: Rogue[] = [];
  let host: FreeswitchHost;

  beforeAll(async () => {
    for (const [index, { wanted }] of cases.entries()) {
      const carrier = await openPhone(0);
      rogues.push(carrier);
      const tenant = tenants[index] as Tenant;
      tenant.settings();
      build(tenant, wanted, numberOf(tenant.n), () => ({ host: "127.0.0.1", port: carrier.port }));
    }
    host = await startFreeswitch(pbx);
  }, 60_000);
  afterAll(async () => {
    await host?.stop();
    for (const rogue of rogues) rogue.close();
  });

  it.concurrent.for(
    cases.map(
      (each, index) =>
        [`${each.one.from} to ${each.one.from.startsWith("+") ? did : each.one.to} (${index})`, index] as const,
    ),
  )("%s", async ([, index], { expect }) => {
    const { one } = cases[index] as Case;
    const tenant = tenants[index] as Tenant;
    const number = numberOf(tenant.n);
    const rang: string[] = [];
    const assume: Record<string, string> = assumeOf(one);
    behave(rogues[index] as Rogue, assume[trunks[0] ?? ""] ?? "", () => rang.push("carrier"));
    const phones = new Map<string, Phone>();
    for (const extension of extensions) {
      const enabled = pbx.documents.device(tenant.owner, extension)?.extension.body.enabled;
      if (!enabled || (assume[extension] === "not-registered" && extension !== one.from)) continue;
      const phone = await openRegistered(host, tenant, Number(extension));
      behave(phone, assume[extension] ?? "", () => rang.push(extension));
      rogues.push(phone);
      phones.set(extension, phone);
    }
    const said = ask(pbx, tenant, one, number);
    const { outcome } = said;

    const from = one.from.startsWith("+") ? callerOf(number) : one.from;
    const caller = phones.get(one.from) ?? (await openPhone(host.carriers));
    if (!phones.has(one.from)) rogues.push(caller);
    const status = phones.has(one.from)
      ? (await callFrom(caller as Phone, one.to === did ? number : one.to, [], { withinMs: 25_000 })).status
      : statusOf(
          await caller.request({
            method: "INVITE",
            from: `${from}@127.0.0.1`,
            to: `${number}@127.0.0.1`,
            withinMs: 25_000,
          }),
        );
    const seen = async () => {
      const { rows = [] } = JSON.parse(await host.api("show channels as json")) as {
        rows?: Record<string, string>[];
      };
      return rows.find(
        ({ direction, name = "" }) =>
          direction === "inbound" && name.includes(`${from}@`) && (from !== one.from || name.includes(tenant.domain)),
      );
    };
    const told = JSON.stringify({ said, rang });
    if (outcome.do === "hangup") {
      // a leg that was answered on its way gets the cause with the BYE
      if (status !== 200) expect(status, told).toBe(outcome.status);
      else await expect.poll(() => requestsOf(caller, "BYE").length, { timeout: 10_000 }).toBeGreaterThan(0);
    } else if (outcome.do === "remember") {
      const config = pbx.documents.config(tenant.owner);
      for (const { kind, id, field, value } of outcome.changes as {
        kind: "extension";
        id: string;
        field: string;
        value: unknown;
      }[])
        expect(config?.runtime(kind, id, field), told).toEqual(value);
    } else {
      expect(status, told).toBe(200);
      await expect
        .poll(async () => (await seen())?.application, { timeout: 5000, message: told })
        .toBe(applications[String(outcome.do)]);
      const data = (await seen())?.application_data ?? "";
      const named =
        outcome.do === "voicemail" ? outcome.voicemailBox : outcome.do === "queue" ? outcome.queue : outcome.conference;
      if (named !== undefined) expect(data, told).toContain(String(named));
    }
    const expected = rungBy(said, one);
    const left = [...rang];
    expect(
      expected.map((group) => new Set(left.splice(0, group.size))),
      told,
    ).toEqual(expected);
    expect(left, told).toEqual([]);
    await host.api(`hupall NORMAL_CLEARING dp_tenant ${tenant.id}`);
  });
});
