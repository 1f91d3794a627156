// The browser phone: whose it is, whether it is on, and its calls. What parts of the console ask and do; the line itself (SIP, media) is loaded when it is
// turned on.
import { useSyncExternalStore } from "react";
import { ApiProblem } from "../../client/problem.ts";
import { send } from "../api/client.ts";
import { t } from "../i18n/t.ts";
import { wordsOf } from "../part/problem-words.ts";
import type { Call, Credential, Ended, Line } from "./line.ts";
import { notify } from "./notify.ts";

/** Whose phone it is. */
export type Owner = {
  tenant: string;
  extension: string;
  number: string;
  name: string | null;
  /** It is the extension of who is signed in: he needs no other right. */
  own?: boolean;
};
export type Standing = "off" | "starting" | "ready" | "away";
export type Phone = {
  owner: Owner | null;
  standing: Standing;
  /** Why it is not on, or what the last call came to; a sentence. */
  problem: string | null;
  calls: Call[];
  /** The panel is shown. */
  open: boolean;
};

const place = "dialplane.phone";
/** A credential is good for ten minutes: another is asked for so long before. */
const earlyMs = 180_000;
const lock = "dialplane.phone";

let phone: Phone = { owner: null, standing: "off", problem: null, calls: [], open: false };
let line: Line | undefined;
/** What was begun before it was turned off or another's is not gone on with. */
let turn = 0;
let renewing: ReturnType<typeof setTimeout> | undefined;
let letGo: (() => void) | undefined;
let sound: { name: string; stop(): void } | undefined;
const listeners = new Set<() => void>();

function set(change: Partial<Phone>): void {
  phone = { ...phone, ...change };
  for (const listener of listeners) listener();
  void tones();
}

export const usePhone = (): Phone =>
  useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => phone,
  );

export const isOn = (): boolean => phone.standing === "ready";
export const show = (open: boolean): void => set({ open });
export const forgetProblem = (): void => set({ problem: null });

/** Who had the phone on when the page was left, in that tenant. */
export function remembered(tenant: string): Owner | undefined {
  try {
    const kept = JSON.parse(localStorage.getItem(place) ?? "null") as Owner | null;
    return kept?.tenant === tenant && typeof kept.extension === "string" ? kept : undefined;
  } catch {
    return undefined;
  }
}

const lend = ({ tenant, extension, own }: Owner): Promise<Credential> =>
  send(
    "POST",
    own
      ? "/v1/me/sip-token"
      : `/v1/tenants/${encodeURIComponent(tenant)}/extensions/${encodeURIComponent(extension)}/sip-token`,
  );

/** Turns it on as that extension's; it stays so, also when the page is loaded again, until it is turned off. */
export async function turnOn(owner: Owner): Promise<void> {
  await turnOff();
  const mine = ++turn;
  set({ owner, standing: "starting", problem: null });
  const free = await takeLock();
  if (mine !== turn) return free?.();
  if (!free) return fail(t("The phone is on in another tab of this browser; turn it off there first."));
  letGo = free;
  try {
    if (!window.isSecureContext || !navigator.mediaDevices)
      return fail(t("A browser lets a page use the microphone over https only; open the console by https."));
    const [{ openLine }, credential] = await Promise.all([import("./line.ts"), lend(owner)]);
    if (mine !== turn) return;
    localStorage.setItem(place, JSON.stringify(owner));
    const opened = await openLine(credential, {
      onCalls: (calls) => mine === turn && set({ calls }),
      onRinging: (call) => mine === turn && ring(call),
      onEnded: (ended) => mine === turn && tellEnd(ended),
      onStanding(standing) {
        if (mine !== turn) return;
        if (standing !== "refused") return set({ standing });
        set({ standing: "away" });
        void renew(owner, credential, mine);
      },
    });
    if (mine !== turn) return opened.stop();
    line = opened;
    renewSoon(owner, credential, mine);
  } catch (error) {
    if (mine === turn) fail(sentenceOf(error));
  }
}

/** `forget`: also the next time that the page is loaded. */
export async function turnOff({ forget = false } = {}): Promise<void> {
  turn++;
  clearTimeout(renewing);
  const before = line;
  line = undefined;
  letGo?.();
  letGo = undefined;
  if (forget) localStorage.removeItem(place);
  if (phone.standing !== "off" || phone.owner) set({ owner: null, standing: "off", calls: [], problem: null });
  await before?.stop();
}

function fail(problem: string): void {
  turn++;
  letGo?.();
  letGo = undefined;
  clearTimeout(renewing);
  void line?.stop();
  line = undefined;
  set({ standing: "off", owner: null, calls: [], problem });
}

function renewSoon(owner: Owner, { expiresAt }: Credential, mine: number): void {
  clearTimeout(renewing);
  const wait = Math.max(10_000, Date.parse(expiresAt) - Date.now() - earlyMs);
  renewing = setTimeout(() => void renew(owner, undefined, mine), wait);
}

