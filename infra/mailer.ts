// Who sends mail: a function of its own, the only one that may; fed by the table's stream with what is new and by a clock with what could not go.
import { CfnOutput, type Stack } from "aws-cdk-lib";
import type { ITable } from "aws-cdk-lib/aws-dynamodb";
import { PolicyStatement } from "aws-cdk-lib/aws-iam";
import { EmailIdentity, Identity } from "aws-cdk-lib/aws-ses";
import { mails } from "../functions/keys.ts";
import type { MailerEvent } from "../functions/mail/send.ts";
import { feedClock, feedInserts } from "./feed.ts";
import type { Made } from "./functions.ts";

const sweep: MailerEvent = { sweep: true };

/** The right to send as `from`, an address of a domain that this stack makes known to SES. Its DNS records are outputs: SES sends when they are there. */
export function allowMail(stack: Stack, { role }: Made, from: string): void {
  const identity = new EmailIdentity(stack, "MailIdentity", { identity: Identity.domain(from.split("@")[1] ?? "") });
  identity.dkimRecords.forEach(({ name, value }, index) => {
    new CfnOutput(stack, `MailDkim${index + 1}`, { value: `${name} CNAME ${value}` });
  });
  role.addToPolicy(
    new PolicyStatement({
      // which of the two SES asks for depends on whether there is an attachment
      actions: ["ses:SendEmail", "ses:SendRawEmail"],
      resources: [identity.emailIdentityArn],
      conditions: { StringEquals: { "ses:FromAddress": from } },
    }),
  );
}

export function feedMailer(stack: Stack, table: ITable, mailer: Made): void {
  // few at a time, so that a slow mail holds up few others; what was not sent stands in the outbox, and the sweep has it
  feedInserts(mailer, table, mails, { batchSize: 10, retryAttempts: 0 });
  feedClock(stack, mailer, { id: "MailSweep", description: "Sends the mail that is due", event: sweep });
}
