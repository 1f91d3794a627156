// Lamps on phones (BLF): phones SUBSCRIBE at FreeSWITCH, which keeps the subscriptions and sends the NOTIFYs; what they say comes from here, by events. It is
// level, not edge: what a lamp shows is read from the legs and documents whenever something may have changed, and sent if it did.
import { isDeepStrictEqual } from "node:util";
import type { Logger } from "pino";
import { idOf, type Owner, tenantOwner } from "../../../../core/owner.ts";
import type { Documents } from "../../../documents.ts";
import type { Change } from "../../../driver.ts";
import type { Esl, EslEvent } from "../esl/esl.ts";
import { token } from "../inert.ts";
import type { Legs } from "../legs.ts";
import { phoneProfiles, subscriptionSeconds } from "../sofia.ts";
import { type Shown, shown, subjectOf, switchNumbers } from "./lamp.ts";
import { openLit } from "./lit.ts";

export const events = ["PRESENCE_PROBE", "sofia::profile_start"];

export type Presence = {
  /** A phone of the tenant begins to watch a number, or goes on to. */
  watch(owner: Owner, number: string): void;
  /** Whether a phone (`user@domain`) may subscribe under this Call-ID: FreeSWITCH knows a subscription by it alone, whoever comes with it. */
  mayUse(callId: string, watcher: string): boolean;
  onEvent(event: EslEvent): void;
  /** The tenant's document has changed, in these resources. */
  onChange(owner: Owner, changes: Pick<Change, "kind">[]): void;
  /** A schedule was switched to day, night or its hours. */
  onSwitch(owner: Owner, schedule: string): void;
  /** The legs are known again. Resolves when phones are told; never rejects. */
  onUp(): Promise<void>;
  onDown(): void;
};

export type PresenceOptions = {
  esl: Pick<Esl, "fire" | "up">;
  documents: Documents;
  legs: Pick<Legs, "of" | "parkedIn" | "onChange">;
  /** Resolves when FreeSWITCH can reach phones. */
  phonesUp(): Promise<void>;
  /** Where it is kept which lamps are lit. */
  file: string;
  log: Pick<Logger, "warn">;
  now?: () => number;
};

type Lamp = { tenant: string; number: string };
type State = { domain: string; shows: Shown | undefined };
/** What was sent last of a lamp that is lit, and in which domain. */
type Told = { domain: string; shows: Shown };

/** What decides which number is whose lamp. */
const shownKinds = new Set(["tenant", "extension", "parking-lot", "schedule", "feature-code"]);

type Dialog = Omit<Shown, "state"> & { state: Shown["state"] | "terminated" };
const ended = ({ shows }: Told): Dialog => ({ ...shows, state: "terminated" });
/** For phones that show words (Event: presence). */
const words = { early: "Ringing", confirmed: "On the phone" };

