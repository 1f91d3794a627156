// A voicemail box as FreeSWITCH knows it: a user named by the box's id, and a folder made of ids. So no tenant's text is a path, and a new number or a new
// domain of its tenant moves nothing: the messages stay where they are found.
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { token } from "./inert.ts";

/**
 * The domain of all these users: the profile that phones are registered with. Whose lamp is to change is asked of the profile that bears this name, and
 * where none does, one is left locked (sofia_presence.c, mwi handler). No tenant's domain is without a dot.
 */
export const boxDomain = "phones";

/** As voicemail's commands and a phone's `mwi-account` name it. */
export const boxAccount = (box: string): string => `${token(box)}@${boxDomain}`;

export const boxFolder = (dir: string, tenant: string, box: string): string => join(dir, token(tenant), token(box));
export const messageFile = /^msg_[0-9a-f-]{36}\.wav$/;

/** Names of a folder; none where there is no such folder. */
export function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

export const messagesIn = (folder: string): number => namesIn(folder).filter((name) => messageFile.test(name)).length;
