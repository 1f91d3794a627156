// A call to a directory: letters are spelt on the keys, and who is meant is reached. Several who may be meant are offered one after another.
import type { Resource } from "../registry.ts";
import { isSpelt } from "./keypad.ts";
import type { Action } from "./plan.ts";
import { playThenEnd, type Sound } from "./sound.ts";
import { type Ended, named, node, type Way } from "./way.ts";

type Directory = Resource<"directory">;
type Person = Resource<"extension">;

/** So many are offered at most: who hears more should spell more. */
const offered = 20;

export function arriveAtDirectory(way: Way, target: Directory, at: string, why: string): Action {
  way.step(at, why, nameOf(target));
  return spell(target, 1, []);
}

/** A node is `directory.<id>.<attempt>` while somebody spells, `….<what was spelt>.<who is offered, by index>` afterwards. */
export function resumeDirectory(
  way: Way,
  [id = "", attempt = "1", spelt, index = "0"]: string[],
  ended: Ended,
): Action {
  const directory = way.config.get("directory", id);
  if (!directory) return way.end(named("directory", id), "the directory is gone", "not-found");
  const turn = Number(attempt);
  if (spelt === undefined) return search(way, directory, turn, ended.digits.replace(/\D/g, ""));
  const people = found(way, directory, spelt);
  const person = people[Number(index)];
  if (person && ended.digits.startsWith("1")) return reach(way, directory, person, "was offered and accepted");
  return offer(way, directory, turn, spelt, people, Number(index) + 1);
}

function search(way: Way, directory: Directory, attempt: number, spelt: string): Action {
  if (spelt === "") return again(way, directory, attempt, "nothing was spelt");
  const people = found(way, directory, spelt);
  const [only, ...others] = people;
  if (only && others.length === 0) return reach(way, directory, only, `is the only one spelt ${spelt}`);
  if (only) way.step(nameOf(directory), `${people.length} are spelt ${spelt}: they are offered`, nameOf(directory));
  return offer(way, directory, attempt, spelt, people, 0);
}

/** The person at `index` is named by his number. */
function offer(
  way: Way,
  directory: Directory,
  attempt: number,
  spelt: string,
  people: Person[],
  index: number,
): Action {
  const person = people[index];
  if (!person)
    return again(
      way,
      directory,
      attempt,
      index === 0 ? `nobody is spelt ${spelt}` : `nobody of those spelt ${spelt} was wanted`,
    );
  return {
    do: "collect",
    sounds: [{ digits: person.body.number }, { word: "press-1-to-accept" }],
    min: 1,
    max: 1,
    seconds: 3,
    betweenSeconds: 3,
    terminator: "",
    secret: false,
    otherwise: node("directory", directory.id, attempt, spelt, index),
  };
}

function again(way: Way, directory: Directory, attempt: number, what: string): Action {
  const { tries, afterwards } = directory.body;
  const at = nameOf(directory);
  if (attempt < tries) {
    way.step(at, `${what} in try ${attempt} of ${tries}`, at);
    return spell(directory, attempt + 1, [{ word: "invalid" }]);
  }
  const why = `${what} in the last of ${tries} ${tries === 1 ? "try" : "tries"}`;
  if (afterwards !== null) return way.send(afterwards, at, why);
  way.step(at, `${why}, and that leads nowhere`, "hangup/done");
  return playThenEnd([{ word: "goodbye" }], "done", true);
}

const reach = (way: Way, directory: Directory, person: Person, why: string): Action =>
  way.arrive(person, nameOf(directory), `${person.body.displayName} ${why}`);

function spell({ id, body }: Directory, attempt: number, before: Sound[]): Action {
  return {
    do: "collect",
    sounds: [...before, body.greeting === null ? { word: "spell-name" } : { prompt: body.greeting }],
    min: 1,
    max: body.digits,
    seconds: 8,
    betweenSeconds: 4,
    terminator: "#",
    secret: false,
    otherwise: node("directory", id, attempt),
  };
}

/** Who can be meant, by name. */
function found({ config }: Way, { body }: Directory, spelt: string): Person[] {
  const people =
    body.members === null ? config.list("extension") : body.members.flatMap((id) => config.get("extension", id) ?? []);
  const order = ({ body: { displayName, number } }: Person) => `${displayName} ${number}`;
  return people
    .filter((one) => one.body.enabled && one.body.displayName !== null && isSpelt(one.body.displayName, body.by, spelt))
    .sort((a, b) => (order(a) < order(b) ? -1 : 1))
    .slice(0, offered);
}

const nameOf = ({ body }: Directory): string => named("directory", body.name);
