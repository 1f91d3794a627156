// FreeSWITCH as the agent sees it: lookups answered, changes made live over the event socket, what happened there reported.
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Logger } from "pino";
import { browserPhoneField } from "../../../core/browser-phone.ts";
import { idOf, type Owner, tenantOwner } from "../../../core/owner.ts";
import type { PinOf } from "../../../core/routing/ask-pin.ts";
import type { Used } from "../../../core/routing/limits.ts";
import { takesSecondCall } from "../../../core/routing/runtime.ts";
import type { Failure, Roster } from "../../../core/wire.ts";
import type { CallBacks as Store } from "../../call-backs.ts";
import type { Documents } from "../../documents.ts";
import type { Driver, Report } from "../../driver.ts";
import type { LastCallers } from "../../last-callers.ts";
import type { Media } from "../../media.ts";
import type { PinTries } from "../../pin-tries.ts";
import { createPrompts } from "../../prompts.ts";
import type { Runtime } from "../../runtime.ts";
import type { UsedStore } from "../../used.ts";
import { createCallBacks } from "./callcenter/call-backs.ts";
import * as Callers from "./callcenter/callers.ts";
import { createWallboard } from "./callcenter/wallboard.ts";
import { certify } from "./certify.ts";
import { carryOut } from "./commands.ts";
import type { FreeswitchConfig } from "./config.ts";
import type { AskCallBack } from "./dialplan.ts";
import { createEngine } from "./engine.ts";
import { connectEsl, type Esl } from "./esl/esl.ts";
import type { EslEvent } from "./esl/event.ts";
import { createFront, kamailios } from "./front.ts";
import { createPings } from "./front-pings.ts";
import * as InCall from "./in-call.ts";
import { createLegs } from "./legs.ts";
import { answer } from "./lookup.ts";
import { createMailboxes } from "./mailboxes.ts";
import * as MessageLamps from "./message-lamps.ts";
import { createMinutes } from "./minutes.ts";
import { createPeople } from "./people.ts";
import * as Presence from "./presence/presence.ts";
import { createRecordOnDemand } from "./record-on-demand.ts";
import { createRecordings } from "./recordings.ts";
import { createReport, events } from "./report/report.ts";
import { createSpend } from "./spend.ts";
import { type Step, stepsFor, stepsForAgent, stepsForPhones } from "./steps.ts";
import { createTurns, laneOf } from "./turns.ts";

type Failed = { step: Step; failure: Failure };
/** What is heard beside calls, registrations and queues. */
const others = ["sofia::gateway_delete", "vm::maintenance", "RECORD_STOP"];
const isGateway = (step: Step): boolean => step.do === "gateway";

type Log = Pick<Logger, "info" | "warn" | "error">;
export type FreeswitchDriver = Driver & {
  /** Answers one lookup of mod_xml_curl. */
  answer(request: IncomingMessage, response: ServerResponse): void;
};

