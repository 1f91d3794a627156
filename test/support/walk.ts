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
  /** How attempts end, by an extension's number or a trunk's name; answered by default. */
  assume: Assumed;
  /** The number of the extension that has this device; the name of this trunk or conference. */
  nameOf(what: "device" | "trunk" | "conference", id: string): string | undefined;
  /** What is typed when digits are collected. */
  typed(wanted: { max: number; terminator: string; silent: boolean }): string;
  /** A sound is heard, and what was typed before is lost. */
  heard(): void;
};

/** Walks from the first lookup to where the call is answered or ends. Throws where FreeSWITCH would find nothing to do. */
export function walk(world: World, first: Request): Walked {
  let request = first;
  for (let lookups = 1; lookups < 200; lookups++) {
    if (!parse(body(request))) throw new Error("a lookup that can't be read");
    const { actions, notFound } = read(reply(body(request), world.lookups));
    if (notFound) throw new Error(`not found: ${request["Caller-Destination-Number"]}`);
    const step = carryOut(world, { ...request }, actions);
    if ("do" in step) return { ...step, lookups };
    request = step.request;
  }
  throw new Error("the walk has no end");
}

type Ended = { do: string; what: string[] };

function carryOut(world: World, request: Request, actions: string[]): Ended | { request: Request } {
  const leg = request;
  const end = (...what: string[]): Ended => ({ do: leg.variable_dp_step ?? "", what });
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
        leg.variable_originate_disposition = causes[ends.at(-1) ?? "no-answer"] ?? "NO_ANSWER";
        break;
      }
      case "conference": {
        const room = data.split("@")[0] ?? "";
        if ((world.assume[world.nameOf("conference", room) ?? ""] ?? "answered") === "answered") return end(room);
        break;
      }
      case "hangup":
      case "voicemail":
      case "callcenter":
        return end(...(application === "hangup" ? [data] : data.split(" ").slice(-1)));
      case "transfer":
        leg["Caller-Destination-Number"] = data.split(" ")[0] ?? "";
        leg["Caller-Context"] = data.split(" ").at(-1) ?? "";
        return { request: leg };
      case "sleep":
      case "limit":
      case "ring_ready":
      case "pre_answer":
      case "record_session":
        break;
      default:
        throw new Error(`the walk does not know ${application}`);
    }
  }
  return end();
}

/** A target of a bridge without its variables. */
const plain = (target: string): string => target.replace(/^\[[^\]]*\]/, "");

function endOf({ assume, nameOf }: World, target: string, step: string | undefined): string {
  const [, kind, name = "", number] = /^sofia\/(phones|gateway)\/([^%/]+)(?:\/(.+))?/.exec(plain(target)) ?? [];
  if (kind === "phones") return assume[nameOf("device", name) ?? ""] ?? "answered";
  // beside phones, a number outside is assumed by itself
  if (kind === "gateway") return assume[(step === "ring" ? number : nameOf("trunk", name)) ?? ""] ?? "answered";
  return "not-registered";
}
