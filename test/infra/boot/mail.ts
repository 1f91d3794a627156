// A mail as SES was asked to send it.
import type { Mail } from "../../../functions/mail/mail.ts";

type Text = { Data: string };
type Asked = {
  FromEmailAddress: string;
  ReplyToAddresses?: string[];
  Destination: { ToAddresses: string[] };
  EmailTags: { Name: string; Value: string }[];
  Content: {
    Simple: {
      Subject: Text;
      Body: { Text: Text; Html: Text };
      Attachments?: { FileName: string; ContentType: string; RawContent: string }[];
    };
  };
};

/** `body`: of SES's SendEmail. */
export function mailOf(body: Record<string, unknown>): Mail {
  const asked = body as unknown as Asked;
  const { Subject, Body, Attachments = [] } = asked.Content.Simple;
  const [, word] = /^=\?UTF-8\?B\?([^?]*)\?=/.exec(asked.FromEmailAddress) ?? [];
  const tag = (name: string) => asked.EmailTags.find(({ Name }) => Name === name)?.Value ?? "";
  const [replyTo] = asked.ReplyToAddresses ?? [];
  return {
    tenant: tag("owner"),
    id: tag("mail"),
    to: asked.Destination.ToAddresses[0] ?? "",
    ...(word !== undefined && { sender: Buffer.from(word, "base64").toString() }),
    ...(replyTo !== undefined && { replyTo }),
    subject: Subject.Data,
    text: Body.Text.Data,
    html: Body.Html.Data,
    attachments: Attachments.map(({ FileName, ContentType, RawContent }) => ({
      name: FileName,
      contentType: ContentType,
      bytes: new Uint8Array(Buffer.from(RawContent, "base64")),
    })),
  };
}
