// A call to a menu: a greeting, and digits that lead on. What was typed so far and the tries are in the node.
import type { Resource } from "../registry.ts";
import type { Action } from "./plan.ts";
import { playThenEnd, type Sound } from "./sound.ts";
import { type Ended, named, node, type Way } from "./way.ts";

type Menu = Resource<"menu">;
/** `attempt` counts from 1. `typed`: the digits of this try so far. */
type Turn = { attempt: number; typed: string };

const directoryCode = "99";

export function arriveAtMenu(way: Way, target: Menu, at: string, why: string): Action {
  way.step(at, why, nameOf(target));
  return ask(way, target, { attempt: 1, typed: "" }, [greeting(target)]);
}

/** A node is `menu.<id>.<attempt>` and, within a try, `.<typed>`. */
export function resumeMenu(way: Way, [id = "", attempt = "1", before = ""]: string[], { digits }: Ended): Action {
  const menu = way.config.get("menu", id);
  if (!menu) return way.end(named("menu", id), "the menu is gone", "not-found");
  const turn = { attempt: Number(attempt), typed: decode(before) + digits.replace(/[^0-9*#]/g, "") };
  if (turn.typed === "") return again(way, menu, turn, "timeout");
  const wholly = digits.length >= wanted(way, menu, decode(before));
  if (wholly && longer(way, menu, turn.typed).length > 0) return ask(way, menu, turn, []);
  return choose(way, menu, turn);
}

/** What was typed is all that will be. */
function choose(way: Way, menu: Menu, turn: Turn): Action {
  const { options, directory, dialByExtension } = menu.body;
  const { typed } = turn;
  const at = nameOf(menu);
  const option = options.find(({ digits }) => digits === typed);
  if (option) return way.send(option.destination, at, `pressed ${typed}${option.label ? ` (${option.label})` : ""}`);
  const names = directory !== null && typed === directoryCode && way.config.get("directory", directory);
  if (names) return way.arrive(names, at, `pressed ${typed} for the directory`);
  const extension = dialByExtension ? way.config.byKey("extension", typed) : undefined;
  if (extension?.body.enabled) return way.arrive(extension, at, `dialled extension ${typed}`);
  return again(way, menu, turn, "invalid");
}

/** A try led nowhere: the next one, or where the menu sends those who have had all. */
function again(way: Way, menu: Menu, { attempt, typed }: Turn, how: "timeout" | "invalid"): Action {
  const { tries, timeout, invalid, invalidPrompt } = menu.body;
  const at = nameOf(menu);
  const what = how === "timeout" ? "pressed nothing" : `pressed ${typed}, which leads nowhere`;
  if (attempt < tries) {
    way.step(at, `${what} in try ${attempt} of ${tries}`, at);
    const wrong: Sound = invalidPrompt === null ? { word: "invalid" } : { prompt: invalidPrompt };
    const sounds = how === "invalid" ? [wrong, greeting(menu)] : [greeting(menu)];
    return ask(way, menu, { attempt: attempt + 1, typed: "" }, sounds);
  }
  const to = how === "timeout" ? timeout : (invalid ?? timeout);
  const why = `${what} in the last of ${tries} ${tries === 1 ? "try" : "tries"}`;
  if (to !== null) return way.send(to, at, why);
  way.step(at, `${why}, and that leads nowhere`, "hangup/done");
  return playThenEnd([{ word: "goodbye" }], "done", true);
}

function ask(way: Way, menu: Menu, { attempt, typed }: Turn, sounds: Sound[]): Action {
  const { options, timeoutSeconds, betweenDigitsSeconds } = menu.body;
  return {
    do: "collect",
    sounds,
    min: 1,
    max: wanted(way, menu, typed),
    seconds: typed === "" ? timeoutSeconds : betweenDigitsSeconds,
    betweenSeconds: betweenDigitsSeconds,
    // who has dialled all need not wait, unless it is a key of the menu's own
    terminator: options.some(({ digits }) => digits.includes("#")) ? "" : "#",
    secret: false,
    otherwise: node("menu", menu.id, attempt, ...(typed === "" ? [] : [encode(typed)])),
  };
}

/** How many digits more than `typed` decide something: no key is waited for without need. */
function wanted(way: Way, menu: Menu, typed: string): number {
  const lengths = longer(way, menu, typed).map((code) => code.length - typed.length);
  return lengths.length === 0 ? 1 : Math.min(...lengths);
}

/** All that can be dialled here, begins with `typed` and is longer. */
function longer(way: Way, { body }: Menu, typed: string): string[] {
  const codes = [
    ...body.options.map(({ digits }) => digits),
    ...(body.directory === null ? [] : [directoryCode]),
    ...(body.dialByExtension ? way.config.keys("extension", typed) : []),
  ];
  return codes.filter((code) => code.length > typed.length && code.startsWith(typed));
}

const nameOf = (menu: Menu): string => named("menu", menu.body.name);
const greeting = ({ body }: Menu): Sound => (body.greeting === null ? { word: "beep" } : { prompt: body.greeting });

/** Nodes have no * and #. */
const encode = (digits: string): string => digits.replaceAll("*", "s").replaceAll("#", "h");
const decode = (text: string): string => text.replaceAll("s", "*").replaceAll("h", "#");
