// Who sends mail: fed with the table's changes, for what can go at once, and by a clock, for what could not.
import type { DynamoDBRecord } from "aws-lambda";
import type { Context } from "../context.ts";
import * as keys from "../keys.ts";
import type { Changed, Item } from "../store/store.ts";
import { changedFromStream } from "../store/table.ts";
import {
  sendApproved,
  sendInvitation,
  sendPasswordReset,
  sendProofOfAddress,
  sendSecurityNotice,
  sendSignUp,
} from "./identity.ts";
import type { Mailer } from "./mail.ts";
import { sendDue, sendOne, type Tasks } from "./outbox.ts";
import { hearReturned } from "./returned.ts";
import { deleteVoicemail, sendVoicemail } from "./voicemail.ts";

const tasks: Tasks = {
  voicemail: sendVoicemail,
  "voicemail-delete": deleteVoicemail,
  invitation: sendInvitation,
  "password-reset": sendPasswordReset,
  "proof-of-address": sendProofOfAddress,
  "sign-up": sendSignUp,
  approved: sendApproved,
  "security-notice": sendSecurityNotice,
};

export type Sending = {
  /** New mail among these changes. Resolves when all was tried; what failed waits for the sweep. */
  changed(changes: readonly Changed[]): Promise<void>;
  /** Everything that is due. Rejects if any could not be sent. */
  sweep(): Promise<number>;
  /** One report of SES on a mail that came back. */
  returned(report: unknown): Promise<void>;
};

export function createSending(ctx: Context, mailer: Mailer): Sending {
  const isNew = ({ key, before, after }: Changed): Item[] =>
    after && !before && key.sk.startsWith(keys.mails) ? [after] : [];
  return {
    async changed(changes) {
      for (const item of changes.flatMap(isNew)) await sendOne(ctx, mailer, tasks, item);
    },
    sweep: () => sendDue(ctx, mailer, tasks),
    returned: (report) => hearReturned(ctx, report),
  };
}

/** What the rules in infra/mailer.ts send: the clock's, and what EventBridge has from SES. */
export type MailerEvent = { Records: DynamoDBRecord[] } | { sweep: true } | { source: "aws.ses"; detail: unknown };

/** As a Lambda. */
export const createMailerHandler = (sending: Sending) => async (event: MailerEvent) => {
  if ("sweep" in event) return { sent: await sending.sweep() };
  if ("detail" in event) return sending.returned(event.detail);
  await sending.changed(event.Records.map(changedFromStream));
  return { batchItemFailures: [] };
};
