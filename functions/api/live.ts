// What goes on in a tenant now, once or as a stream.
import { z } from "zod";
import { enter } from "../access/access.ts";
import { allows } from "../access/scopes.ts";
import { livePath } from "../live/path.ts";
import { sections, shownCall, shownPhone, shownQueue, View } from "../live/view.ts";
import { into } from "./into.ts";
import { ok, type Route } from "./route.ts";

const shown = z.object({
  calls: z.array(shownCall),
  registrations: z.array(shownPhone).optional().describe("With the scope registrations:read"),
  queues: z.array(shownQueue).describe("Who waits, and what agents do"),
});

export const liveRoutes = (): Route[] => [
  {
    method: "get",
    path: livePath,
    tag: "calls",
    summary:
      "Calls, registered phones and queues as they are now; with Accept: text/event-stream as a stream that goes on with each change",
    scope: "calls:read",
    stream: true,
    answers: { 200: { about: "All of it", schema: shown } },
    async handle(request) {
      const { ctx, principal, stream } = request;
      const { owner } = await into(request, "tenant");
      const seen = sections.filter(
        (section) => section !== "registrations" || allows(principal.scopes, "registrations:read"),
      );
      if (!stream) {
        const view = new View(owner, seen, ctx.now);
        await view.read(ctx.store);
        return ok(view.all);
      }
      const { stream: open } = await import("../live/stream.ts");
      const check = async () => enter(ctx, await stream.again(), "tenant", request.params.tenant ?? "", request.scope);
      return ok(open(ctx, { owner, principal, sections: seen, last: stream.last, check }));
    },
  },
];
