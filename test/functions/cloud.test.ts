// Opening the context of a Lambda, and the work after an answer.
import { expect, test } from "vitest";
import { createBackground } from "../../functions/background.ts";
import { readEnvironment } from "../../functions/environment.ts";
import { createLog } from "../../functions/log.ts";
import { apiSettings, cloudSettings } from "../../functions/settings.ts";

const environment = { TABLE: "t", STAGE: "prod", PUBLIC_URL: "https://api.example/", AWS_REGION: "eu-central-1" };

const ofApi = {
  ...environment,
  VAULT_KEY: "arn:aws:kms:eu-central-1:123456789012:key/1",
  MEDIA_BUCKET: "media",
  JOB_QUEUE: "https://sqs.eu-central-1.amazonaws.com/123456789012/jobs",
};

test("a good environment is read once, the address without its slash", () => {
  expect(readEnvironment(cloudSettings, environment)).toEqual({
    ...environment,
    PUBLIC_URL: "https://api.example",
    LOG_LEVEL: "info",
    TRUSTED_PROXIES: [],
  });
  const more = {
    TRUSTED_PROXIES: "10.0.0.0/8, 2001:db8::1",
    RATE_LIMIT: "1200",
    DNS_ZONE: "SIP.Example.com",
    DNS_ZONE_ID: "Z0123",
    MAIL_FROM: "pbx@mail.example",
  };
  expect(readEnvironment(apiSettings, { ...ofApi, ...more })).toMatchObject({
    TRUSTED_PROXIES: ["10.0.0.0/8", "2001:db8::1"],
    RATE_LIMIT: { quota: 1200, windowSeconds: 60 },
    DNS_ZONE: "sip.example.com",
    ACME_DIRECTORY: "https://acme-v02.api.letsencrypt.org/directory",
    MAIL_FROM: "pbx@mail.example",
  });
  expect(readEnvironment(apiSettings, ofApi).RATE_LIMIT.quota).toBe(6000);
});

test.each([
  ["TABLE", ""],
  ["STAGE", "prod-2"],
  ["STAGE", "prod\n"],
  ["PUBLIC_URL", "http://api.example"],
  ["PUBLIC_URL", "api.example"],
  ["AWS_REGION", undefined],
  ["LOG_LEVEL", "loud"],
  ["TRUSTED_PROXIES", "10.0.0.0/8, cloudfront"],
  ["FRONT_SECRET", "short"],
  ["MAIL_FROM", "PBX <pbx@mail.example>"],
  ["RATE_LIMIT", "a few"],
  ["RATE_LIMIT", ""],
  ["RATE_LIMIT", "1.5"],
  ["DNS_ZONE", "sip"],
  ["DNS_ZONE_ID", "/hostedzone/Z0123"],
  ["MEDIA_BUCKET", undefined],
])("a bad %s fails at once, by its name and with what it must be", (name, value) => {
  const bad = { ...ofApi, [name]: value };
  expect(() => readEnvironment(apiSettings, bad)).toThrow(new RegExp(`^the environment .*: ${name}: .*must be .*$`));
});

test("settled waits for work that begins more work, and survives work that fails", async () => {
  const background = createBackground(createLog("silent"));
  const done: string[] = [];
  const soon = () => new Promise((resolve) => setImmediate(resolve));
  background.after(
    soon().then(() => {
      done.push("first");
      background.after(soon().then(() => void done.push("second")));
    }),
  );
  background.after(Promise.reject(new Error("broken")));
  await background.settled();
  expect(done).toEqual(["first", "second"]);
});