/** `refused`: the one that no host takes any more. Two in a row that are not taken end it. */
let refusals = 0;
async function renew(owner: Owner, refused: Credential | undefined, mine: number): Promise<void> {
  if (refused && ++refusals > 2) return fail(t("No host takes the phone's password; try again in a minute."));
  try {
    const credential = await lend(owner);
    if (mine !== turn) return;
    if (!refused) refusals = 0;
    line?.renew(credential);
    renewSoon(owner, credential, mine);
  } catch (error) {
    if (mine !== turn) return;
    if (error instanceof ApiProblem && error.final) return fail(sentenceOf(error));
    renewing = setTimeout(() => void renew(owner, undefined, mine), 10_000);
  }
}

/** One tab of a browser has the phone. Resolves with what gives it back; undefined where another tab has it. */
function takeLock(): Promise<(() => void) | undefined> {
  if (!navigator.locks) return Promise.resolve(() => undefined);
  return new Promise((resolve) => {
    void navigator.locks.request(lock, { ifAvailable: true }, (held) => {
      if (!held) return resolve(undefined);
      return new Promise<void>((free) => resolve(free));
    });
  });
}

function ring(call: Call): void {
  set({ open: true, problem: null });
  notify(call, () => {
    window.focus();
    show(true);
  });
}

/** What the other end said of a call that came to nothing, as people say it (RFC 3261, 21). */
function tellEnd({ call, status }: Ended): void {
  if (call.direction === "in" || status === null || status === 487) return;
  const who = { number: call.number };
  const sentence =
    status === 486 || status === 600 || status === 603
      ? t("{number} is busy, or declined the call.", who)
      : status === 404 || status === 484
        ? t("Nobody has the number {number}.", who)
        : status === 403
          ? t("This extension may not call {number}.", who)
          : status === 408 || status === 480
            ? t("{number} does not answer now.", who)
            : t("The call to {number} did not go through; try again.", who);
  set({ problem: sentence });
}

/** What sounds: the bell, a hint during a call, or the tone while it rings elsewhere. */
async function tones(): Promise<void> {
  const { calls } = phone;
  const comes = calls.some(({ direction, state }) => direction === "in" && state === "ringing");
  const talks = calls.some(({ state, held }) => state === "talking" && !held);
  const rings = calls.some(({ direction, state }) => direction === "out" && state === "ringing");
  const wanted = comes ? (talks ? "waiting" : "bell") : rings && !talks ? "ringback" : undefined;
  if (sound?.name === wanted) return;
  sound?.stop();
  sound = undefined;
  if (!wanted) return;
  let stopped = false;
  let stop = (): void => {
    stopped = true;
  };
  sound = { name: wanted, stop: () => stop() };
  const { play } = await import("./tone.ts");
  if (!stopped) stop = play(wanted);
}

function sentenceOf(error: unknown): string {
  if (error instanceof ApiProblem) return wordsOf(error);
  if (error instanceof DOMException && error.name === "NotAllowedError")
    return t("The browser does not let the phone use the microphone; allow it beside the page's address.");
  if (error instanceof DOMException && error.name === "NotFoundError")
    return t("There is no microphone; plug one in and try again.");
  return t("That did not work; try again.");
}

/** Runs what a button asks for; a failure becomes a sentence. */
async function attempt(work: (line: Line) => unknown): Promise<void> {
  if (!line) return;
  try {
    set({ problem: null });
    await work(line);
  } catch (error) {
    set({ problem: sentenceOf(error) });
  }
}

/** A number as people write it: blanks, brackets, dots and dashes are no part of it. */
export const dialled = (text: string): string => text.replace(/[\s().\-/]/g, "");

export const dial = (number: string): Promise<void> => attempt((on) => on.dial(dialled(number)));

/** Calls as that extension: its phone is turned on first where none is, and another's that is on is used as it is. */
export async function callAs(owner: Owner, number: string): Promise<void> {
  show(true);
  if (phone.standing === "off") await turnOn(owner);
  await started();
  if (isOn()) await dial(number);
}

/** Resolves once the phone is on, or is known not to come on. */
function started(): Promise<void> {
  return new Promise((resolve) => {
    const look = (): void => {
      if (phone.standing === "starting") return;
      listeners.delete(look);
      resolve();
    };
    listeners.add(look);
    look();
  });
}
export const answer = (id: string): Promise<void> => attempt((on) => on.answer(id));
export const hangUp = (id: string): Promise<void> => attempt((on) => on.hangUp(id));
export const hold = (id: string, held: boolean): Promise<void> => attempt((on) => on.hold(id, held));
export const mute = (id: string, muted: boolean): Promise<void> => attempt((on) => on.mute(id, muted));
export const press = (id: string, key: string): Promise<void> => attempt((on) => on.press(id, key));
export const transfer = (id: string, number: string): Promise<void> =>
  attempt((on) => on.transfer(id, dialled(number)));
/** Asks somebody first: a call of its own, while the other is held. */
export const ask = (id: string, number: string): Promise<void> => attempt((on) => on.dial(dialled(number), id));
/** Connects the two, and leaves. */
export const connect = (id: string, other: string): Promise<void> => attempt((on) => on.connect(id, other));
