// Who is in a conference now, and what is done about it: each a command to the edge where the conference is.
import { kindOf } from "../../core/registry.ts";
import type { Access } from "../access/access.ts";
import { liveConference, shownConference } from "../events/calls.ts";
import { notFound, Problem } from "../problem.ts";
import { accepted, send } from "./commands.ts";
import { into } from "./into.ts";
import { find } from "./resources.ts";
import { ok, type Request, type Route } from "./route.ts";

const base = "/v1/tenants/{tenant}/conferences/{id}";

const ofAll = {
  lock: "Let nobody else into a conference that is going on",
  unlock: "Let callers into a locked conference again",
};
const ofOne = {
  mute: "Mute a member of a conference",
  unmute: "Let a member of a conference speak again",
  kick: "Put a member out of a conference: his call ends",
};

export const conferenceRoutes = (): Route[] => [
  {
    method: "get",
    path: `${base}/live`,
    tag: "conferences",
    summary: "Who is in a conference now",
    scope: "calls:read",
    answers: { 200: { about: "All of them, the first to come first", schema: shownConference } },
    async handle(request) {
      const { rooms } = await roomsOf(request);
      const members = rooms.flatMap((room) => room.members);
      members.sort((a, b) => (a.joinedAt < b.joinedAt ? -1 : 1));
      return ok({ locked: rooms.some(({ locked }) => locked), members });
    },
  },
  ...Object.entries(ofAll).map(
    ([action, summary]): Route => ({
      method: "post",
      path: `${base}/${action}`,
      ...{ tag: "conferences", summary, scope: "calls:write", answers: accepted },
      async handle(request) {
        const { access, conference, rooms } = await roomsOf(request);
        const [room] = rooms;
        if (!room) throw new Problem("conflict", "Nobody is in the conference; it can be locked once somebody is.");
        return send(request, access, { name: "conference", arguments: { conference, action }, edge: room.edge });
      },
    }),
  ),
  ...Object.entries(ofOne).map(
    ([action, summary]): Route => ({
      method: "post",
      path: `${base}/members/{member}/${action}`,
      ...{ tag: "conferences", summary, scope: "calls:write", answers: accepted },
      async handle(request) {
        const { access, conference, rooms } = await roomsOf(request);
        const member = request.params.member ?? "";
        const room = rooms.find(({ members }) => members.some(({ id }) => id === member));
        if (!room) throw notFound("member who is in the conference now", member.slice(0, 64));
        return send(request, access, {
          name: "conference",
          arguments: { conference, action, member },
          edge: room.edge,
        });
      },
    }),
  ),
];

type Rooms = { access: Access; conference: string; rooms: Awaited<ReturnType<typeof liveConference>> };

async function roomsOf(request: Request): Promise<Rooms> {
  const access = await into(request, "tenant");
  const { id } = await find(request.ctx, access, kindOf("conference"), request.params.id ?? "");
  return { access, conference: id, rooms: await liveConference(request.ctx, access.head, id) };
}
