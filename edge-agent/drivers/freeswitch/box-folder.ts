// Where the messages of a box lie: a folder made of ids alone, so that no tenant's text is a path, and a new domain or number moves nothing.
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { token } from "./inert.ts";

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
