// Calls and phones of a sandbox, made by a request: what follows (records, messages, events, webhooks) is what follows real ones.
import { z } from "zod";
import { omit } from "zod/mini";
import { kindOf } from "../../core/registry.ts";
import type { Extension } from "../../core/resources/extension.ts";
import { registration } from "../../core/wire-events.ts";
import { type Access, demand } from "../access/access.ts";
import { Problem } from "../problem.ts";
import { parse } from "./body.ts";
import { shownCall } from "./calls.ts";
import { into } from "./into.ts";
import { find } from "./resources.ts";
import { ok, type Request, type Route } from "./route.ts";
import { simulated, simulation } from "./simulation.ts";

const base = "/v1/tenants/{tenant}/sandbox";
const tag = "sandbox";
const scope = "sandbox:write";

const wantedCall = simulation.extend({
  at: simulation.shape.at.describe("What time schedules take it for; now by default. The call itself always ends now"),
  answerAfterSeconds: z
    .int()
    .min(0)
    .max(600)
    .default(5)
    .describe("Phones are picked up after so long: not at all where they ring shorter"),
  talkSeconds: z.int().min(0).max(3600).default(30).describe("From the answer to the end; a message is so long"),
});
const placed = simulated.extend({ call: shownCall });
const wantedPhone = z.strictObject({
  extension: z.string().min(1).max(64).describe("The extension whose phone it is, by id or number"),
  username: z.string().min(1).max(64).optional().describe("Which of its devices; the first by default"),
  registered: z.boolean().default(true).describe("false: it leaves"),
  expiresInSeconds: z.int().min(60).max(86_400).default(3600),
});
const shownPhone = omit(registration, { tenant: true });

export const sandboxRoutes = (): Route[] => [
  {
    method: "post",
    path: `${base}/calls`,
    tag,
    summary: "Make a call in a sandbox: a record of it, events and a message, as the call would have gone",
    scope,
    body: wantedCall,
    example: { from: "1001", to: "600", assume: { 1001: "no-answer" }, talkSeconds: 12 },
    answers: { 201: { about: "The call, which is over, and the way it went", schema: placed } },
    async handle(request) {
      const { head } = await intoSandbox(request);
      const { answerAfterSeconds, talkSeconds, ...input } = parse(wantedCall, request.body);
      const edge = await import("../sandbox/edge.ts");
      const answerOf = ({ record, outcome, steps }: Awaited<ReturnType<typeof edge.call>>) => {
        const { seq: _, tenant: __, ...call } = record;
        return { status: 201, body: { call: { ...call, livemode: false }, outcome, steps } };
      };
      const made = await edge.call(
        request.ctx,
        head,
        { simulated: input, pace: { answerAfterSeconds, talkSeconds } },
        {
          mayTry: () => demand(request.principal, "secrets:read"),
          also: (call) => request.record({ head, target: { kind: "call", id: call.record.id } }, answerOf(call)),
        },
      );
      return answerOf(made);
    },
  },
  {
    method: "post",
    path: `${base}/registrations`,
    tag,
    summary: "Register a phone in a sandbox, or let it leave",
    scope,
    body: wantedPhone,
    example: { extension: "1001" },
    answers: { 200: { about: "The registration; `expiresAt` null: there is none any more", schema: shownPhone } },
    async handle(request) {
      const { ctx } = request;
      const access = await intoSandbox(request);
      const { extension: ref, username: wanted, registered, expiresInSeconds } = parse(wantedPhone, request.body);
      const { id, body } = await extensionOf(request, access, ref);
      const device = body.devices.find(({ username }) => wanted === undefined || username === wanted);
      if (!device) throw refuse("username", "is no device of the extension");
      const expiresAt = registered ? new Date(ctx.now().getTime() + expiresInSeconds * 1000).toISOString() : null;
      const { register } = await import("../sandbox/edge.ts");
      const phone = { extension: id, username: device.username, expiresAt };
      const target = { kind: "extension", id };
      const also = (told: unknown) => request.record({ head: access.head, target }, ok(told));
      return ok(await register(ctx, access.head, phone, also));
    },
  },
];

const refuse = (name: string, detail: string): Problem =>
  new Problem("invalid", `${name}: ${detail}.`, { errors: [{ pointer: `/${name}`, detail }] });

async function extensionOf({ ctx }: Request, access: Access, ref: string): Promise<{ id: string; body: Extension }> {
  const found = await find(ctx, access, kindOf("extension"), ref).catch((error) => {
    if (error instanceof Problem && error.code === "not_found") throw refuse("extension", "there is no such extension");
    throw error;
  });
  return { id: found.id, body: found.body as Extension };
}

/** Throws `conflict` for a live tenant, where nothing is made up. */
async function intoSandbox(request: Request): Promise<Access> {
  const access = await into(request, "tenant");
  if (access.head.sandbox !== null) return access;
  throw new Problem(
    "conflict",
    "This tenant is live; make an account with sandbox: true and a tenant in it, and call there.",
  );
}
