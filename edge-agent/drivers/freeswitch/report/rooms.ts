// Who is in which conference, and what each may do there: read from FreeSWITCH whenever it tells that a room changed, and told as a whole.
import { setTimeout } from "node:timers/promises";
import { z } from "zod";
import { tenantOwner } from "../../../../core/owner.ts";
import type { LiveConference } from "../../../../core/wire-events.ts";
import { clean } from "../../../clean.ts";
import type { Documents } from "../../../documents.ts";
import type { Esl, EslEvent } from "../esl/esl.ts";

type Api = Pick<Esl, "api">;
type Member = LiveConference["members"][number];

export type Rooms = {
  onEvent(event: EslEvent, esl: Api): void;
  /** Tells every room that there is, and of those told before which are empty now. */
  reread(esl: Api): Promise<void>;
};

/** `conference … json_list`: what is read of it. A recording is listed as a member without a channel. */
const listed = z.array(
  z.object({
    conference_name: z.string(),
    locked: z.boolean(),
    members: z.array(
      z.object({
        type: z.string(),
        id: z.number().int().optional(),
        uuid: z.string().optional(),
        caller_id_name: z.string().optional(),
        caller_id_number: z.string().optional(),
        join_time: z.number().optional(),
        flags: z.object({ can_speak: z.boolean(), is_moderator: z.boolean() }).optional(),
      }),
    ),
  }),
);
type Room = z.output<typeof listed>[number];

const retryMs = 50;
const mostTries = 20;
const roomName = /^cnf_[0-9A-HJKMNP-TV-Z]{26}$/;
/** What somebody says or plays changes nothing that is told. */
const telling = ["add-member", "del-member", "mute-member", "unmute-member", "lock", "unlock", "conference-destroy"];

/** FreeSWITCH's rooms of that name, or all; none where there is no such room. */
export async function readRooms(esl: Api, room?: string): Promise<Room[]> {
  const answer = await esl.api(`conference ${room === undefined ? "" : `${room} `}json_list compact`);
  return answer.startsWith("[") ? listed.parse(JSON.parse(answer)) : [];
}

export function createRooms(options: {
  documents: Pick<Documents, "config">;
  /** Whose leg it is, and the id of its call. */
  whose(uuid: string): { tenant: string | undefined; extension: string | undefined; call: string | undefined };
  report(is: LiveConference): void;
  failed(room: string, error: unknown): void;
}): Rooms {
  const told = new Map<string, LiveConference>();
  /** By room: legs that are to be in it, or out of it. FreeSWITCH tells that somebody comes before it lists him (conference_member.c, conference_member_add). */
  const expected = new Map<string, Map<string, boolean>>();
  /** Rooms that are being read; true: again, as something happened meanwhile. */
  const reading = new Map<string, boolean>();

  function tell(name: string, room: Room | undefined): void {
    const before = told.get(name);
    const tenant = before?.tenant ?? tenantOf(name, room);
    if (tenant === undefined) return;
    const joined = new Map(before?.members.map(({ id, joinedAt }) => [id, joinedAt]));
    const members = (room?.members ?? []).flatMap((member) => memberOf(member, joined));
    const is = { tenant, conference: name, locked: room?.locked ?? false, members };
    if (JSON.stringify(is) === JSON.stringify(before)) return;
    if (members.length === 0) told.delete(name);
    else told.set(name, is);
    options.report(is);
  }

  /** A room is its tenant's where the document says so. */
  function tenantOf(name: string, room: Room | undefined): string | undefined {
    const tenants = room?.members.map(({ uuid = "" }) => options.whose(uuid).tenant);
    return tenants?.find(
      (tenant) => tenant !== undefined && options.documents.config(tenantOwner(tenant))?.get("conference", name),
    );
  }

  function memberOf(
    { uuid, flags, caller_id_name, caller_id_number, join_time = 0 }: Room["members"][number],
    joined: Map<string, string>,
  ): Member[] {
    if (uuid === undefined || !flags || !/^[0-9a-f-]{36}$/.test(uuid)) return [];
    const { tenant = "", extension = null, call = null } = options.whose(uuid);
    const his =
      extension === null ? undefined : options.documents.config(tenantOwner(tenant))?.get("extension", extension);
    const number = his?.body.number ?? clean(caller_id_number, 64);
    const name = his?.body.displayName ?? clean(caller_id_name, 64);
    const joinedAt = joined.get(uuid) ?? new Date((Math.floor(Date.now() / 1000) - join_time) * 1000).toISOString();
    return [
      {
        ...{ id: uuid, call, number, name, extension },
        ...{ moderator: flags.is_moderator, muted: !flags.can_speak, joinedAt },
      },
    ];
  }

  async function read(name: string, esl: Api): Promise<void> {
    if (reading.has(name)) {
      reading.set(name, true);
      return;
    }
    try {
      let tries = 0;
      do {
        reading.set(name, false);
        const [room] = await readRooms(esl, name);
        tries += 1;
        if (tries < mostTries && !asExpected(name, room)) {
          await setTimeout(retryMs);
          reading.set(name, true);
        } else {
          if (!reading.get(name)) expected.delete(name);
          tell(name, room);
        }
      } while (reading.get(name));
    } catch (error) {
      options.failed(name, error);
    } finally {
      reading.delete(name);
      expected.delete(name);
    }
  }

  function asExpected(name: string, room: Room | undefined): boolean {
    const there = new Set(room?.members.map(({ uuid }) => uuid));
    return [...(expected.get(name) ?? [])].every(([uuid, present]) => there.has(uuid) === present);
  }

  return {
    onEvent({ headers }, esl) {
      const name = headers["Conference-Name"] ?? "";
      const { Action: action = "", "Unique-ID": uuid = "" } = headers;
      if (!roomName.test(name) || !telling.includes(action)) return;
      if (action === "add-member" || action === "del-member")
        expected.set(name, (expected.get(name) ?? new Map()).set(uuid, action === "add-member"));
      void read(name, esl);
    },
    async reread(esl) {
      const rooms = new Map((await readRooms(esl)).map((room) => [room.conference_name, room]));
      for (const name of new Set([...rooms.keys(), ...told.keys()]))
        if (roomName.test(name)) tell(name, rooms.get(name));
    },
  };
}
