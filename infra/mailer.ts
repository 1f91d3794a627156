// Who sends mail: a function of its own, the only one that may; fed by the table's stream with what is new, by a clock with what could not go, and by SES
// with what came back.
import { ArnFormat, CfnOutput, type Stack } from "aws-cdk-lib";
import type { ITable } from "aws-cdk-lib/aws-dynamodb";
import { EventBus, Rule } from "aws-cdk-lib/aws-events";
import { LambdaFunction } from "aws-cdk-lib/aws-events-targets";
import { PolicyStatement } from "aws-cdk-lib/aws-iam";
import { ConfigurationSet, EmailIdentity, EmailSendingEvent, EventDestination, Identity } from "aws-cdk-lib/aws-ses";
import { mails } from "../functions/keys.ts";
import type { MailerEvent } from "../functions/mail/send.ts";
import { feedClock, feedInserts } from "./feed.ts";
import type { Made } from "./functions.ts";

const sweep: MailerEvent = { sweep: true };

/** The right to send as `from`, an address of a domain that this stack makes known to SES. Its DNS records are outputs: SES sends when they are there. */
export function allowMail(stack: Stack, mailer: Made, from: string): void {
  const identity = new EmailIdentity(stack, "MailIdentity", { identity: Identity.domain(from.split("@")[1] ?? "") });
  identity.dkimRecords.forEach(({ name, value }, index) => {
    new CfnOutput(stack, `MailDkim${index + 1}`, { value: `${name} CNAME ${value}` });
  });
  const set = reportReturned(stack, mailer);
  mailer.role.addToPolicy(
    new PolicyStatement({
      // which of the two SES asks for depends on whether there is an attachment
      actions: ["ses:SendEmail", "ses:SendRawEmail"],
      resources: [
        identity.emailIdentityArn,
        stack.formatArn({
          ...{ service: "ses", resource: "configuration-set", resourceName: set.configurationSetName },
          arnFormat: ArnFormat.SLASH_RESOURCE_NAME,
        }),
      ],
      conditions: { StringEquals: { "ses:FromAddress": from } },
    }),
  );
}

/** What comes back is told to the mailer, which keeps a list of its own: an address on the account's list could not be tried anew by who invites its member. */
function reportReturned(stack: Stack, { lambda }: Made): ConfigurationSet {
  const set = new ConfigurationSet(stack, "MailSet", { disableSuppressionList: true });
  lambda.addEnvironment("MAIL_CONFIGURATION_SET", set.configurationSetName);
  set.addEventDestination("MailReports", {
    // the only bus that SES publishes to
    destination: EventDestination.eventBus(EventBus.fromEventBusName(stack, "UsualBus", "default")),
    events: [EmailSendingEvent.BOUNCE, EmailSendingEvent.COMPLAINT],
  });
  new Rule(stack, "MailReturned", {
    description: "Tells the mailer of mail that bounced or was called spam",
    eventPattern: {
      source: ["aws.ses"],
      // of this stage's mail alone
      detail: { mail: { tags: { "ses:configuration-set": [set.configurationSetName] } } },
    },
    targets: [new LambdaFunction(lambda, { retryAttempts: 20 })],
  });
  return set;
}

export function feedMailer(stack: Stack, table: ITable, mailer: Made): void {
  // few at a time, so that a slow mail holds up few others; what was not sent stands in the outbox, and the sweep has it
  feedInserts(mailer, table, mails, { batchSize: 10, retryAttempts: 0 });
  feedClock(stack, mailer, { id: "MailSweep", description: "Sends the mail that is due", event: sweep });
}
