// `/dev/mail`: the mails that lie in the folder, newest first, for who develops on this machine. They let people in, so nobody else sees them.
import { readdirSync, readFileSync, statSync } from "node:fs";
import { basename, join } from "node:path";
import type { Context as HonoContext } from "hono";
import { html } from "hono/html";
import type { App } from "../functions/api/route.ts";

const loopback = new Set(["127.0.0.1", "localhost", "[::1]"]);
const shownAtMost = 50;

/** Adds nothing where the control plane is for others too. */
export function addMailbox(app: App, folder: string, publicUrl: string): void {
  if (!loopback.has(new URL(publicUrl).hostname)) return;
  app.get("/dev/mail", (c) => (isHere(c) ? c.html(page(newest(folder)), 200, headers) : c.notFound()));
  app.get("/dev/mail/:place/:id", (c) => {
    const { place, id } = c.req.param();
    const file = join(folder, basename(place), basename(id), "mail.html");
    return isHere(c) ? c.html(readFileSync(file, "utf8"), 200, headers) : c.notFound();
  });
}

/** A name that somebody pointed at this machine is not this machine. */
const isHere = (c: HonoContext): boolean =>
  loopback.has(new URL(`http://${c.req.header("host") ?? ""}`).hostname) &&
  c.req.header("x-forwarded-for") === undefined;

const headers = {
  "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
  "Referrer-Policy": "no-referrer",
  "Cache-Control": "no-store",
};

type Shown = { path: string; text: string; at: number };

function newest(folder: string): Shown[] {
  const found = list(folder).flatMap((place) =>
    list(join(folder, place)).flatMap((id) => {
      const file = join(folder, place, id, "mail.txt");
      return id.endsWith(".part") ? [] : [{ path: `${place}/${id}`, file, at: statSync(file).mtimeMs }];
    }),
  );
  return found
    .sort((a, b) => b.at - a.at)
    .slice(0, shownAtMost)
    .map(({ path, file, at }) => ({ path, at, text: readFileSync(file, "utf8") }));
}

function list(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

/** With the links in its text to be followed. */
const linked = (text: string) =>
  text.split(/(https?:\/\/\S+)/).map((part, index) => (index % 2 === 1 ? html`<a href="${part}">${part}</a>` : part));

const page = (mails: Shown[]) =>
  html`<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Mail on this machine</title><style>body{font:15px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:44rem;padding:0 1rem}pre{white-space:pre-wrap;overflow-wrap:anywhere;font:inherit;border:1px solid #bbb;border-radius:8px;padding:1rem}:root{color-scheme:light dark}</style><h1>Mail on this machine</h1>${
    mails.length === 0 ? html`<p>None yet. What is mailed lies here, and goes to nobody.</p>` : ""
  }${mails.map(
    ({ path, text, at }) =>
      html`<article><p><time>${new Date(at).toISOString()}</time> · <a href="/dev/mail/${path}">as HTML</a></p><pre>${linked(text)}</pre></article>`,
  )}</html>`;
