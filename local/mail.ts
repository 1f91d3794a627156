// Mail on one's own machine: each lies in a folder of its own, with its attachments, where it can be read. A mail that is sent again is the same one.
import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import type { Mailer } from "../functions/mail/mail.ts";

/** What was mailed for a tenant is there no more. */
export const forgetMail = (folder: string, tenant: string): void =>
  rmSync(join(folder, basename(tenant)), { recursive: true, force: true });

/** Writes to `folder`, into one of each tenant. */
export function folderMailer(folder: string): Mailer {
  return {
    async send({ tenant, id, to, sender, subject, text, html, attachments }) {
      const done = join(folder, basename(tenant), basename(id));
      if (existsSync(done)) return;
      const part = `${done}.part`;
      rmSync(part, { recursive: true, force: true });
      mkdirSync(part, { recursive: true, mode: 0o700 });
      const put = (name: string, content: string | Uint8Array) =>
        writeFileSync(join(part, basename(name)), content, { mode: 0o600, flush: true });
      put("mail.txt", `${sender === undefined ? "" : `From: ${sender}\n`}To: ${to}\nSubject: ${subject}\n\n${text}`);
      put("mail.html", html);
      for (const { name, bytes } of attachments) put(name, bytes);
      renameSync(part, done);
    },
  };
}