export function createFreeswitchDriver(options: {
  documents: Documents;
  report: Report;
  /** Sets runtime state. */
  remember: Runtime["remember"];
  lastCallers: LastCallers;
  pinTries: PinTries;
  callBacks: Store;
  used: UsedStore;
  /** The hosts of the pool; undefined until the cloud told of them. */
  roster: () => Roster | undefined;
  config: FreeswitchConfig;
  log: Log;
  media: Media;
}): FreeswitchDriver {
  const { documents, config, log, remember, media, lastCallers, pinTries } = options;
  const legs = createLegs(documents);
  legs.onChange((tenant, what, uuid) => {
    const leg = "extension" in what ? legs.of(what.extension).find((one) => one.uuid === uuid) : undefined;
    if (!leg?.extension || leg.calls || leg.answered) return;
    const known = /^\+?\d{2,20}$/.test(leg.other ?? "");
    try {
      lastCallers.rang(tenantOwner(tenant), leg.extension, known ? leg.other : null);
    } catch (error) {
      log.warn({ error: String(error) }, "who called an extension last could not be kept");
    }
  });
  const pings = createPings({
    hosts: () => kamailios(options.roster()),
    from: config.front.address,
    onTurn: () => reach(),
  });
  const front = createFront(options.roster, pings.answers);
  const report = createReport({
    documents,
    front,
    report: options.report,
    log,
    cdrDir: config.cdrDir,
    legs,
    spend: {
      onLeg: (leg) => each(({ onLeg }) => onLeg(leg)),
      onEnded: (leg) => each(({ onEnded }) => onEnded(leg)),
      keep: (all) => each(({ keep }) => keep(all)),
    },
    onPresence(tenant, username) {
      const found = documents.device(tenantOwner(tenant), username);
      if (found) void makeLive(stepsForAgent(tenantOwner(tenant), found.extension.id, documents));
    },
  });
  const prompts = createPrompts({ documents, media, dir: config.promptsDir });
  const adding = { domains: new Set<string>() };
  let esl: Esl | undefined;
  let version: string | null = null;
  const api = {
    api: async (command: string) => {
      if (!esl) throw new Error("FreeSWITCH is not connected");
      return esl.api(command);
    },
    bgapi: async (command: string, seconds: number) => {
      if (!esl) throw new Error("FreeSWITCH is not connected");
      return esl.bgapi(command, seconds);
    },
    fire: async (name: string, headers: Record<string, string>, body?: string) => {
      if (!esl) throw new Error("FreeSWITCH is not connected");
      return esl.fire(name, headers, body);
    },
    get up() {
      return esl?.up ?? false;
    },
  };
  const spend = createSpend({ documents, store: options.used, esl: api, report: options.report, log });
  const minutes = createMinutes({ documents, store: options.used, esl: api, tellReached: spend.tellReached, log });
  const each = (tell: (one: Pick<typeof spend, "onLeg" | "onEnded" | "keep">) => void): void =>
    [spend, minutes].forEach(tell);
  const usedOf = (limit: Parameters<Used>[0], scope: Owner): number => {
    if (limit === "minutesPerDay") return minutes.used(scope);
    return limit === "recordingMinutesPerMonth" ? spend.recordedMinutes(scope) : 0;
  };
  const engine = createEngine({
    esl: api,
    documents,
    adding,
    key: config.esl.password,
    registered: report.registered,
    engaged: legs.engaged,
    front,
  });
  legs.onChange((tenant, what) => {
    if (!("extension" in what)) return;
    agentMoved(tenantOwner(tenant), what.extension);
    wallboard.onMoved(what.extension);
  });
  const callers = Callers.createCallers({ documents, config, esl: api, remember, log });
  const wallboard = createWallboard({
    ...{ documents, esl: api, engaged: legs.engaged, log },
    whose: (uuid) => ({
      extension: legs.find(uuid)?.extension,
      call: report.liveCall(legs.rootOf(uuid))?.id,
    }),
    report(data) {
      options.report({ type: "queue.updated", data }).catch((error: unknown) => {
        log.error({ error: String(error) }, "an event could not be kept");
      });
    },
  });
  const present = (owner: Owner) => ({
    registered: (extension: string) => report.registered(owner, extension),
    waiting: callers.count,
    callBacks: options.callBacks.count,
    lastCaller: (extension: string) => lastCallers.of(owner, extension),
    trunkFailed: report.trunkFailed,
    spent: spend.spent,
    used: usedOf,
    pinSpent: (of: PinOf) => pinTries.spent(owner, of, Date.now()),
  });
  const people = createPeople((extension) => api.up && legs.onCall(extension));
  const callBacks = createCallBacks({ esl: api, documents, store: options.callBacks, spent: spend.spent, log });
  const askCallBack: AskCallBack = (owner, { queue, number, sinceSeconds }) =>
    options.callBacks.ask({ owner, queue, number, since: sinceSeconds * 1000 }, Date.now());
  function wrongPin(owner: Owner, of: PinOf): void {
    const until = pinTries.wrong(owner, of, Date.now());
    if (until === undefined) return;
    const data = { tenant: idOf(owner), ...of, until: new Date(until).toISOString() };
    log.warn(data, "a PIN was typed wrong too often");
    options.report({ type: "pin.locked", data }).catch((error: unknown) => {
      log.error({ error: String(error) }, "an event could not be kept");
    });
  }
  const presence = Presence.createPresence({
    ...{ esl: api, documents, legs, log, file: config.lampsFile },
    phonesUp: engine.phonesUp,
  });
  const lookups = {
    documents,
    config,
    log,
    fresh: adding,
    remember,
    legs,
    present,
    people,
    askCallBack,
    wrongPin,
    presence,
    front,
  };
  const bringing = { esl: api, documents, media, report: options.report, log };
  const recordings = createRecordings({ ...bringing, dir: config.recordingsDir, recorded: spend.recorded });
  const mailboxes = createMailboxes({ ...bringing, dir: config.voicemailDir });
  const messageLamps = MessageLamps.createMessageLamps({ esl: api, documents, front, log });
  const recordOnDemand = createRecordOnDemand({
    ...{ esl: api, documents, legs, liveCall: report.liveCall, config, log },
    used: usedOf,
  });
  let everUp = false;
  const turns = createTurns();

  /** Commands run one at a time, whoever wants them. */
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => turns.in("all", work);

  /** But not those of gateways: FreeSWITCH takes a second to be rid of one, and longer where it is broken, and nobody else is to wait for that. */
  const inLanes = async (steps: Step[]): Promise<Failed[]> =>
    (await Promise.all(steps.map((step) => turns.in(laneOf(step.for.id), () => carryOutAll([step]))))).flat();

  /** Each in its turn, all at once. */
  async function run(steps: Step[]): Promise<Failed[]> {
    const [gateways, others] = [steps.filter(isGateway), steps.filter((step) => !isGateway(step))];
    return (await Promise.all([inTurn(() => carryOutAll(others)), inLanes(gateways)])).flat();
  }

  async function carryOutAll(steps: Step[]): Promise<Failed[]> {
    const failed: Failed[] = [];
    // a FreeSWITCH that this agent never met reads everything from it when it starts, and is compared with it when they meet
    if (!everUp) return [];
    for (const step of steps) {
      try {
        await engine.carryOut(step);
      } catch (error) {
        const reason = error instanceof Error ? error.message : String(error);
        log.warn({ step, reason }, "a change did not take on FreeSWITCH");
        failed.push({ step, failure: { ...step.for, reason, retry: true } });
      }
    }
    return failed;
  }

  /** What is not configuration changed: who is there, who paused. Found again by the comparison if it fails now. */
  async function makeLive(steps: Step[]): Promise<void> {
    if (steps.length > 0) await inTurn(() => carryOutAll(steps));
  }

  /** He came to a call or left one. Who takes second calls is no matter of ours. */
  function agentMoved(owner: Owner, id: string): void {
    const config = documents.config(owner);
    const extension = config?.get("extension", id);
    if (config && extension && !takesSecondCall(config, extension)) void makeLive(stepsForAgent(owner, id, documents));
  }

  /** FreeSWITCH's own mailbox asked for a box's PIN, by a code or in the middle of a greeting. */
  function onMailboxLogin({ subclass, headers }: EslEvent): void {
    const failed = headers["VM-Action"] === "authentication" && headers["VM-Auth-Result"] === "fail";
    const box = subclass === "vm::maintenance" && failed && documents.voicemailBox(headers["VM-User"] ?? "");
    if (box) wrongPin(box.owner, { kind: "voicemail-box", id: box.id, pin: "pin" });
  }

  /** mod_callcenter made him free after a queue's call, and he may be on another. */
  function onAgentState({ subclass, headers }: EslEvent): void {
    const { "CC-Action": action, "CC-Agent-State": state, "CC-Agent": agent = "" } = headers;
    if (subclass !== "callcenter::info" || action !== "agent-state-change" || state !== "Waiting") return;
    const [leg] = legs.engaged(agent) ? legs.of(agent) : [];
    if (leg) agentMoved(tenantOwner(leg.tenant), agent);
  }

  async function connected(connection: Esl): Promise<void> {
    esl = connection;
    everUp = true;
    version = /FreeSWITCH Version (\S+)/.exec(await connection.api("version"))?.[1] ?? null;
    await report.onUp(connection);
    await callers.onUp();
    void callBacks.look();
    await presence.onUp();
    await reconcile();
    void wallboard.onUp();
  }

  /** Both parts at once: no command waits for a file that is slow to come. */
  async function reconcile(): Promise<Map<Owner, Failure[]>> {
    // nobody waits for it: what is late is tried again by itself
    if (api.up)
      void Promise.all([mailboxes.sweep(), recordings.sweep()]).catch((error: unknown) =>
        log.warn({ error: String(error) }, "not all audio was swept"),
      );
    const [failures, missing] = await Promise.all([reconcileEngine(), prompts.reconcile()]);
    for (const [owner, found] of missing) failures.set(owner, [...(failures.get(owner) ?? []), ...found]);
    return failures;
  }

  async function reconcileEngine(): Promise<Map<Owner, Failure[]>> {
    const failures = new Map<Owner, Failure[]>();
    // nothing can be said of an engine that is down: whatever changes meanwhile fails by itself, and the rest is found when it is back
    if (!api.up) return failures;
    const gateways: Step[] = [];
    const failed = await inTurn(async () => {
      const { steps, down } = await engine.differences();
      if (down !== undefined) tellDown(down, failures);
      gateways.push(...steps.filter(isGateway));
      return carryOutAll(steps.filter((step) => !isGateway(step)));
    });
    for (const { step, failure } of [...failed, ...(await inLanes(gateways))]) {
      const owner = ownerOf(step, documents);
      if (owner) failures.set(owner, [...(failures.get(owner) ?? []), failure]);
    }
    return failures;
  }

  /** Of each tenant: none of its phones can register. */
  function tellDown(profile: string, failures: Map<Owner, Failure[]>): void {
    const reason = `FreeSWITCH's profile ${profile} is down`;
    log.warn({}, reason);
    for (const domain of documents.domains()) {
      const owner = documents.tenantByDomain(domain);
      if (owner) failures.set(owner, [{ kind: "tenant", id: idOf(owner), reason, retry: true }]);
    }
  }

  let reached = JSON.stringify(front.through);
  /** Phones are reached another way: queues' agents, whose contacts FreeSWITCH holds, must follow. */
  function reach(): void {
    const now = JSON.stringify(front.through);
    if (now === reached) return;
    reached = now;
    reconcile().catch((error: unknown) =>
      log.warn({ error: String(error) }, "queues' agents may be called another way"),
    );
  }

  return {
    engine: "freeswitch",
    answer: (request, response) => answer(lookups, request, response),
    async start() {
      report.start();
      pings.start();
      callBacks.start();
      esl = connectEsl({
        ...config.esl,
        log,
        events: [
          ...new Set([
            ...events,
            ...Callers.events,
            ...Presence.events,
            ...InCall.events,
            ...MessageLamps.events,
            ...others,
          ]),
        ],
        onEvent: (event) => {
          engine.onEvent(event);
          mailboxes.onEvent(event);
          messageLamps.onEvent(event);
          recordings.onEvent(event);
          recordOnDemand.onEvent(event);
          report.onEvent(event);
          callers.onEvent(event);
          wallboard.onEvent(event);
          onAgentState(event);
          onMailboxLogin(event);
          callBacks.onEvent(event);
          presence.onEvent(event);
        },
        onUp: connected,
        onDown: presence.onDown,
      });
    },
    async apply(owner, changes) {
      presence.onChange(owner, changes);
      const changed = changes.flatMap(({ kind, id, after }) => (kind === "prompt" && after ? [id] : []));
      const steps = run(stepsFor(owner, changes, documents));
      // of a document that was dropped whole they stay: it may be restored
      const emptied = everUp && documents.config(owner) ? mailboxes.empty(owner, changes) : [];
      const others = Promise.all([prompts.bring(changed), emptied]);
      const [failed, missing] = await Promise.all([steps, others]);
      wallboard.onChange(owner, changes);
      return [...failed.map(({ failure }) => failure), ...missing.flat()];
    },
    async forget(owner) {
      try {
        const failures = await mailboxes.forget(owner);
        await recordings.forget(owner);
        await prompts.reconcile();
        return failures;
      } catch (error) {
        const reason = `what it left on this host could not be deleted: ${String(error)}`;
        return [{ kind: "document", id: idOf(owner), reason, retry: true }];
      }
    },
    reconcile,
    // not in turn: it waits for people, and changes nothing that another command looks at
    async command(owner, name, given) {
      if (!esl?.up) throw new Error("FreeSWITCH is not connected");
      if (name === "voicemail.read" || name === "voicemail.delete") return mailboxes.command(owner, name, given);
      if (name === "recording") return recordOnDemand.command(owner, given);
      const parts = { esl, documents, through: front.through, host: config, present, liveCall: report.liveCall };
      return carryOut(parts, owner, name, given);
    },
    certify: (pem) => certify(config, api, pem),
    onRuntime(owner, kind, id, field) {
      if (kind === "schedule") presence.onSwitch(owner, id);
      if (kind !== "extension") return;
      if (field === "agent" || field === "doNotDisturb" || field === "callWaiting")
        void makeLive(stepsForAgent(owner, id, documents));
      // who has which phones
      if (field === "hotDesk" || field === browserPhoneField) void makeLive(stepsForPhones(owner, documents));
    },
    onRoster: reach,
    health: () => ({ connected: api.up, version, liveCalls: report.liveCalls }),
    async stop() {
      pings.stop();
      callers.stop();
      wallboard.stop();
      callBacks.stop();
      spend.stop();
      minutes.stop();
      await esl?.close();
      await turns.idle();
      await report.stop();
    },
  };
}

function ownerOf(step: Step, documents: Documents): Owner | undefined {
  if (step.do === "gateway") return documents.trunk(step.id)?.owner;
  return "owner" in step ? step.owner : documents.tenantByDomain(step.domain);
}
