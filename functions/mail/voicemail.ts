// A voicemail message by mail, with its audio; and the message deleted afterwards, where the box says so.
import { html } from "hono/html";
import type { z } from "zod";
import { idOf, type Owner } from "../../core/owner.ts";
import type { BodyOf, KindName } from "../../core/registry.ts";
import { voicemailMessage } from "../../core/wire-events.ts";
import type { Context } from "../context.ts";
import { readHead } from "../document/head.ts";
import { fromItem } from "../document/view.ts";
import { place } from "../edges/commands.ts";
import * as keys from "../keys.ts";
import { objects } from "../media/media.ts";
import type { Item } from "../store/store.ts";
import { type Mail, plain } from "./mail.ts";
import { type Task, type Waiting, waitingItem } from "./outbox.ts";

/** SES takes 40 MB with everything, and the audio grows by a third on its way. */
const attachedAtMost = 25_000_000;

type Box = BodyOf<"voicemail-box">;
type Message = z.output<typeof voicemailMessage>;

async function bodyOf<K extends KindName>(
  { store }: Context,
  owner: Owner,
  kind: K,
  id: string,
): Promise<BodyOf<K> | undefined> {
  const item = await store.get(keys.resource(owner, kind, id));
  // written by the API after the kind's schema
  return item && (fromItem(item).body as BodyOf<K>);
}

/** What is to be mailed of a new message, if its box wants any. A sandbox's goes to nobody. */
export async function mailOf(ctx: Context, owner: Owner, message: Pick<Message, "id" | "box">): Promise<Item[]> {
  if (!ctx.sendsMail || !(await bodyOf(ctx, owner, "voicemail-box", message.box))?.email) return [];
  if (typeof (await readHead(ctx.store, owner))?.sandbox === "string") return [];
  return [waiting("voicemail", owner, message, ctx.now())];
}

const waiting = (
  task: "voicemail" | "voicemail-delete",
  owner: Owner,
  { id, box }: { id: string; box: string },
  now: Date,
) => waitingItem({ owner, task, id, about: { box } }, now);

async function find(ctx: Context, { owner, id, about }: Waiting): Promise<{ box: Box; item: Item } | undefined> {
  const boxId = about.box ?? "";
  const item = await ctx.store.get(keys.message(owner, boxId, id));
  const box = await bodyOf(ctx, owner, "voicemail-box", boxId);
  return box && item ? { box, item } : undefined;
}

/** Nothing is sent where message, box or address are gone by now. */
export const sendVoicemail: Task = async (ctx, mailer, wanted) => {
  const { owner, id, about } = wanted;
  const found = await find(ctx, wanted);
  if (!found?.box.email) return [];
  const message = voicemailMessage.parse(found.item);
  const tenant = await bodyOf(ctx, owner, "tenant", idOf(owner));
  const attached = found.box.emailAudio && message.bytes <= attachedAtMost;
  const bytes = attached ? await ctx.media.get(objects.message(idOf(owner), id)) : undefined;
  const audio = bytes && [{ name: `voicemail-${id}.wav`, contentType: "audio/wav", bytes }];
  const zone = tenant?.timeZone ?? "UTC";
  const mail = { tenant: idOf(owner), id: `voicemail-${id}`, to: found.box.email };
  const how = await mailer.send({ ...mail, ...write(found.box, message, zone, audio ?? []) });
  // what nobody was sent stays where it can be heard
  return found.box.keepAfterEmail || how === "withheld"
    ? []
    : [{ put: waiting("voicemail-delete", owner, { id, box: about.box ?? "" }, ctx.now()) }];
};

/** The host that has it is told again and again, until it says that the message is gone. */
export const deleteVoicemail: Task = async (ctx, _, wanted) => {
  const { owner, id, about } = wanted;
  const found = await find(ctx, wanted);
  const head = await readHead(ctx.store, owner);
  if (!found || !head || found.box.keepAfterEmail) return [];
  await place(
    ctx,
    { owner, head },
    {
      name: "voicemail.delete",
      arguments: { box: about.box, message: id },
      actor: { type: "system", id: "mail", name: "Voicemail by mail", ip: null, requestId: `mail_${id}` },
      edge: String(found.item.edge),
      record: () => [],
    },
  );
  return "again";
};

function write(box: Box, message: Message, timeZone: string, attachments: Mail["attachments"]) {
  const [name, number] = [plain(message.from.name ?? ""), plain(message.from.number ?? "", 40)];
  const from = name && number ? `${name} (${number})` : name || number || "an unknown caller";
  const label = plain(box.label ?? "");
  const lines: [string, string][] = [
    ["From", from],
    ["To", label ? `${box.number} (${label})` : box.number],
    ["When", `${when(message.receivedAt, timeZone)} (${timeZone})`],
    ["Length", `${Math.floor(message.seconds / 60)}:${String(message.seconds % 60).padStart(2, "0")}`],
  ];
  const where = attachments.length > 0 ? "The message is attached." : "Listen to it by phone or in the console.";
  const rows = lines.map(([what, value]) => html`<tr><td>${what}</td><td>${value}</td></tr>`);
  return {
    subject: `Voicemail from ${from}`,
    text: `${lines.map(([what, value]) => `${what}: ${value}`).join("\n")}\n\n${where}\n`,
    html: String(html`<!doctype html><meta charset="utf-8"><table>${rows}</table><p>${where}</p>`),
    attachments,
  };
}

const when = (at: string, timeZone: string): string =>
  new Intl.DateTimeFormat("en-GB", { timeZone, dateStyle: "full", timeStyle: "short" }).format(new Date(at));
