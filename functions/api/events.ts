// The log of events: what happened in the subtree of an account or in a tenant, in the order in which it came here.
import { event, filter, fits } from "../events/event.ts";
import { isId } from "../id.ts";
import { notFound, Problem } from "../problem.ts";
import { about, ownerQuery } from "./access.ts";
import { instant } from "./calls.ts";
import { decodeCursor, encodeCursor, limitOf, paging } from "./list.ts";
import { ok, type Request, type Route } from "./route.ts";
import { listOf } from "./schema.ts";

/** Few requests read the log: it is not there at the start. */
const late = () => import("../events/log.ts");

/** A page may look at this many events for those that pass the filters. */
const maxLooked = 2000;

const query = {
  ...paging,
  ...ownerQuery,
  type: "A comma list of types, as a webhook endpoint's filters are: call.completed, extension.*",
  "createdAt[gte]": "Only events that came then or later (ISO 8601, UTC)",
  "createdAt[lte]": "Only events that came then or earlier",
  "id[gt]": "Only events that came after the one with this id",
  order: "oldest (first), which is what is read where nothing is said, or newest",
};

const filtersOf = ({ type }: Record<string, string>): string[] =>
  type === undefined
    ? ["*"]
    : type.split(",").map((one) => {
        if (filter.safeParse(one).success) return one;
        throw new Problem(
          "bad_parameter",
          `type: there are no events of type ${JSON.stringify(one.slice(0, 64))}; docs/webhooks.md lists them all.`,
          { errors: [{ pointer: "?type", detail: "no such type" }] },
        );
      });

function rangeOf({ query }: Request) {
  const { order = "oldest", after } = query;
  const since = query["id[gt]"];
  const refuse = (name: string, detail: string): never => {
    throw new Problem("bad_parameter", `${name} ${detail}.`, { errors: [{ pointer: `?${name}`, detail }] });
  };
  if (order !== "oldest" && order !== "newest") refuse("order", "must be oldest or newest");
  if (since !== undefined && !isId("evt", since)) refuse("id[gt]", "must be the id of an event");
  if (since !== undefined && order === "newest") refuse("id[gt]", "can't be asked for with order=newest");
  const cursor = after === undefined ? undefined : decodeCursor(after, /^evt_[0-9A-HJKMNP-TV-Z]{26}$/);
  return {
    from: instant(query, "createdAt[gte]"),
    to: instant(query, "createdAt[lte]"),
    after: cursor ?? since,
    newestFirst: order === "newest",
  };
}

export const eventRoutes = (): Route[] => [
  {
    method: "get",
    path: "/v1/events",
    tag: "events",
    summary: "What happened in the subtree, of the last 30 days, in the order in which it came here",
    scope: "events:read",
    query,
    answers: { 200: { about: "A page", schema: listOf(event) } },
    async handle(request) {
      const [{ events }, { owner }] = await Promise.all([late(), about(request, request.query, request.scope)]);
      const limit = limitOf(request.query);
      const filters = filtersOf(request.query);
      const data = [];
      let [last, looked] = ["", 0];
      for await (const one of events(request.ctx, owner, rangeOf(request))) {
        if (data.length === limit || looked === maxLooked) return ok({ data, next: encodeCursor(last) });
        if (fits(filters, one.type)) data.push(one);
        last = one.id;
        looked++;
      }
      return ok({ data, next: null });
    },
  },
  {
    method: "get",
    path: "/v1/events/{id}",
    tag: "events",
    summary: "One event",
    scope: "events:read",
    query: ownerQuery,
    answers: { 200: { about: "The event", schema: event } },
    async handle(request) {
      const [{ find }, { owner }] = await Promise.all([late(), about(request, request.query, request.scope)]);
      const id = request.params.id ?? "";
      const found = isId("evt", id) ? await find(request.ctx, owner, id) : undefined;
      if (!found) throw notFound("event", id.slice(0, 64));
      return ok(found);
    },
  },
];
