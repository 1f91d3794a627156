// What SES is asked, as it comes over the wire: its own parts for everything that people wrote, so no header or boundary is ours to get wrong.
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, expect, it } from "vitest";
import { sesMailer } from "../../../functions/mail/ses.ts";

const asked: { path: string | undefined; body: Record<string, unknown> }[] = [];
let status = 200;
const server = createServer(async (request: IncomingMessage, response) => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  asked.push({ path: request.url, body: JSON.parse(Buffer.concat(chunks).toString("utf8")) });
  response.writeHead(status, { "content-type": "application/json", "x-amzn-errortype": "MessageRejected" });
  response.end(status === 200 ? '{"MessageId":"1"}' : '{"message":"Email address is not verified."}');
});
beforeAll(() => new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve)));
afterAll(() => server.close());

const mailer = () =>
  sesMailer("pbx@mail.example", "mail-set", {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    region: "eu-central-1",
    credentials: { accessKeyId: "a", secretAccessKey: "b" },
  });
const mail = {
  tenant: "ten_1",
  id: "voicemail-msg_1",
  to: "ada@example.com",
  subject: "Voicemail from Zoë",
  text: "Grüße",
  html: "<p>Grüße</p>",
  attachments: [{ name: "voicemail.wav", contentType: "audio/wav", bytes: new Uint8Array([82, 73, 70, 70, 0, 255]) }],
};

it("gets sender, one recipient, both texts and the audio each in its own part", async () => {
  await mailer().send(mail);
  const utf8 = (Data: string) => ({ Data, Charset: "UTF-8" });
  expect(asked).toEqual([
    {
      path: "/v2/email/outbound-emails",
      body: {
        FromEmailAddress: "pbx@mail.example",
        Destination: { ToAddresses: ["ada@example.com"] },
        ConfigurationSetName: "mail-set",
        EmailTags: [
          { Name: "owner", Value: "ten_1" },
          { Name: "mail", Value: "voicemail-msg_1" },
        ],
        Content: {
          Simple: {
            Subject: utf8("Voicemail from Zoë"),
            Body: { Text: utf8("Grüße"), Html: utf8("<p>Grüße</p>") },
            Attachments: [
              {
                FileName: "voicemail.wav",
                ContentType: "audio/wav",
                ContentDisposition: "ATTACHMENT",
                ContentTransferEncoding: "BASE64",
                RawContent: "UklGRgD/",
              },
            ],
          },
        },
      },
    },
  ]);
});

it("a mail that SES refuses is not taken for sent", async () => {
  status = 400;
  await expect(mailer().send(mail)).rejects.toThrow("not verified");
});
