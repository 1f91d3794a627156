// What mails to people look like: a few sentences and one button, the same as plain text. Names that people wrote are escaped.
import { html } from "hono/html";
import type { Language } from "../access/person.ts";
import { type Mail, plain } from "./mail.ts";

/** Whose mail it is, as its readers know him. */
export type Brand = { name: string; replyTo: string | undefined };
export type Letter = {
  language: Language;
  subject: string;
  /** Paragraphs; the link stands after the first. */
  lines: string[];
  link?: { text: string; url: string };
};

export function compose(brand: Brand, { language, subject, lines, link }: Letter): Omit<Mail, "tenant" | "id" | "to"> {
  const [first = "", ...rest] = lines;
  const button =
    link &&
    html`<p style="margin:24px 0"><a href="${link.url}" style="background:#1d50cf;border-radius:6px;color:#fff;display:inline-block;font-weight:600;padding:10px 18px;text-decoration:none">${link.text}</a></p><p style="color:#565f6c;font-size:13px;overflow-wrap:anywhere">${link.url}</p>`;
  return {
    sender: plain(brand.name),
    ...(brand.replyTo !== undefined && { replyTo: brand.replyTo }),
    subject: plain(subject, 150),
    text: `${[first, ...(link ? [link.url] : []), ...rest, `— ${brand.name}`].join("\n\n")}\n`,
    html: String(
      html`<!doctype html><html lang="${language}"><meta charset="utf-8"><title>${subject}</title><body style="background:#f5f6f8;color:#171a1f;font:15px/1.5 system-ui,sans-serif;margin:0;padding:32px 16px"><div style="background:#fff;border:1px solid #dde1e7;border-radius:8px;margin:0 auto;max-width:520px;padding:28px"><p style="font-size:17px;font-weight:600;margin-top:0">${brand.name}</p><p>${first}</p>${button ?? ""}${rest.map((line) => html`<p>${line}</p>`)}</div></body></html>`,
    ),
    attachments: [],
  };
}
