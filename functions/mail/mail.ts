// Mail as whoever writes one sees it, and the port by which it leaves: SES in the cloud, a folder on one's own machine.

export type Attachment = { name: string; contentType: string; bytes: Uint8Array };

export type Mail = {
  /** The tenant or account whose mail it is. */
  tenant: string;
  /** The sender's name as it is shown, one line; none without it. */
  sender?: string;
  /** Where answers go. */
  replyTo?: string;
  /** The same on every try; letters, digits, `_` and `-`. */
  id: string;
  /** One address, as `mailAddress` of core takes it. */
  to: string;
  subject: string;
  text: string;
  /** The same for who reads HTML. Everything that people wrote is escaped in it. */
  html: string;
  attachments: Attachment[];
};

export interface Mailer {
  /** Resolves when the mail was accepted. */
  send(mail: Mail): Promise<void>;
}

/** What somebody wrote, as one short line that can stand in a subject: without control characters and what turns the direction of text. */
export function plain(text: string, max = 80): string {
  const shown = text
    .toWellFormed()
    .replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufffe\uffff]+/g, " ")
    .replace(/\s+/g, " ");
  return [...shown].slice(0, max).join("").trim();
}
