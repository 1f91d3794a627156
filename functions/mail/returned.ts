// Mail that comes back: of addresses that refused it for good, and of readers who called it spam. SES tells of both (infra/mailer.ts). Such an address is
// marked for the whole installation, and no more is mailed to it until the mark is over or somebody invites its member anew: who goes on sending is soon
// refused everywhere.
import { z } from "zod";
import { accountOwner, type Owner, tenantOwner } from "../../core/owner.ts";
import type { Context } from "../context.ts";
import * as waiting from "../events/waiting.ts";
import { isId } from "../id.ts";
import * as keys from "../keys.ts";
import { type Condition, ConditionFailed, Conflict, type Item, type Store } from "../store/store.ts";
import { type Mailer, plain } from "./mail.ts";

export const reasons = ["bounce", "complaint"] as const;

const stored = z.object({ reason: z.enum(reasons), at: z.string(), until: z.string(), ttl: z.int() });
/** Why nothing is mailed to an address, since when and until when (ISO 8601). */
export type Returned = Omit<z.output<typeof stored>, "ttl">;

const daysOf = { bounce: 30, complaint: 180 } as const;

/** Undefined also where the mark is over. */
export function readReturned(item: Item | undefined, now: Date): Returned | undefined {
  if (!item) return undefined;
  const { reason, at, until } = stored.parse(item);
  return Date.parse(until) > now.getTime() ? { reason, at, until } : undefined;
}

export const returnedMail = async (store: Store, address: string, now: Date): Promise<Returned | undefined> =>
  readReturned(await store.get(keys.returnedMail(address)), now);

/** Sends mail, but for `withheld`: to that address it comes back. */
export type Sparing = { send(mail: Parameters<Mailer["send"]>[0]): Promise<"sent" | "withheld"> };

export const sparing = (ctx: Context, mailer: Mailer): Sparing => ({
  async send(mail) {
    const returned = await returnedMail(ctx.store, mail.to, ctx.now());
    if (!returned) {
      await mailer.send(mail);
      return "sent";
    }
    ctx.log.warn({ owner: mail.tenant, id: mail.id, ...returned }, "mail to that address comes back; none is sent");
    ctx.measure?.("MailWithheld", [1]);
    return "withheld";
  },
});

const mail = z.object({
  destination: z.array(z.string()).min(1),
  tags: z.record(z.string(), z.array(z.string())).default({}),
});
const about = { timestamp: z.iso.datetime(), feedbackId: z.string().max(200) };
/** What SES publishes for a configuration set, by EventBridge. */
const heard = z.discriminatedUnion("eventType", [
  z.object({
    ...{ eventType: z.literal("Bounce"), mail },
    bounce: z.object({
      ...about,
      bounceType: z.string(),
      bouncedRecipients: z.array(z.object({ diagnosticCode: z.string().optional() })),
    }),
  }),
  z.object({
    ...{ eventType: z.literal("Complaint"), mail },
    complaint: z.object({ ...about, complaintFeedbackType: z.string().nullish() }),
  }),
]);

type News = { reason: Returned["reason"]; at: string; feedback: string; detail: string | null };

/** Undefined where the mailbox is only full or slow, or where the reader said that it is no spam. */
function newsIn(told: z.output<typeof heard>): News | undefined {
  if (told.eventType === "Complaint") {
    const { timestamp: at, feedbackId: feedback, complaintFeedbackType: type } = told.complaint;
    return type === "not-spam" ? undefined : { reason: "complaint", at, feedback, detail: type ?? null };
  }
  const { timestamp: at, feedbackId: feedback, bounceType, bouncedRecipients } = told.bounce;
  const detail = plain(bouncedRecipients[0]?.diagnosticCode ?? "", 300) || null;
  return bounceType === "Permanent" ? { reason: "bounce", at, feedback, detail } : undefined;
}

/** Whose mail it was, as ses.ts tagged it. */
function ownerIn(id = ""): Owner | undefined {
  if (isId("ten", id)) return tenantOwner(id);
  return isId("acc", id) ? accountOwner(id) : undefined;
}

/** Takes one report of SES, which may come twice: marks the address, and tells whose mail it was. Throws where it is no such report. */
export async function hearReturned(ctx: Context, detail: unknown): Promise<void> {
  const told = heard.parse(detail);
  const news = newsIn(told);
  const [to = ""] = told.mail.destination;
  if (!news) return;
  const { reason, at, feedback } = news;
  const ends = new Date(Date.parse(at) + daysOf[reason] * 86_400_000);
  const until = ends.toISOString();
  const { owner: whose, mail: of } = told.mail.tags;
  const owner = ownerIn(whose?.[0]);
  const data = { to, reason, mail: of?.[0] ?? null, detail: news.detail, at, until };
  const event = owner && { type: "mail.returned", owner, data };
  const key = keys.returnedMail(to);
  for (let attempt = 0; ; attempt++) {
    const before = await ctx.store.get(key);
    // this one or a later one
    if (before && String(before.at) >= at) return;
    const unchanged: Condition = before ? { equals: { at: String(before.at) } } : { absent: true };
    try {
      await ctx.store.transact([
        { put: { ...key, reason, at, until, ttl: Math.ceil(ends.getTime() / 1000) }, if: unchanged },
        ...(event ? waiting.of(event.owner, `returned-${feedback}`, [event], ctx.now().toISOString()) : []),
      ]);
      break;
    } catch (error) {
      if (!(error instanceof ConditionFailed || error instanceof Conflict) || attempt === 20) throw error;
    }
  }
  ctx.measure?.("MailReturned", [1]);
  ctx.log.warn({ owner: whose?.[0], id: of?.[0], reason, until }, "a mail came back; no more is sent to its address");
}
