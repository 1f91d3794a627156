// Who sends mail: a function of its own, the only one that may; fed by the table's stream with what is new and by a clock with what could not go.
import { CfnOutput, Duration, type Stack } from "aws-cdk-lib";
import type { ITable } from "aws-cdk-lib/aws-dynamodb";
import { Rule, RuleTargetInput, Schedule } from "aws-cdk-lib/aws-events";
import { LambdaFunction } from "aws-cdk-lib/aws-events-targets";
import { PolicyStatement } from "aws-cdk-lib/aws-iam";
import { FilterCriteria, FilterRule, StartingPosition } from "aws-cdk-lib/aws-lambda";
import { DynamoEventSource } from "aws-cdk-lib/aws-lambda-event-sources";
import { EmailIdentity, Identity } from "aws-cdk-lib/aws-ses";
import { mails } from "../functions/keys.ts";
import type { MailerEvent } from "../functions/mail/send.ts";
import { accept } from "./accept.ts";
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

export function feedMailer(stack: Stack, table: ITable, { lambda: mailer, role }: Made): void {
  mailer.addEventSource(
    new DynamoEventSource(table, {
      startingPosition: StartingPosition.TRIM_HORIZON,
      filters: [
        FilterCriteria.filter({
          eventName: FilterRule.isEqual("INSERT"),
          dynamodb: { Keys: { sk: { S: FilterRule.beginsWith(mails) } } },
        }),
      ],
      // few at a time, so that a slow mail holds up few others
      batchSize: 10,
      reportBatchItemFailures: true,
      // what was not sent stands in the outbox, and the sweep has it
      retryAttempts: 0,
      maxRecordAge: Duration.minutes(5),
    }),
  );
  accept(role, "AwsSolutions-IAM5[Resource::*]", "Only dynamodb:ListStreams, for which AWS knows no resource.");
  mailer.configureAsyncInvoke({ retryAttempts: 0, maxEventAge: Duration.minutes(1) });
  new Rule(stack, "MailSweep", {
    description: "Sends the mail that is due",
    schedule: Schedule.rate(Duration.minutes(1)),
    targets: [new LambdaFunction(mailer, { event: RuleTargetInput.fromObject(sweep), retryAttempts: 0 })],
  });
}
