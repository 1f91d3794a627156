// What FreeSWITCH tells, made into what the cloud is told: live calls, call records, registrations, states of trunks.
import type { Logger } from "pino";
import { idOf, type Owner } from "../../../../core/owner.ts";
import { phonesOf } from "../../../../core/routing/hot-desk.ts";
import { derivedId } from "../../../derived-id.ts";
import type { Documents } from "../../../documents.ts";
import type { Report } from "../../../driver.ts";
import { endPatienceSeconds, patienceSeconds } from "../../../spool.ts";
import type { Esl, EslEvent } from "../esl/esl.ts";
import { deviceOf, type Front, noFront } from "../front.ts";
import { createLegs, type Legs, slotOf } from "../legs.ts";
import { createCdrFiles } from "./cdr-files.ts";
import { createJoin, type JoinWaits } from "./join.ts";
import { type Leg, legOfEvent } from "./leg.ts";
import { createLive, type Live, timeOf } from "./live.ts";
import { recordOf } from "./record.ts";
import { createRegistrations } from "./registrations.ts";
import { createRooms } from "./rooms.ts";
import { createTrunks, type Trunks } from "./trunks.ts";

/** What `onEvent` must be given: of an answered call 7 events, about 60 KB. */
export const events = [
  "CHANNEL_CREATE",
  "CHANNEL_ANSWER",
  "CHANNEL_BRIDGE",
  "CHANNEL_HANGUP_COMPLETE",
  "sofia::register",
  "sofia::unregister",
  "sofia::expire",
  "sofia::gateway_state",
  "conference::maintenance",
];

export type ReportOptions = {
  documents: Pick<Documents, "config" | "device" | "tenantByDomain" | "trunk">;
  report: Report;
  log: Pick<Logger, "info" | "warn" | "error">;
  /** Where mod_json_cdr writes (`encode-values` on, `log-b-leg` on); made if it is missing. */
  cdrDir: string;
  /** Kept up to date with what FreeSWITCH tells. */
  legs?: Legs;
  front?: Front;
  /** A tenant's SIP user came or went. */
  onPresence?(tenant: string, username: string): void;
  /** A leg as it is now; one that ended, by whichever way that is told, perhaps by several; all that FreeSWITCH has, when the connection is there again. */
  spend?: { onLeg(leg: Leg): void; onEnded(leg: Leg): void; keep(uuids: ReadonlySet<string>): void };
  /** For tests. */
  waits?: Partial<JoinWaits & { sweep: number; broken: number }>;
};

export type FreeswitchReport = {
  onEvent(event: EslEvent): void;
  /** Re-reads what events would have told while the connection was down. Resolves when that is done; never rejects. */
  onUp(esl: Pick<Esl, "api" | "up">): Promise<void>;
  /** Begins to take in CDR files. */
  start(): void;
  stop(): Promise<void>;
  /** Whether one of the extension's devices is registered; true while nobody knows, as of phones behind Kamailio. */
  registered(owner: Owner, extension: string): boolean;
  trunkFailed: Trunks["failed"];
  readonly liveCalls: number;
  liveCall: Live["find"];
  readonly events: string[];
};

