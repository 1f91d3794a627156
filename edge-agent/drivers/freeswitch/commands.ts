// What the cloud may ask of a running FreeSWITCH: to make a call, to end one, to send one elsewhere, to lock a conference or mute who is in it. Everything in a command's text is an id of ours or
// digits.
import { z } from "zod";
import { idOf, type Owner } from "../../../core/owner.ts";
import { phonesOf } from "../../../core/routing/hot-desk.ts";
import { suspensionOf } from "../../../core/routing/suspension.ts";
import type { Documents } from "../../documents.ts";
import type { CommandResult } from "../../driver.ts";
import type { FreeswitchConfig } from "./config.ts";
import type { Present } from "./dialplan.ts";
import { number, token } from "./inert.ts";
import { type Host, phone } from "./phone.ts";
import type { LiveRef } from "./report/live.ts";
import { readRooms } from "./report/rooms.ts";
import { sayCode } from "./say-code.ts";
import { variables } from "./variables.ts";

/** What is needed of the event socket. */
export type CommandApi = {
  api(command: string): Promise<string>;
  bgapi(command: string, seconds: number): Promise<string>;
};
export type CommandParts = {
  esl: CommandApi;
  documents: Documents;
  /** The Kamailio host through which phones are reached; undefined: they are registered here. */
  through: Host | undefined;
  host: FreeswitchConfig;
  present: Present;
  /** A call that is going on, by its id or by the uuid of its A leg. */
  liveCall(idOrUuid: string): LiveRef | undefined;
};

type Carry = (parts: CommandParts, owner: Owner, given: Record<string, unknown>) => Promise<CommandResult>;

