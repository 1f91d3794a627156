// Mail by SES. It builds the message itself from the parts, so nothing that people wrote gets near a header or a boundary.
import { SESv2Client, type SESv2ClientConfig, SendEmailCommand } from "@aws-sdk/client-sesv2";
import type { Mailer } from "./mail.ts";

/** `from`: an address of an identity that is verified with SES. `configurationSet`: has what comes back reported (mail/returned.ts). */
export function sesMailer(from: string, configurationSet: string, config: SESv2ClientConfig): Mailer {
  const client = new SESv2Client(config);
  const utf8 = (Data: string) => ({ Data, Charset: "UTF-8" });
  return {
    async send({ tenant, id, to, sender, replyTo, subject, text, html, attachments }) {
      await client.send(
        new SendEmailCommand({
          FromEmailAddress: sender === undefined ? from : `${encodedWord(sender)} <${from}>`,
          ...(replyTo !== undefined && { ReplyToAddresses: [replyTo] }),
          Destination: { ToAddresses: [to] },
          ConfigurationSetName: configurationSet,
          EmailTags: [
            { Name: "owner", Value: tenant },
            { Name: "mail", Value: id },
          ],
          Content: {
            Simple: {
              Subject: utf8(subject),
              Body: { Text: utf8(text), Html: utf8(html) },
              Attachments: attachments.map(({ name, contentType, bytes }) => ({
                FileName: name,
                ContentType: contentType,
                ContentDisposition: "ATTACHMENT",
                ContentTransferEncoding: "BASE64",
                RawContent: bytes,
              })),
            },
          },
        }),
      );
    },
  };
}

/** Any text as the name before an address (RFC 2047): nothing in it ends the header or begins another address. */
const encodedWord = (text: string): string => `=?UTF-8?B?${Buffer.from(text).toString("base64")}?=`;
