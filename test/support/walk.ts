// A reader of rendered dialplans: does what FreeSWITCH would do with an answer, as far as routing goes, and asks again where it would. How attempts end and
// what is typed is given.
import { parse } from "../../edge-agent/drivers/freeswitch/fields.ts";
import { type Lookups, reply } from "../../edge-agent/drivers/freeswitch/lookup.ts";
import { body, type Request, read } from "../edge-agent/drivers/freeswitch/requests.ts";

export type Assumed = Record<string, string>;
/** `do` is the step that the call ended in, `what` what FreeSWITCH was told to do last. */
export type Walked = { do: string; what: string[]; lookups: number };

/** FreeSWITCH's word for how an attempt ended (switch_channel.c, CAUSE_CHART). */
const causes: Record<string, string> = {
  busy: "USER_BUSY",
  "no-answer": "NO_ANSWER",
  "not-registered": "USER_NOT_REGISTERED",
  rejected: "CALL_REJECTED",
  "not-found": "UNALLOCATED_NUMBER",
  "trunk-failed": "NORMAL_TEMPORARY_FAILURE",
};

export type World = {
  lookups: Lookups;
  /** How attempts end, by an extension's number or the name of a trunk, conference, queue or parking lot; answered by default. */
  assume: Assumed;
  /** The number of the extension that has this device; the name of this trunk, conference, queue or parking lot. */
  nameOf(what: "device" | "trunk" | "conference" | "queue" | "parking-lot", id: string): string | undefined;
  /** What is typed when digits are collected. */
  typed(wanted: { max: number; terminator: string; silent: boolean }): string;
  /** Whether that key is what is typed next, in a wait that it ends. */
  pressed?(key: string): boolean;
  /** A sound is heard, and what was typed before is lost. */
  heard(): void;
  /** So many seconds pass. */
  passed?(seconds: number): void;
  /** What FreeSWITCH was answered. */
  onReply?(xml: string): void;
};

/** Walks from the first lookup to where the call is answered or ends. Throws where FreeSWITCH would find nothing to do. */
export function walk(world: World, first: Request): Walked {
  let request = first;
  for (let lookups = 1; lookups < 200; lookups++) {
    if (!parse(body(request))) throw new Error("a lookup that can't be read");
    const remembered: string[] = [];
    const remember: Lookups["remember"] = (_owner, changes) => void remembered.push(JSON.stringify(changes));
    const askCallBack: Lookups["askCallBack"] = (_owner, { number }) => void wished.push(number);
    const wished: string[] = [];
    const xml = reply(body(request), { ...world.lookups, remember, askCallBack });
    world.onReply?.(xml);
    const { actions, notFound } = read(xml);
    if (notFound) throw new Error(`not found: ${request["Caller-Destination-Number"]}`);
    const step = carryOut(world, { ...request }, actions);
    if (remembered.length > 0) return { do: "remember", what: remembered, lookups };
    if (wished.length > 0) return { do: "call-back", what: wished, lookups };
    if ("do" in step) return { ...step, lookups };
    request = step.request;
  }
  throw new Error("the walk has no end");
}

type Ended = { do: string; what: string[] };