export function createReport(options: ReportOptions): FreeswitchReport {
  const { documents, report, log, cdrDir, legs = createLegs(options.documents), front = noFront, waits = {} } = options;
  let esl: Pick<Esl, "api" | "up"> | undefined;
  /** What is yet to be read anew. */
  let unread = new Map<string, (esl: Pick<Esl, "api">) => Promise<void>>();
  let again = false;
  /** All that FreeSWITCH has is known, as long as the connection lasts. */
  let complete = false;
  let sweeper: NodeJS.Timeout | undefined;

  const tell = (event: Parameters<Report>[0]): void => {
    report(event).catch((error) => log.error({ error: String(error), type: event.type }, "an event could not be kept"));
  };
  const live = createLive(documents, (data, at) =>
    tell({
      ...{ type: "call.updated" as const, data, at },
      ...(data.state === "ended" && { patienceSeconds: endPatienceSeconds }),
    }),
  );
  legs.onMonitored((data) => tell({ type: "monitor.started", data }));
  const registrations = createRegistrations(
    documents,
    (data, at, renews) => tell({ type: "registration.updated", data, at, ...(renews && { patienceSeconds }) }),
    options.onPresence,
  );
  const trunks = createTrunks(documents, (data, at) => tell({ type: "trunk.updated", data, at }));
  const rooms = createRooms({
    documents,
    whose(uuid) {
      const leg = legs.find(uuid);
      return { tenant: leg?.tenant, extension: leg?.extension, call: live.find(legs.rootOf(uuid))?.id };
    },
    report: (data) => tell({ type: "conference.updated", data }),
    failed: (room, error) => log.error({ room, error: String(error) }, "who is in a conference could not be read"),
  });
  const join = createJoin({
    emit,
    isLive: (uuid) => (complete && esl?.up ? live.has(uuid) : undefined),
    liveLegsOf: live.legsOf,
    onSettled: (uuids) => files.settled(uuids),
    onOrphans: (uuids) => files.orphans(uuids),
    log,
    waits,
  });
  const files = createCdrFiles({
    dir: cdrDir,
    log,
    add(leg) {
      options.spend?.onEnded(leg);
      return join.add(leg);
    },
    waits: { sweep: waits.sweep ?? 5000, broken: waits.broken ?? 30_000 },
  });

  /** The event's id derives from the record's id and seq, so that the same record, made twice, counts once. */
  async function emit(root: Leg, legs: Leg[]): Promise<void> {
    const record = recordOf(root, legs, documents);
    if (!record) return;
    const id = derivedId("evt", Date.parse(record.startedAt), record.id, String(record.seq));
    await report({ type: "call.completed", id, at: record.endedAt, data: record });
  }

  function onEvent(event: EslEvent): void {
    switch (event.subclass ?? event.name) {
      case "CHANNEL_CREATE":
      case "CHANNEL_ANSWER":
      case "CHANNEL_BRIDGE":
      case "CHANNEL_HANGUP_COMPLETE":
        onChannel(event);
        return;
      case "sofia::register":
      case "sofia::unregister":
      case "sofia::expire":
        registrations.onEvent(event);
        return;
      case "sofia::gateway_state":
        trunks.onEvent(event);
        return;
      case "conference::maintenance":
        if (esl) rooms.onEvent(event, esl);
    }
  }

  /** A phone's leg behind Kamailio is told whose it is by its first lookup; of before that, its headers say it. */
  function named(leg: Leg, { headers }: EslEvent): Leg {
    if (leg.tenant !== null || headers.variable_sofia_profile_name !== "front") return leg;
    if (!front.trusts(headers.variable_sip_network_ip)) return leg;
    const who = deviceOf(headers["variable_sip_h_X-DP-Tenant"], headers["variable_sip_h_X-DP-Device"], documents);
    return who ? { ...leg, tenant: idOf(who.owner), username: who.username, fromExtension: who.extension } : leg;
  }

  function onChannel(event: EslEvent): void {
    const told = legOfEvent(event);
    if (!told) return;
    const leg = named(told, event);
    if (event.name === "CHANNEL_HANGUP_COMPLETE") {
      // before it is forgotten which legs its call has: who took the call isn't named by what the caller's leg made
      options.spend?.onEnded(leg);
      join.add(leg);
      ended(leg.uuid, timeOf(event));
      return;
    }
    live.onLeg(leg, timeOf(event));
    legs.onLeg(leg);
    options.spend?.onLeg(leg);
    // whoever takes a parked call
    if (event.name === "CHANNEL_BRIDGE")
      for (const side of ["A", "B"])
        legs.bridged(event.headers[`Bridge-${side}-Unique-ID`] ?? "", Date.parse(timeOf(event)));
  }

  function ended(uuid: string, at: string): void {
    live.onEnd(uuid, at);
    legs.onEnd(uuid);
  }

  async function rereadCalls(connection: Pick<Esl, "api">): Promise<void> {
    const known = live.uuids();
    const answer: { rows?: { uuid?: unknown }[] } = JSON.parse(await connection.api("show channels as json"));
    const uuids = (answer.rows ?? []).map(({ uuid }) => String(uuid)).filter((uuid) => /^[\w.:-]{1,64}$/.test(uuid));
    const listed = new Set(uuids);
    legs.keep(listed);
    options.spend?.keep(listed);
    for (const uuid of known) if (!listed.has(uuid)) ended(uuid, new Date().toISOString());
    // A legs come before the legs that they made
    for (const uuid of uuids) {
      const dump = await connection.api(`uuid_dump ${uuid} json`);
      // ended meanwhile
      if (dump.startsWith("-ERR")) continue;
      const headers: Record<string, string> = JSON.parse(dump);
      onChannel({ name: "CHANNEL_DATA", subclass: undefined, headers, body: undefined });
      const leg = legs.find(uuid);
      const slot = slotOf(headers);
      if (leg && slot) legs.park(uuid, leg.tenant, slot);
    }
  }

  /** What fails is tried again by and by: the profiles come up a moment after the event socket. */
  async function reread(connection: Pick<Esl, "api">): Promise<void> {
    again = false;
    for (const [what, read] of [...unread]) {
      try {
        await read(connection);
        unread.delete(what);
        if (what === "calls") complete = true;
      } catch (error) {
        log.error({ error: String(error), what }, "what FreeSWITCH has could not be read anew");
      }
    }
    again = unread.size > 0;
  }

  return {
    events,
    onEvent,
    async onUp(connection) {
      esl = connection;
      complete = false;
      unread = new Map(
        Object.entries({
          calls: rereadCalls,
          registrations: registrations.reread,
          trunks: trunks.reread,
          rooms: rooms.reread,
        }),
      );
      await reread(connection);
    },
    start() {
      files.start();
      sweeper = setInterval(() => {
        join.sweep();
        registrations.sweep();
        if (again && esl?.up) void reread(esl);
      }, waits.sweep ?? 5000);
    },
    async stop() {
      clearInterval(sweeper);
      await files.stop();
      join.stop();
    },
    liveCall: live.find,
    trunkFailed: trunks.failed,
    registered(owner, extension) {
      const config = documents.config(owner);
      const found = config?.get("extension", extension);
      if (!config || !found) return false;
      return phonesOf(config, found).some((username) => front.inUse || registrations.has(idOf(owner), username));
    },
    get liveCalls() {
      return live.size;
    },
  };
}
