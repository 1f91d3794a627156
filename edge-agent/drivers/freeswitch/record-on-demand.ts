// Recordings that people begin, pause, resume and end during a call, by a code on their phone or by the API. In a pause the file goes on in silence, so that its
// time stays the call's. Which recording there is FreeSWITCH says; what was done to it is written on its leg.
import { dirname, join } from "node:path";
import type { Logger } from "pino";
import { z } from "zod";
import { idOf, type Owner, tenantOwner } from "../../../core/owner.ts";
import type { Config } from "../../../core/routing/config.ts";
import { recordingRefused, type Used } from "../../../core/routing/limits.ts";
import { type InCall, mayPause, mayRecord } from "../../../core/routing/record-on-demand.ts";
import type { Word } from "../../../core/routing/sound.ts";
import type { Documents } from "../../documents.ts";
import type { CommandResult } from "../../driver.ts";
import type { FreeswitchConfig } from "./config.ts";
import type { EslEvent } from "./esl/event.ts";
import { typedIn } from "./in-call.ts";
import { token } from "./inert.ts";
import type { KnownLeg, Legs } from "./legs.ts";
import { extendRecording, readRecording, recordingFile, recordingFolder } from "./recording.ts";
import type { LiveRef } from "./report/live.ts";
import { hearing, soundOf } from "./sound.ts";
import { createTurns } from "./turns.ts";
import { variables } from "./variables.ts";

export type RecordOnDemand = {
  /** A code that somebody typed. */
  onEvent(event: EslEvent): void;
  /** `recording`: `{call, action}`. Throws with the reason. */
  command(owner: Owner, given: Record<string, unknown>): Promise<CommandResult>;
};

type Options = {
  esl: { api(command: string): Promise<string> };
  documents: Pick<Documents, "config">;
  legs: Pick<Legs, "find">;
  liveCall(idOrUuid: string): LiveRef | undefined;
  config: FreeswitchConfig;
  log: Pick<Logger, "warn">;
  /** Minutes that were recorded this month. */
  used?: Used;
};

const action = z.enum(["start", "pause", "resume", "stop"]);
type Act = z.output<typeof action>;
type Code = InCall["action"];
/** A recording that goes on: on which leg, and in which file. */
type Going = { leg: string; path: string; onDemand: boolean; paused: boolean };
/** The legs of two who talk. */
type Talk = { legs: KnownLeg[]; config: Config };

/** Why it can't be done. The word is what a phone hears. */
class Refused extends Error {
  readonly word: Word;
  constructor(message: string, word: Word) {
    super(message);
    this.word = word;
  }
}

