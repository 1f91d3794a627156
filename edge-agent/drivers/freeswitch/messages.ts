// A box's messages as FreeSWITCH lists them (mod_voicemail.c, voicemail_list_api_function): XML whose texts are not escaped, so it is read line by line,
// and nothing that a caller wrote is taken for more than his name.
import { basename, join } from "node:path";
import { derivedId } from "../../derived-id.ts";
import { messageFile } from "./box.ts";
import { inert, number } from "./inert.ts";

export type Message = {
  id: string;
  /** FreeSWITCH's own name for it: the call's uuid. */
  uuid: string;
  file: string;
  receivedAt: string;
  seconds: number;
  read: boolean;
  from: { number: string | null; name: string | null };
};

const field = /^ {2}<([a-z_-]+)>(.*)<\/\1>$/;

/** `folder` is the box's own: a message elsewhere is none of its. */
export function readMessages(xml: string, folder: string, box: string): Message[] {
  const found: Message[] = [];
  let values = new Map<string, string>();
  for (const line of xml.split("\n")) {
    if (line === " <message>") values = new Map();
    const [, name, value] = field.exec(line) ?? [];
    if (name !== undefined && value !== undefined && !values.has(name)) values.set(name, value);
    if (line === " </message>") found.push(...read(values, folder, box));
  }
  return found;
}

function read(values: Map<string, string>, folder: string, box: string): Message[] {
  const get = (name: string): string => values.get(name) ?? "";
  const file = basename(get("path"));
  const created = Number(get("created_epoch")) * 1000;
  const uuid = get("uuid");
  if (!messageFile.test(file) || !/^[\w-]{1,64}$/.test(uuid) || !(created > 0)) return [];
  const caller = number(get("cid-number"));
  const name = inert(get("cid-name"));
  return [
    {
      id: derivedId("msg", created, box, file),
      uuid,
      file: join(folder, file),
      receivedAt: new Date(created).toISOString(),
      seconds: Number(get("message-len")) || 0,
      read: Number(get("read_epoch")) > 0,
      from: { number: caller || null, name: name && name !== caller ? name : null },
    },
  ];
}
