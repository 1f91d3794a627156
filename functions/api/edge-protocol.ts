// What edges themselves ask and report; every request but enrolment is signed. The shapes are core/wire*.ts, loaded when what they are of comes.
import type { Context as HonoContext } from "hono";
import * as z from "zod/mini";
import { owner } from "../../core/owner.ts";
import type { Context } from "../context.ts";
import type { Edge } from "../edges/edge.ts";
import { audioFor, uploadFor } from "../edges/media.ts";
import { messageOf, readRoster } from "../edges/roster.ts";
import { verified } from "../edges/signature.ts";
import { acknowledge, changesSince, differences, snapshot } from "../edges/sync.ts";
import { Problem } from "../problem.ts";
import { since as runtimeSince } from "../runtime/relay.ts";
import { parse, parseJson, readText } from "./body.ts";
import { clientAddress } from "./client-address.ts";
import type { App } from "./route.ts";

const ofHost = () => import("../../core/wire-host.ts");
const ofDocuments = () => import("../../core/wire.ts");
const ofNames = () => import("../../core/host-name.ts");

export function addEdgeProtocol(app: App, ctx: Context): void {
  const signed = (work: (edge: Edge, c: HonoContext, body: unknown) => Promise<unknown>) => async (c: HonoContext) => {
    const text = await readText(c);
    const edge = await verified(ctx, c, text);
    const answer = await work(edge, c, text === "" ? undefined : parseJson(text));
    return answer === undefined ? c.body(null, 204) : c.json(answer as object);
  };
  const ownerOf = (c: HonoContext) => {
    const parsed = owner.safeParse(c.req.query("owner"));
    if (!parsed.success) throw new Problem("bad_parameter", "owner must be T#<tenant> or A#<account>.");
    return parsed.data;
  };
  const number = (c: HonoContext, name: string): number => {
    const value = c.req.query(name) ?? "";
    if (!/^\d{1,15}$/.test(value)) throw new Problem("bad_parameter", `${name} must be a number.`);
    return Number(value);
  };

  app.post("/v1/edges/enroll", async (c) => {
    const from = { ip: clientAddress(c, ctx), requestId: c.get("requestId") };
    const [{ enrol }, { enrolment }] = await Promise.all([import("../edges/enrol.ts"), ofHost()]);
    const edge = await enrol(ctx, parse(enrolment, parseJson(await readText(c, 64 * 1024))), from);
    const roster = messageOf(await readRoster(ctx, edge.pool));
    return c.json(
      {
        edge: edge.id,
        pool: edge.pool,
        queue: await ctx.queues.access(edge.id, edge.queueUrl),
        serverTime: ctx.now().toISOString(),
        roster,
      },
      201,
    );
  });
  app.post(
    "/v1/edges/:edge/queue",
    signed((edge) => ctx.queues.access(edge.id, edge.queueUrl)),
  );
  app.get(
    "/v1/edges/:edge/changes",
    signed((edge, c) => changesSince(ctx, edge, ownerOf(c), number(c, "epoch"), number(c, "since"))),
  );
  app.get(
    "/v1/edges/:edge/snapshot",
    signed((edge, c) => snapshot(ctx, edge, ownerOf(c), c.req.query("after") || undefined)),
  );
  app.get(
    "/v1/edges/:edge/runtime",
    signed((edge, c) => {
      const from = c.req.query("since") || undefined;
      if (from !== undefined && !z.iso.datetime().safeParse(from).success)
        throw new Problem("bad_parameter", "since must be a time in ISO 8601 and UTC.");
      return runtimeSince(ctx, edge, from, c.req.query("after") || undefined);
    }),
  );
  app.post(
    "/v1/edges/:edge/differences",
    signed(async (edge, _, body) => differences(ctx, edge, parse((await ofDocuments()).comparison, body).buckets)),
  );
  app.post(
    "/v1/edges/:edge/acks",
    signed(async (edge, _, body) => void (await acknowledge(ctx, edge, parse((await ofDocuments()).acks, body).acks))),
  );
  app.post(
    "/v1/edges/:edge/audio",
    signed(async (edge, _, body) => audioFor(ctx, edge, parse((await ofHost()).audioWanted, body))),
  );
  app.post(
    "/v1/edges/:edge/uploads",
    signed(async (edge, _, body) => uploadFor(ctx, edge, parse((await ofHost()).recorded, body))),
  );
  app.post(
    "/v1/edges/:edge/package",
    signed(async (edge, _, body) => {
      const [{ packageFor }, { packageWanted }] = await Promise.all([import("../edges/release.ts"), ofHost()]);
      return packageFor(ctx, edge, parse(packageWanted, body));
    }),
  );
  app.post(
    "/v1/edges/:edge/events",
    signed(async (edge, _, body) => {
      const [{ ingest }, { eventBatch }] = await Promise.all([
        import("../events/ingest.ts"),
        import("../../core/wire-events.ts"),
      ]);
      const batch = parse(eventBatch, body);
      await ingest(ctx, edge, batch);
      return { batch: batch.batch };
    }),
  );
  app.post(
    "/v1/edges/:edge/heartbeat",
    signed(async (edge, c, body) => {
      const from = { ip: clientAddress(c, ctx), requestId: c.get("requestId") };
      const [{ heartbeat }, shapes] = await Promise.all([import("../edges/heartbeat.ts"), ofHost()]);
      const told = parse(shapes.heartbeat, body);
      return { serverTime: ctx.now().toISOString(), ...(await heartbeat(ctx, edge, told, from)) };
    }),
  );
  const names = () => import("../edges/names.ts");
  app.post(
    "/v1/edges/:edge/names",
    signed(async (edge, _, body) => (await names()).name(ctx, edge, parse((await ofNames()).hostNames, body))),
  );
  app.post(
    "/v1/edges/:edge/challenges",
    signed(async (edge, _, body) => ({
      visible: await (await names()).challenge(ctx, edge, parse((await ofNames()).challenge, body)),
    })),
  );
  app.delete(
    "/v1/edges/:edge/challenges",
    signed(async (edge, c) => {
      const { name, value } = c.req.query();
      await (await names()).unchallenge(ctx, edge, parse((await ofNames()).challenge, { name, value }));
    }),
  );
}