export function createRecordOnDemand({
  esl,
  documents,
  legs,
  liveCall,
  config: host,
  log,
  used,
}: Options): RecordOnDemand {
  const turns = createTurns();
  const variable = async (leg: string, name: string): Promise<string | undefined> => {
    const value = (await esl.api(`uuid_getvar ${token(leg)} ${name}`)).trim();
    return value === "" || value.startsWith("-ERR") || value === "_undef_" ? undefined : value;
  };
  const told = async (command: string): Promise<void> => {
    const answer = (await esl.api(command)).trim();
    if (!answer.startsWith("+OK")) throw new Refused(`FreeSWITCH says ${answer.slice(0, 100)}`, "invalid");
  };

  /** Of a leg that talks to somebody in its own tenant. */
  async function talkOf(uuid: string, tenant: string): Promise<Talk> {
    const [one, config] = [legs.find(uuid), documents.config(tenantOwner(tenant))];
    if (!one || one.tenant !== tenant || !config) throw new Refused("the call is over", "invalid");
    const other = legs.find((await variable(uuid, "bridge_uuid")) ?? "");
    if (!other?.answered || !one.answered) throw new Refused("nobody talks on this call yet", "invalid");
    return { legs: [one, ...(other.tenant === tenant ? [other] : [])], config };
  }

  async function goingOn({ legs: both }: Talk): Promise<Going | undefined> {
    for (const { uuid, tenant } of both) {
      const bugs = await esl.api(`uuid_buglist ${token(uuid)}`);
      for (const [, path = ""] of bugs.matchAll(/<target>([^<]+)<\/target>/g)) {
        if (dirname(path) !== join(host.recordingsDir, tenant)) continue;
        const [found, , , begun] = recordingFile.exec(path.slice(dirname(path).length + 1)) ?? [];
        if (found === undefined) continue;
        const last = readRecording(await variable(uuid, variables.recording)).at(-1);
        return { leg: uuid, path, onDemand: begun !== undefined, paused: last?.act === "pause" };
      }
    }
    return undefined;
  }

  /** On the calling leg where there is one: then the caller is left in the file, as in every other. */
  async function start({ legs: both }: Talk): Promise<string> {
    const [one] = both;
    const leg = both.find(({ root, uuid }) => root.uuid === uuid) ?? one;
    const folder = leg && recordingFolder(host.recordingsDir, leg.tenant);
    if (!leg || folder === undefined) throw new Refused("the disk is full", "not-permitted");
    const { uuid, root } = leg;
    const file = join(folder, `${token(root.uuid)}_${root.startedUs}_${Date.now()}.wav`);
    for (const name of ["RECORD_STEREO", "recording_follow_transfer"]) await told(`uuid_setvar ${uuid} ${name} true`);
    await told(`uuid_record ${uuid} start ${file}`);
    return uuid;
  }

  async function carryOut(talk: Talk, act: Act, going: Going | undefined): Promise<string> {
    if (act === "start") {
      if (going) throw new Refused("it is recorded already", "not-permitted");
      const spent = recordingRefused(talk.config, used);
      if (spent !== undefined) throw new Refused(spent, "not-permitted");
      return start(talk);
    }
    if (!going) throw new Refused("it is not recorded", "invalid");
    if (act === "stop") {
      await told(`uuid_record ${going.leg} stop ${going.path}`);
      return going.leg;
    }
    await told(`uuid_record ${going.leg} ${act === "pause" ? "mask" : "unmask"} ${going.path}`);
    return going.leg;
  }

  /** `by`: those of them who allow it; any one will do. */
  async function act(talk: Talk, by: KnownLeg[], what: Act | Code, who: string | null): Promise<Act> {
    const going = await goingOn(talk);
    const wanted =
      what === "record"
        ? going
          ? "stop"
          : "start"
        : what === "record-pause"
          ? going?.paused
            ? "resume"
            : "pause"
          : what;
    const modes = by.flatMap(
      ({ extension = "" }) => talk.config.get("extension", extension)?.body.recordOnDemand ?? [],
    );
    const may = modes.some((mode) =>
      wanted === "start"
        ? mayRecord(mode)
        : wanted === "stop"
          ? mayRecord(mode) && (going?.onDemand ?? true)
          : mayPause(mode, going?.onDemand ?? false) || (!going && mode !== "off"),
    );
    if (!may) throw new Refused("no extension on this call may do that to its recording", "not-permitted");
    const leg = await carryOut(talk, wanted, going);
    const before = await variable(leg, variables.recording);
    const value = extendRecording(before, { at: Date.now(), act: wanted, by: who });
    await told(`uuid_setvar ${leg} ${variables.recording} ${value}`);
    return wanted;
  }

  const words: Record<Act, Word> = { start: "on", resume: "on", pause: "off", stop: "off" };

  async function typed(uuid: string, code: Code): Promise<void> {
    const leg = legs.find(uuid);
    const extension = leg?.extension;
    if (!leg || extension === undefined) return;
    let word: Word;
    try {
      const talk = await talkOf(uuid, leg.tenant);
      word = words[await act(talk, [leg], code, extension)];
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      word = error.word;
    }
    const config = documents.config(tenantOwner(leg.tenant));
    const sound = config && soundOf([{ word }], hearing(config, host, { leg: uuid }));
    // into what this phone hears; the other one goes on hearing it alone
    if (sound !== undefined) await esl.api(`uuid_displace ${token(uuid)} start ${sound} 0 mux`);
  }

  return {
    onEvent(event) {
      const found = typedIn(event);
      if (!found) return;
      const { leg, action: code } = found;
      turns
        .in(legs.find(leg)?.root.uuid ?? leg, () => typed(leg, code))
        .catch((error: unknown) =>
          log.warn({ leg, code, error: String(error) }, "a code during a call came to nothing"),
        );
    },
    async command(owner, given) {
      const wanted = z.object({ call: z.string(), action }).parse(given);
      const found = liveCall(wanted.call);
      if (!found || found.tenant !== idOf(owner)) throw new Error("the call is over");
      const { uuid, tenant } = found;
      await turns.in(uuid, async () => {
        const talk = await talkOf(uuid, tenant);
        await act(talk, talk.legs, wanted.action, null);
      });
      return { ok: true, detail: null };
    },
  };
}