/** A lamp is watched a little longer than its subscription may last. */
const watchedMs = (subscriptionSeconds + 60) * 1000;
const keyOf = ({ tenant, number }: Lamp): string => `${tenant} ${number}`;
const isLamp = ({ tenant, number }: Lamp): boolean =>
  /^ten_[0-9A-Z]{26}$/.test(tenant) && /^[0-9*#]{1,32}$/.test(number);
const lampOf = (key: string): Lamp => {
  const [tenant = "", number = ""] = key.split(" ");
  return { tenant, number };
};

export function createPresence(options: PresenceOptions): Presence {
  const { esl, documents, legs, log, now = Date.now } = options;
  const lit = openLit(options.file);
  const told = new Map<string, Told>();
  /** Until when each number is watched. Of subscriptions from before this agent's start nothing is known: until they end all may be watched. */
  const watched = new Map<string, Map<string, number>>();
  const knownFrom = now() + watchedMs;
  /** By Call-ID. */
  const subscriptions = new Map<string, { watcher: string; until: number }>();
  let sweepAt = knownFrom;
  /** To be looked at; `true`: and sent even if it is as before. */
  const due = new Map<string, boolean>();
  let flushing = false;
  let ready = false;

  const isWatched = ({ tenant, number }: Lamp): boolean =>
    now() < knownFrom || (watched.get(tenant)?.get(number) ?? 0) > now();

  function sweep(): void {
    if (now() < sweepAt) return;
    sweepAt = now() + watchedMs;
    for (const [tenant, numbers] of watched) {
      for (const [number, until] of numbers) if (until <= now()) numbers.delete(number);
      if (numbers.size === 0) watched.delete(tenant);
    }
    for (const [callId, { until }] of subscriptions) if (until <= now()) subscriptions.delete(callId);
  }

  function changed(lamp: Lamp, anyway = false): void {
    if (!isWatched(lamp)) return;
    const key = keyOf(lamp);
    due.set(key, anyway || (due.get(key) ?? false));
    soon();
  }

  /** Once for all that happens at once. */
  function soon(): void {
    if (flushing) return;
    flushing = true;
    setImmediate(() => {
      flushing = false;
      flush();
    });
  }

  function flush(): void {
    if (!ready || !esl.up || due.size === 0) return;
    const looked = [...due];
    due.clear();
    tryTo(() =>
      documents.at(() => {
        for (const [key, anyway] of looked) tryTo(() => look(lampOf(key), anyway));
      }),
    );
  }

  function look(lamp: Lamp, anyway: boolean): void {
    const before = told.get(keyOf(lamp));
    const is = read(lamp);
    note(keyOf(lamp), is);
    // whoever watches it in a domain that the tenant had, or a tenant that is gone
    if (before && before.domain !== is?.domain) tell(lamp, before.domain, ended(before));
    if (!is) return;
    if (is.shows === undefined && before?.domain === is.domain) tell(lamp, is.domain, ended(before));
    else if (anyway || !isDeepStrictEqual(told.get(keyOf(lamp)), before)) tell(lamp, is.domain, is.shows);
  }

  function note(key: string, { domain, shows }: Partial<State> = {}): void {
    if (domain !== undefined && shows) told.set(key, { domain, shows });
    else told.delete(key);
  }

  function read({ tenant, number }: Lamp): State | undefined {
    const config = documents.config(tenantOwner(tenant));
    if (!config) return undefined;
    const subject = subjectOf(config, number);
    return { domain: config.settings.domain, shows: subject && shown(config, subject, legs) };
  }

  /** To all who watch it, or to the one subscription. */
  function tell(lamp: Lamp, domain: string, shows: Dialog | undefined, callId?: string): void {
    const key = keyOf(lamp);
    if (shows && shows.state !== "terminated") tryTo(() => lit.add(key));
    const headers = {
      proto: token(lamp.tenant),
      from: `${lamp.number}@${token(domain)}`,
      event_type: "dialog",
      alt_event_type: "presence",
      resub: "false",
      ...(callId !== undefined && { "call-id": callId }),
      // without a dialog it is the empty list
      ...(shows && {
        "unique-id": shows.id,
        "answer-state": shows.state,
        ...(shows.state !== "terminated" && { "force-status": words[shows.state] }),
        "presence-call-direction": shows.direction === "initiator" ? "inbound" : "outbound",
        // or FreeSWITCH turns the direction round
        "caller-username": lamp.number,
      }),
    };
    esl.fire("PRESENCE_IN", headers).catch(() => due.set(key, true));
  }

  function tryTo(work: () => void): void {
    try {
      work();
    } catch (error) {
      log.warn({ error: String(error) }, "a lamp may show what is no more");
    }
  }

  /** One subscription has begun or goes on: its phone is told at once. */
  function onProbe({ headers }: EslEvent): void {
    const tenant = headers.proto ?? "";
    const callId = headers["sub-call-id"] ?? "";
    const [, number = ""] = /\+([^+@]+)@/.exec(headers.to ?? "") ?? [];
    if (!isLamp({ tenant, number }) || !/^[\x21-\x7e]{1,255}$/.test(callId)) return;
    const event = headers["proto-specific-event-name"];
    if ((event !== "dialog" && event !== "presence") || headers.expires === "0") return;
    subscriptions.set(callId, { watcher: headers.from ?? "", until: now() + watchedMs });
    const lamp = { tenant, number };
    const is = documents.at(() => read(lamp));
    if (!is) return;
    if (!ready || !esl.up) {
      changed(lamp, true);
      return;
    }
    tell(lamp, is.domain, is.shows, callId);
    // if others watch it, they know that or are about to
    if (!due.has(keyOf(lamp))) note(keyOf(lamp), is);
  }

  async function begin(): Promise<void> {
    ready = false;
    try {
      await options.phonesUp();
    } catch (error) {
      // it tells when it has started
      log.warn({ error: String(error) }, "no phone can be told what its lamps show");
      return;
    }
    ready = true;
    for (const key of [...lit.lamps, ...told.keys()]) if (isLamp(lampOf(key))) due.set(key, true);
    flush();
    if (due.size === 0) tryTo(() => lit.only(told.keys()));
  }

  legs.onChange((tenant, what) => {
    if (now() >= knownFrom && !watched.has(tenant)) return;
    const number =
      "slot" in what ? what.slot : documents.config(tenantOwner(tenant))?.get("extension", what.extension)?.body.number;
    if (number !== undefined) changed({ tenant, number });
  });

  return {
    watch(owner, number) {
      const tenant = idOf(owner);
      if (!isLamp({ tenant, number })) return;
      sweep();
      const numbers = watched.get(tenant) ?? new Map<string, number>();
      watched.set(tenant, numbers.set(number, now() + watchedMs));
      // the event that would tell of it comes to nobody
      if (!ready || !esl.up) changed({ tenant, number }, true);
    },
    mayUse(callId, watcher) {
      const taken = subscriptions.get(callId);
      return taken === undefined || taken.watcher === watcher || taken.until <= now();
    },
    onEvent(event) {
      if (event.name === "PRESENCE_PROBE") onProbe(event);
      else if (event.subclass === "sofia::profile_start" && phoneProfiles.has(event.headers.profile_name)) void begin();
    },
    onSwitch(owner, schedule) {
      const config = documents.config(owner);
      for (const number of config ? switchNumbers(config, schedule) : []) changed({ tenant: idOf(owner), number });
    },
    onChange(owner, changes) {
      if (!changes.some(({ kind }) => shownKinds.has(kind))) return;
      const tenant = idOf(owner);
      for (const number of watched.get(tenant)?.keys() ?? []) changed({ tenant, number });
      for (const key of told.keys()) if (key.startsWith(tenant)) changed(lampOf(key));
    },
    onUp: begin,
    onDown() {
      ready = false;
    },
  };
}
