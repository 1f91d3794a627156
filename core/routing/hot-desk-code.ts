// The codes of hot desking: at another's phone, an extension's number and its PIN make that phone its own until it logs out.
import { collectPin, type PinOf, pinTries, refuseSpent } from "./ask-pin.ts";
import { type Feature, refuse, remember } from "./code-answer.ts";
import type { Action } from "./plan.ts";
import type { Remember } from "./runtime.ts";
import { type Ended, named, node, type Way } from "./way.ts";

const setDesk = (id: string, value: string | null): Remember["changes"][number] => ({
  ...{ kind: "extension", id, field: "hotDesk", value },
});

export const hotDeskLogin: Feature = (way, argument, _, at) => {
  const guest = way.config.byKey("extension", argument);
  if (!way.call.phone) return refuse(way, at, "it takes a phone to make one's own", "invalid");
  if (!guest?.body.enabled || !guest.body.hotDeskPin)
    return refuse(way, at, `${argument} is no extension that may use others' phones`, "not-permitted");
  return refuseSpent(way, pinOf(guest.id), at) ?? askPin(way, guest.id, at, pinTries);
};

const pinOf = (id: string): PinOf => ({ kind: "extension", id, pin: "hot-desk" });

function askPin(way: Way, id: string, at: string, left: number): Action {
  way.step(at, left === pinTries ? "a PIN is asked" : "the PIN was wrong, and is asked again", "pin");
  return collectPin(left < pinTries, node("hot-desk", id, left - 1));
}

/** A node is `hot-desk.<who logs in>.<tries left>`. */
export function resumeHotDesk(way: Way, [id = "", left = ""]: string[], { digits }: Ended): Action {
  const at = named("feature-code", "hot-desk-login");
  const { config, call } = way;
  const guest = config.get("extension", id);
  if (!guest?.body.enabled || !call.phone || call.inside)
    return refuse(way, at, "nobody may log in there any more", "not-permitted");
  const spent = refuseSpent(way, pinOf(id), at);
  if (spent) return spent;
  if (!config.isSecret(guest.body.hotDeskPin, digits)) {
    if (digits !== "") way.wrongPin = pinOf(id);
    return /^[12]$/.test(left)
      ? askPin(way, id, at, Number(left))
      : refuse(way, at, "the PIN was wrong three times", "invalid");
  }
  const { username, extension } = call.phone;
  const others = config.holders("extension", "hotDesk", username).filter((one) => one !== id);
  const own = extension === id;
  const changes = [...others.map((one) => setDesk(one, null)), setDesk(id, own ? null : username)];
  return remember(way, at, `the phone ${username} is that of ${guest.body.number} from now on`, changes, [
    { word: "on" },
  ]);
}

/** Whoever uses this phone leaves it; at his own phone, the one that he uses elsewhere. */
export const hotDeskLogout: Feature = (way, _, caller, at) => {
  const { config, call } = way;
  const here = call.phone ? config.holders("extension", "hotDesk", call.phone.username) : [];
  const leaving = here.length > 0 ? here : [caller.id];
  return remember(
    way,
    at,
    "the phone is its owner's again",
    leaving.map((id) => setDesk(id, null)),
    [{ word: "off" }],
  );
};
