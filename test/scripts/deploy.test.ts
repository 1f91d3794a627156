// What `npm run deploy` would run. That AWS takes it can't be shown without an account.
import { expect, test } from "vitest";
import { commands, parseWanted, readOutputs, regionOf } from "../../scripts/deploy.ts";

test("the stage is the same for the CDK and for SST", () => {
  expect(
    commands(parseWanted(["--stage", "prod", "--alarms", "ops@example.com", "--mail", "pbx@mail.example"])),
  ).toEqual({
    backEnd: [
      "cdk",
      "deploy",
      "--context",
      "stage=prod",
      "--context",
      "alarmEmail=ops@example.com",
      "--context",
      "mailFrom=pbx@mail.example",
      "--outputs-file",
      "cdk.out/outputs.json",
    ],
    console: ["sst", "deploy", "--stage", "prod"],
  });
});

test.each([
  ["no stage", []],
  ["a stage that is none", ["--stage", "production"]],
  ["a zone that is no name", ["--stage", "dev", "--zone", "sip example"]],
])("%s stops it before anything is deployed", (_, args) => {
  expect(() => parseWanted(args)).toThrow("npm run deploy");
});

test("the region is that of the stack, whatever the shell says", () => {
  const key = "arn:aws:kms:eu-central-1:123456789012:key/1";
  const stack = {
    ApiUrl: "https://a.execute-api.eu-central-1.amazonaws.com",
    TableName: "t",
    VaultKeyArn: key,
    Stage: "dev",
  };
  expect(regionOf(readOutputs(JSON.stringify({ "dialplane-dev": stack }), "dev"))).toBe("eu-central-1");
  expect(() => readOutputs(JSON.stringify({ "dialplane-dev": stack }), "prod")).toThrow("dialplane-prod");
});
