// Hot desking: an extension uses another's phone for a while. Calls from it are then that extension's, and calls to that extension ring it.
import { browserPhoneHere } from "../browser-phone.ts";
import type { Resource } from "../registry.ts";
import type { Config } from "./config.ts";
import { runtimeOf } from "./runtime.ts";

/** Who uses the phone with this SIP user name in the place of whose it is: the last one who made it his own. Undefined: nobody. */
export function guestAt(config: Config, username: string): Resource<"extension"> | undefined {
  for (const id of config.holders("extension", "hotDesk", username)) {
    const guest = config.get("extension", id);
    if (guest?.body.enabled) return guest;
  }
  return undefined;
}

/** The SIP user names of the phones that ring for an extension: its own but those that others use, the one that it uses, and its browser phone. */
export function phonesOf(config: Config, { id, body }: Resource<"extension">): string[] {
  const isIts = (username: string) => (guestAt(config, username)?.id ?? id) === id;
  const desk = runtimeOf(config, "extension", id, "hotDesk");
  const browser = browserPhoneHere(config, id, body);
  const own = [...body.devices.map(({ username }) => username).filter(isIts), ...(browser ? [browser] : [])];
  return desk !== undefined && guestAt(config, desk)?.id === id ? [...new Set([desk, ...own])] : own;
}