function carryOut(world: World, request: Request, actions: string[]): Ended | { request: Request } {
  const leg = request;
  const end = (...what: string[]): Ended => ({ do: leg.variable_dp_step ?? "", what });
  const paged: string[] = [];
  for (const action of actions) {
    const space = action.indexOf(" ");
    const [application, data] = space < 0 ? [action, ""] : [action.slice(0, space), action.slice(space + 1)];
    switch (application) {
      case "set":
      case "export": {
        if (data.startsWith("nolocal:")) break;
        const equals = data.indexOf("=");
        leg[`variable_${data.slice(0, equals)}`] = data.slice(equals + 1);
        break;
      }
      case "unset":
        delete leg[`variable_${data}`];
        break;
      case "answer":
        leg["Answer-State"] = "answered";
        break;
      case "playback":
        world.heard();
        if (leg.variable_playback_timeout_sec === undefined) break;
        if (isTaken(world, leg.variable_dp_parked)) return end(leg.variable_dp_parked ?? "");
        world.passed?.(Number(leg.variable_playback_timeout_sec));
        break;
      case "play_and_get_digits": {
        const [, max = "0", , , terminator = "", sound = ""] = data.split(" ");
        const typed = world.typed({
          max: Number(max),
          terminator: terminator === "none" ? "" : terminator,
          silent: sound === "'silence'",
        });
        if (typed === "") delete leg.variable_dp_digits;
        else leg.variable_dp_digits = typed;
        break;
      }
      case "bridge": {
        const targets = data.replace(/^\{[^}]*\}/, "").split(/[,|](?=\[|sofia\/|error\/)/);
        const ends = targets.map((target) => endOf(world, target, leg.variable_dp_step));
        if (ends.includes("answered")) return end(...targets.map(plain).sort());
        // who rings in vain rings to the end
        if (leg.variable_dp_step === "ring" && ends.at(-1) === "no-answer")
          world.passed?.(Number(leg.variable_call_timeout));
        leg.variable_originate_disposition = causes[ends.at(-1) ?? "no-answer"] ?? "NO_ANSWER";
        break;
      }
      case "conference": {
        const [room = "", profile] = data.split(/[@+]/);
        if (profile === "page") return end(...paged.sort());
        if ((world.assume[world.nameOf("conference", room) ?? ""] ?? "answered") === "answered") return end(room);
        break;
      }
      case "conference_set_auto_outcall":
        paged.push(...data.split(",").map(plain));
        break;
      case "callcenter": {
        const key = leg.variable_cc_exit_keys;
        leg.variable_cc_queue_joined_epoch = String(Math.floor(Date.now() / 1000));
        if (key !== undefined && world.pressed?.(key)) {
          Object.assign(leg, { variable_cc_cancel_reason: "EXIT_WITH_KEY", variable_cc_exit_key: key });
          break;
        }
        const reason = reasons[world.assume[world.nameOf("queue", data) ?? ""] ?? ""];
        if (reason === undefined) return end(data);
        leg.variable_cc_cause = "cancel";
        leg.variable_cc_cancel_reason = reason;
        break;
      }
      case "hangup":
      case "echo":
      case "intercept":
      case "eavesdrop":
        return end(data);
      case "voicemail":
        return end(...data.split(" ").slice(-1));
      case "transfer":
        leg["Caller-Destination-Number"] = data.split(" ")[0] ?? "";
        leg["Caller-Context"] = data.split(" ").at(-1) ?? "";
        return { request: leg };
      case "sleep":
      case "limit":
      case "ring_ready":
      case "pre_answer":
      case "record_session":
      case "bind_digit_action":
      case "clear_digit_action":
        break;
      default:
        throw new Error(`the walk does not know ${application}`);
    }
  }
  return end();
}

/** mod_callcenter's word for how a wait ended (cc_member_cancel_reason2str). */
const reasons: Record<string, string> = { "no-answer": "TIMEOUT", "not-registered": "NO_AGENT_TIMEOUT" };

/** Whether somebody takes the call out of its slot: `<lot>.<slot>`. */
const isTaken = ({ assume, nameOf }: World, place = ""): boolean =>
  assume[nameOf("parking-lot", place.split(".")[0] ?? "") ?? ""] !== "no-answer";

/** A target of a bridge without its variables. */
const plain = (target: string): string => target.replace(/^\[(?:[^[\]]|\[[^\]]*\])*\]/, "");

function endOf({ assume, nameOf }: World, target: string, step: string | undefined): string {
  const [, kind, name = "", number] = /^sofia\/(phones|gateway)\/([^%/]+)(?:\/(.+))?/.exec(plain(target)) ?? [];
  if (kind === "phones") return assume[nameOf("device", name) ?? ""] ?? "answered";
  // beside phones, a number outside is assumed by itself
  if (kind === "gateway") return assume[(step === "ring" ? number : nameOf("trunk", name)) ?? ""] ?? "answered";
  return "not-registered";
}