const dialled = z.string().regex(/^\+?[0-9*#]{1,32}$/);
const done: CommandResult = { ok: true, detail: null };

/** A phone that nobody takes up is given up after so long. */
const ringSeconds = 30;

const commands: Record<string, Carry> = { originate, hangup, transfer, conference, "say-code": sayCode };

/** Throws with the reason where it did not take. */
export function carryOut(parts: CommandParts, owner: Owner, name: string, given: Record<string, unknown>) {
  const carry = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (!carry) throw new Error(`this agent can't carry out ${name}`);
  return carry(parts, owner, given);
}

/**
 * Rings an extension's phones; the first that is taken up dials `to`, by the dialplan and with the extension's permission. The new leg is an outbound one
 * that nothing made: dialplan.ts takes the word of the variables set here, which no phone can set, for its first lookup alone.
 */
async function originate(
  { esl, documents, through, liveCall }: CommandParts,
  owner: Owner,
  given: Record<string, unknown>,
) {
  const { extension, to } = parse({ extension: z.string(), to: dialled }, given);
  const config = documents.config(owner);
  const caller = config?.get("extension", extension);
  if (!config || !caller?.body.enabled) throw new Error("the extension is disabled or gone");
  if (suspensionOf(config)) throw new Error("the tenant is suspended");
  const domain = token(config.settings.domain);
  const values = {
    [variables.tenant]: token(idOf(owner)),
    [variables.fromExtension]: token(extension),
    [variables.placed]: number(to),
    [variables.direction]: "internal",
    [variables.dialled]: number(to),
    originate_timeout: ringSeconds,
    ignore_early_media: true,
    origination_caller_id_number: number(to),
    origination_caller_id_name: number(to),
    force_transfer_context: domain,
    force_transfer_dialplan: "XML",
    outbound_redirect_fatal: true,
    sip_copy_custom_headers: false,
  };
  const phones = phonesOf(config, caller).map((username, index) => {
    // one of several legs is the call; of the others only the one that is taken up
    const other = index === 0 ? "" : `[${variables.beside}=true]`;
    return `${other}${phone(username, domain, through)}`;
  });
  if (phones.length === 0) throw new Error("the extension has no phone of its own: another uses it");
  const list = Object.entries(values).map(([name, value]) => `${name}=${value}`);
  const command = `originate {${list.join(",")}}${phones.join(",")} ${number(to)} XML ${domain}`;
  const uuid = read(await esl.bgapi(command, ringSeconds + 15));
  const call = liveCall(uuid)?.id;
  return { ...done, ...(call !== undefined && { call }) };
}

async function hangup({ esl, liveCall }: CommandParts, owner: Owner, given: Record<string, unknown>) {
  const { uuid } = liveOf(owner, liveCall, given);
  read(await esl.api(`uuid_kill ${uuid} NORMAL_CLEARING`));
  return done;
}

/** The caller goes on to `to`, as far as dialplan.ts lets him; whom he talked to is hung up. */
async function transfer({ esl, documents, liveCall }: CommandParts, owner: Owner, given: Record<string, unknown>) {
  const { to } = parse({ to: dialled }, given);
  const { uuid } = liveOf(owner, liveCall, given);
  const domain = documents.config(owner)?.settings.domain;
  if (domain === undefined) throw new Error("the tenant is gone");
  read(await esl.api(`uuid_transfer ${uuid} ${number(to)} XML ${token(domain)}`));
  return done;
}

const conferenceAction = z.enum(["lock", "unlock", "mute", "unmute", "kick"]);

/** `lock` and `unlock` are of the whole; the others of one member, by the uuid of his leg. */
async function conference({ esl, documents }: CommandParts, owner: Owner, given: Record<string, unknown>) {
  const shape = { conference: z.string(), action: conferenceAction, member: z.string().optional() };
  const { conference: id, action, member } = parse(shape, given);
  if (!documents.config(owner)?.get("conference", id)) throw new Error("the conference is gone");
  const name = token(id);
  const [room] = await readRooms(esl, name);
  if (!room) throw new Error("nobody is in the conference");
  const ofAll = action === "lock" || action === "unlock";
  const number = room.members.find(({ uuid }) => uuid !== undefined && uuid === member)?.id;
  if (!ofAll && number === undefined) throw new Error("the member has left the conference");
  read(await esl.api(`conference ${name} ${action}${ofAll ? "" : ` ${number}`}`));
  return done;
}

function liveOf(owner: Owner, liveCall: CommandParts["liveCall"], given: Record<string, unknown>): { uuid: string } {
  const { call } = parse({ call: z.string() }, given);
  const found = liveCall(call);
  if (!found || found.tenant !== idOf(owner)) throw new Error("the call is over");
  return { uuid: token(found.uuid) };
}

function parse<S extends z.ZodRawShape>(shape: S, given: Record<string, unknown>) {
  const read = z.object(shape).safeParse(given);
  if (!read.success)
    throw new Error(`the command has no usable ${read.error.issues[0]?.path.join(".") ?? "arguments"}`);
  return read.data;
}

/** `+OK`'s rest, or FreeSWITCH's reason as an error. */
function read(answer: string): string {
  const [, ok, text = ""] = /^([+-](?:OK|ERR|USAGE))\s*(.*)/.exec(answer.trim()) ?? [];
  if (ok !== "+OK") throw new Error(reasons[text] ?? `FreeSWITCH says ${answer.trim().slice(0, 100)}`);
  return text;
}

const reasons: Record<string, string> = {
  USER_NOT_REGISTERED: "the extension has no phone registered",
  SUBSCRIBER_ABSENT: "the extension has no phone registered",
  UNALLOCATED_NUMBER: "the extension has no phone registered",
  NO_USER_RESPONSE: "the extension has no phone registered",
  NO_ANSWER: "the extension's phone was not taken up",
  ORIGINATOR_CANCEL: "the extension's phone was not taken up",
  ALLOTTED_TIMEOUT: "the extension's phone was not taken up",
  USER_BUSY: "the extension's phone is busy",
  CALL_REJECTED: "the extension's phone declined",
  "No such channel!": "the call is over",
};
