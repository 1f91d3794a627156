// Mails by which people come in: each holds a link with a token that is minted as the mail is sent; a mail that is sent again has another.
import { idOf } from "../../core/owner.ts";
import { findMember } from "../access/member.ts";
import { findPerson, type Language, type Person, personByEmail } from "../access/person.ts";
import type { Context } from "../context.ts";
import { readHead, sortOf } from "../document/head.ts";
import { fromItem } from "../document/view.ts";
import { linkTo, type Page } from "../identity/link.ts";
import { isNotice } from "../identity/security-notice.ts";
import { findSignUp } from "../identity/sign-up-record.ts";
import { minting } from "../identity/token.ts";
import * as keys from "../keys.ts";
import type { Key } from "../store/store.ts";
import { type Text, texts } from "./identity-texts.ts";
import { compose } from "./letter.ts";
import { plain } from "./mail.ts";
import type { Task, Waiting } from "./outbox.ts";
import type { Sparing } from "./returned.ts";

export const invitationDays = 7;
export const resetMinutes = 60;
export const proofHours = 24;

type Wanted = {
  to: string;
  language: Language;
  text: Text;
  page: Page;
  /** Of the token: where it is kept, by what it is found, how long it is good, what is kept beside it. */
  place: Key;
  subject: string;
  seconds: number;
  more?: Record<string, string>;
};

async function sendLink(ctx: Context, mailer: Sparing, { task, owner, id }: Waiting, wanted: Wanted): Promise<[]> {
  const { to, language, text, page, place, subject, seconds, more } = wanted;
  const { token, operation } = minting(place, subject, seconds, ctx.now(), more);
  await ctx.store.transact([operation]);
  const { brand, url } = await linkTo(ctx, owner, page, token);
  const letter = compose(brand, { language, ...text, link: { text: text.button, url } });
  await mailer.send({ tenant: idOf(owner), id: `${task}-${id}`, to, ...letter });
  return [];
}

/** With a link to the sign-in page and no token. */
async function sendNotice(ctx: Context, mailer: Sparing, wanted: Waiting, to: Person, text: Text): Promise<void> {
  const { task, owner, id } = wanted;
  const { brand, url } = await linkTo(ctx, owner, "", "");
  const { button, ...letter } = text;
  const written = compose(brand, { language: to.language, ...letter, link: { text: button, url } });
  await mailer.send({ tenant: idOf(owner), id: `${task}-${id}`, to: to.email, ...written });
}

/** About an `email` whose sign-up was approved. */
export const sendApproved: Task = async (ctx, mailer, wanted) => {
  const person = await personByEmail(ctx.store, wanted.about.email ?? "");
  if (person)
    await sendNotice(ctx, mailer, wanted, person, texts[person.language].approved({ name: plain(person.name) }));
  return [];
};

/** About a `person` and `what` changed of how he signs in. */
export const sendSecurityNotice: Task = async (ctx, mailer, wanted) => {
  const person = await findPerson(ctx.store, wanted.about.person ?? "");
  const { what = "", more = "" } = wanted.about;
  if (!person || !isNotice(what)) return [];
  const text = texts[person.language].securityNotice({ name: plain(person.name), what, more: plain(more) });
  await sendNotice(ctx, mailer, wanted, person, text);
  return [];
};

/** About a `member`, in the `language` of whoever asks him, `by` name. */
export const sendInvitation: Task = async (ctx, mailer, wanted) => {
  const { owner, about } = wanted;
  const member = await findMember(ctx.store, owner, about.member ?? "");
  const head = await readHead(ctx.store, owner);
  if (!member || !head || member.personId !== null) return [];
  const settings = await ctx.store.get(keys.resource(owner, sortOf(owner), idOf(owner)));
  const names = { name: plain(member.name), place: plain(String(settings && fromItem(settings).body.name)) };
  const language = about.language === "fr" ? "fr" : "en";
  return sendLink(ctx, mailer, wanted, {
    to: member.email,
    language,
    text: texts[language].invitation({ ...names, by: plain(about.by ?? ""), days: invitationDays }),
    page: "accept",
    place: keys.memberToken(owner, member.id, "invitation"),
    subject: `${idOf(owner)}.${member.id}`,
    seconds: invitationDays * 86_400,
  });
};

/** About an `email`, of somebody here or not: who is not gets none. */
export const sendPasswordReset: Task = async (ctx, mailer, wanted) => {
  const person = await personByEmail(ctx.store, wanted.about.email ?? "");
  if (!person) return [];
  const { id, name, email, language } = person;
  return sendLink(ctx, mailer, wanted, {
    to: email,
    language,
    text: texts[language].passwordReset({ name: plain(name), minutes: resetMinutes }),
    page: "reset",
    place: keys.personToken(id, "password-reset"),
    subject: id,
    seconds: resetMinutes * 60,
  });
};

/** About a `person` and the `email` that he wants to have. */
export const sendProofOfAddress: Task = async (ctx, mailer, wanted) => {
  const person = await findPerson(ctx.store, wanted.about.person ?? "");
  const { email } = wanted.about;
  if (!person || email === undefined) return [];
  const { id, name, language } = person;
  return sendLink(ctx, mailer, wanted, {
    to: email,
    language,
    text: texts[language].proofOfAddress({ name: plain(name), hours: proofHours }),
    page: "verify",
    place: keys.personToken(id, "address"),
    subject: id,
    seconds: proofHours * 3600,
    more: { email },
  });
};

/** About a `signUp`. Who has the address already is told that he has, and nothing else comes of it. */
export const sendSignUp: Task = async (ctx, mailer, wanted) => {
  const one = await findSignUp(ctx, wanted.about.signUp ?? "");
  if (one?.state !== "mailed") return [];
  const { id, email, name, company, language } = one;
  const known = await personByEmail(ctx.store, email);
  if (known) {
    await sendNotice(ctx, mailer, wanted, known, texts[known.language].alreadyThere({ name: plain(known.name) }));
    return [{ delete: keys.signUp(id) }];
  }
  return sendLink(ctx, mailer, wanted, {
    to: email,
    language,
    text: texts[language].signUp({ name: plain(name), company: plain(company), hours: proofHours }),
    page: "welcome",
    place: keys.signUpToken(id),
    subject: id,
    seconds: proofHours * 3600,
  });
};
