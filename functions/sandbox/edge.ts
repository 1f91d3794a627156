// The edge of sandboxes at work: what it tells of calls and phones comes in by the same way as what hosts tell, and commands end at once.
import type { z } from "zod";
import { idOf, type Owner } from "../../core/owner.ts";
import type { Disposition } from "../../core/routing/plan.ts";
import type { CallRecord, EdgeEvent, Registration } from "../../core/wire-events.ts";
import { follow, outcomeOf } from "../api/simulate.ts";
import type { simulation } from "../api/simulation.ts";
import type { Context } from "../context.ts";
import { loadConfig } from "../document/config.ts";
import { withSecrets } from "../document/guess.ts";
import type { Head } from "../document/head.ts";
import { simulated } from "../edges/simulated.ts";
import { longestEvent, takeIn } from "../events/ingest.ts";
import { newId } from "../id.ts";
import { objects } from "../media/media.ts";
import { Problem } from "../problem.ts";
import type { Operation } from "../store/store.ts";
import { type Pace, recordOf } from "./record.ts";
import { silence } from "./silence.ts";

type Told = EdgeEvent extends infer E ? (E extends EdgeEvent ? Pick<E, "type" | "data"> : never) : never;

/** Takes in, in one transaction with `also`. `name`: what tells it from all else. */
function tell(ctx: Context, owner: Owner, name: string, told: Told[], also: Operation[]): Promise<void> {
  const at = ctx.now().toISOString();
  const events = told.map((one) => ({ ...one, id: newId("evt"), at }) as EdgeEvent);
  return takeIn(ctx, simulated, events, { pk: owner, name, also });
}

type Placed = { record: CallRecord; outcome: Record<string, unknown>; steps: unknown[] };

/**
 * A call that ends now: its record, the message that was left and what was set by phone are written, in one transaction with what `also` makes of it. Throws
 * as the simulator does, `too_large`, and what `mayTry` throws where a PIN is typed.
 */
export async function call(
  ctx: Context,
  head: Head,
  { simulated: input, pace }: { simulated: z.output<typeof simulation>; pace: Pace },
  { mayTry, also }: { mayTry(): void; also(placed: Placed): Operation[] },
): Promise<Placed> {
  const { owner } = head;
  const tenant = idOf(owner);
  const now = ctx.now();
  const document = await loadConfig(ctx, head);
  const followed = await withSecrets(ctx, document, mayTry, (config) =>
    follow(config, input, now, pace.answerAfterSeconds),
  );
  const assume: Record<string, Disposition> | undefined = input.assume;
  const record = recordOf(document, tenant, followed, { assume, pace, ended: now });
  if (JSON.stringify(record).length > longestEvent)
    throw new Problem("too_large", "The call rings so many phones that its record is too long; call a smaller group.");
  const placed = { record, outcome: outcomeOf(document, followed.tried), steps: followed.steps };
  const told: Told[] = [{ type: "call.completed", data: record }];
  const last = followed.tried.at(-1)?.action;
  if (last?.do === "voicemail") {
    const { number, name } = record.from;
    const seconds = Math.min(pace.talkSeconds, last.maxSeconds);
    const audio = silence(seconds);
    const id = newId("msg");
    await ctx.media.put(objects.message(tenant, id), audio, "audio/wav");
    const message = { id, tenant, box: last.box, from: { number, name }, receivedAt: record.endedAt };
    told.push({ type: "voicemail.received", data: { ...message, seconds, bytes: audio.length, read: false } });
  }
  for (const { action } of followed.tried)
    for (const { kind, id, field, value } of action.do === "remember" ? action.changes : [])
      told.push({
        type: "runtime.updated",
        data: { type: "runtime", owner, subject: { kind, id }, field, value, at: record.endedAt, edge: simulated.id },
      });
  await tell(ctx, owner, record.id, told, also(placed));
  return placed;
}

/** A phone registers; `expiresAt` null: it leaves. In one transaction with what `also` makes of it. */
export async function register(
  ctx: Context,
  { owner }: Head,
  phone: { extension: string; username: string; expiresAt: string | null },
  also: (shown: Omit<Registration, "tenant">) => Operation[],
): Promise<Omit<Registration, "tenant">> {
  const contact = `sip:${phone.username}@sandbox.invalid`;
  const shown = { ...phone, contact, source: null, userAgent: "Dialplane sandbox" };
  const data = { ...shown, tenant: idOf(owner) };
  await tell(ctx, owner, newId("evw"), [{ type: "registration.updated", data }], also(shown));
  return shown;
}

/** Carries a command out, and says so. There are messages, but no phones and no live calls. */
export function carryOut(
  ctx: Context,
  owner: Owner,
  { id, name, arguments: given }: { id: string; name: string; arguments: Record<string, unknown> },
): Promise<void> {
  const message = { id: String(given.message), tenant: idOf(owner), box: String(given.box) };
  const done: Told[] =
    name === "voicemail.read"
      ? [{ type: "voicemail.updated", data: { ...message, read: given.read === true } }]
      : name === "voicemail.delete"
        ? [{ type: "voicemail.deleted", data: message }]
        : [];
  const ok = done.length > 0;
  const detail = ok ? null : "a sandbox has no phones; POST …/sandbox/calls makes a call in it";
  return tell(ctx, owner, id, [...done, { type: "command.done", data: { command: id, owner, ok, detail } }], []);
}
