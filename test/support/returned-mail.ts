// What SES says of a mail that came back, as EventBridge brings it (developer guide, "Email Bounced" and "Email Complaint Received").

type Tags = { owner: string[]; mail: string[] };
export type Telling = { type?: string; at?: string; feedbackId?: string; complaint?: string | null };

/** Makes the report for a stage's configuration set. `type`: of the bounce; `complaint`: instead of one, its type. */
export const returned =
  (to: string, tags: Tags, { type = "Permanent", at, feedbackId = "0107-1", complaint }: Telling = {}) =>
  (set: string) => {
    const timestamp = at ?? new Date().toISOString();
    const sent = {
      ...{ timestamp, source: "Acme <pbx@mail.example>", sendingAccountId: "123456789012" },
      ...{ sourceArn: "arn:aws:ses:eu-central-1:123456789012:identity/mail.example", messageId: "0107-m" },
      ...{ destination: [to], headersTruncated: false, headers: [{ name: "To", value: to }] },
      commonHeaders: { from: ["Acme <pbx@mail.example>"], to: [to], messageId: "0107-m", subject: "Voicemail" },
      tags: {
        ...{ "ses:source-tls-version": ["TLSv1.3"], "ses:operation": ["SendEmail"], "ses:configuration-set": [set] },
        ...{ "ses:source-ip": ["198.51.100.7"], "ses:from-domain": ["mail.example"], ...tags },
      },
    };
    const bounce = {
      ...{ feedbackId, timestamp, bounceType: type, bounceSubType: "General" },
      bouncedRecipients: [
        { emailAddress: to, action: "failed", status: "5.1.1", diagnosticCode: "smtp; 550 5.1.1\r\nuser unknown" },
      ],
      ...{ reportingMTA: "dsn; mta.example.com" },
    };
    const complained = {
      ...{ feedbackId, timestamp, complaintSubType: null, complainedRecipients: [{ emailAddress: to }] },
      ...{ userAgent: "Mail/1.0", complaintFeedbackType: complaint, arrivalDate: timestamp },
    };
    const isComplaint = complaint !== undefined;
    return {
      ...{ version: "0", id: "f5a5b1a4-0000-4000-8000-000000000001", source: "aws.ses" },
      "detail-type": isComplaint ? "Email Complaint Received" : "Email Bounced",
      ...{ account: "123456789012", time: timestamp, region: "eu-central-1" },
      resources: [`arn:aws:ses:eu-central-1:123456789012:configuration-set/${set}`],
      detail: {
        eventType: isComplaint ? "Complaint" : "Bounce",
        ...(isComplaint ? { complaint: complained } : { bounce }),
        mail: sent,
      },
    };
  };
