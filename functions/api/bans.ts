// Sources of SIP that a host does not answer for what they did: who, why, until when; and answered again before that.
import { isIP } from "node:net";
import { z } from "zod";
import { ownEdge } from "../edges/edge.ts";
import * as keys from "../keys.ts";
import { Problem } from "../problem.ts";
import { allItems } from "../store/store.ts";
import { accepted, send } from "./commands.ts";
import { home } from "./edges.ts";
import { ok, type Route } from "./route.ts";
import { listOf } from "./schema.ts";

const ban = z.object({
  source: z.string().describe("Its address; of IPv6 its network, as in 2001:db8::/64"),
  why: z.string().nullable().describe("`scanner`, `flood` or `wrong-credentials`"),
  userAgent: z.string().nullable(),
  bannedAt: z.iso.datetime(),
  expiresAt: z.iso.datetime(),
});

/** So many at most are listed: under attack there may be any number. */
const most = 1000;

export const banRoutes = (): Route[] => [
  {
    method: "get",
    path: "/v1/edges/{id}/bans",
    tag: "edges",
    summary: "Addresses that a Kamailio host does not answer: 1,000 at most, by address",
    scope: "edges:read",
    answers: { 200: { about: "Those that are banned now", schema: listOf(ban) } },
    async handle({ ctx, params, ...request }) {
      const { id } = await ownEdge(ctx, await home({ ctx, params, ...request }, "edges:read"), params.id ?? "");
      const data: z.output<typeof ban>[] = [];
      for await (const item of allItems((q) => ctx.store.query(q), { pk: keys.edge(id).pk, prefix: keys.bans })) {
        const one = ban.parse(item);
        if (Date.parse(one.expiresAt) > ctx.now().getTime()) data.push(one);
        if (data.length === most) break;
      }
      return ok({ data, next: null });
    },
  },
  {
    method: "delete",
    path: "/v1/edges/{id}/bans/{source}",
    tag: "edges",
    summary: "Have a Kamailio host answer an address again, listed or not; its wrong passwords are forgotten",
    scope: "edges:write",
    answers: accepted,
    async handle(request) {
      const access = await home(request, "edges:write");
      const edge = await ownEdge(request.ctx, access, request.params.id ?? "");
      const source = request.params.source ?? "";
      const [, network] = /^([^/]+)\/64$/.exec(source) ?? [];
      if (network === undefined ? isIP(source) === 0 : isIP(network) !== 6)
        throw new Problem(
          "bad_parameter",
          "source must be an address, as in 192.0.2.7, or a network of IPv6 as it is listed, as in 2001:db8::/64.",
        );
      if (edge.engine !== "kamailio")
        throw new Problem("conflict", "Only Kamailio hosts ban addresses; name one of these.");
      return send(request, access, { name: "unban", arguments: { source }, edge: undefined, on: edge });
    },
  },
];
