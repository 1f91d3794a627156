// What `npm run deploy` would run. That AWS takes it can't be shown without an account.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { Media } from "../../functions/media/media.ts";
import { s3Media } from "../../functions/media/s3.ts";
import { uploadReleases } from "../../scripts/build-edge/upload.ts";
import { commands, consoleEnvironment, parseWanted } from "../../scripts/deploy.ts";
import { bringTemplate } from "../../scripts/edge-host.ts";
import { readOutputs, regionOf } from "../../scripts/outputs.ts";
import { temporaryFolder } from "../support/folder.ts";

test("the stage is the same for the CDK and for SST", () => {
  expect(
    commands(parseWanted(["--stage", "prod", "--alarms", "ops@example.com", "--mail", "pbx@mail.example"])),
  ).toEqual({
    backEnd: [
      "cdk",
      "deploy",
      "--all",
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

test("what a machine's control plane has by its environment, the cloud has by options", () => {
  const args = ["--stage", "prod", "--zone", "sip.example.com", "--console", "https://pbx.example.com/"];
  const more = ["--watchers", "0", "--trusted-proxies", "198.51.100.0/24", "--rate-limit", "0", "--log-level", "warn"];
  const range = "https://api.pwnedpasswords.com/range/";
  const wanted = parseWanted([...args, ...more, "--breached-passwords", range]);
  const { backEnd } = commands(wanted);
  for (const context of [
    ...["consoleUrl=https://pbx.example.com/", "zone=sip.example.com", "watchers=0", "RATE_LIMIT=0", "LOG_LEVEL=warn"],
    ...["TRUSTED_PROXIES=198.51.100.0/24", `BREACHED_PASSWORDS=${range}`],
  ])
    expect(backEnd).toContain(context);
  expect(consoleEnvironment(wanted)).toEqual({ CONSOLE_DOMAIN: "pbx.example.com" });
});

test.each([
  ["no stage", []],
  ["a console below a path", ["--stage", "dev", "--console", "https://example.com/pbx"]],
  ["proxies that are no networks", ["--stage", "dev", "--trusted-proxies", "cloudfront"]],
  ["watchers that are no number", ["--stage", "dev", "--watchers", "many"]],
  ["a stage that is none", ["--stage", "production"]],
  ["a hosted zone without its name", ["--stage", "dev", "--dns-zone-id", "Z0123456789"]],
  [
    "a hosted zone's id that is none",
    ["--stage", "dev", "--zone", "sip.example.com", "--dns-zone-id", "sip.example.com"],
  ],
  ["a zone that is no name", ["--stage", "dev", "--zone", "sip example"]],
])("%s stops it before anything is deployed", (_, args) => {
  expect(() => parseWanted(args)).toThrow("npm run deploy");
});

test("the hosted zone of the hosts goes to the CDK with its name", () => {
  const { backEnd } = commands(
    parseWanted(["--stage", "dev", "--zone", "sip.example.com", "--dns-zone-id", "Z0123456789"]),
  );
  expect(backEnd).toEqual(expect.arrayContaining(["zone=sip.example.com", "zoneId=Z0123456789"]));
});

test("the region is that of the stack, whatever the shell says", () => {
  const key = "arn:aws:kms:eu-central-1:123456789012:key/1";
  const stack = {
    ApiUrl: "https://a.execute-api.eu-central-1.amazonaws.com",
    TableName: "t",
    MediaBucket: "m",
    VaultKeyArn: key,
    Stage: "dev",
  };
  expect(regionOf(readOutputs(JSON.stringify({ "dialplane-dev": stack }), "dev"))).toBe("eu-central-1");
  expect(() => readOutputs(JSON.stringify({ "dialplane-dev": stack }), "prod")).toThrow("dialplane-prod");
});

test("the edge's packages are brought once each, the list of them last and with those of before", async () => {
  const folder = temporaryFolder();
  const stored = new Map<string, Uint8Array>();
  const put: string[] = [];
  const media = {
    async get(key: string) {
      return stored.get(key);
    },
    async put(key: string, bytes: Uint8Array) {
      put.push(key);
      stored.set(key, bytes);
    },
  } as unknown as Media;
  const bring = async (version: string) => {
    const file = `dialplane-edge_${version}_amd64.deb`;
    const one = { file, version, arch: "amd64", sha256: version, bytes: 1 };
    writeFileSync(join(folder, file), version);
    writeFileSync(join(folder, "index.json"), JSON.stringify({ latest: version, packages: [one] }));
    return uploadReleases(media, folder);
  };
  expect([await bring("0.1.0"), await bring("0.2.0"), await bring("0.2.0")]).toEqual([1, 2, 2]);
  expect(put).toEqual([
    ...["releases/dialplane-edge_0.1.0_amd64.deb", "releases/index.json"],
    ...["releases/dialplane-edge_0.2.0_amd64.deb", "releases/index.json", "releases/index.json"],
  ]);
});

test("the template of hosts goes where no function of the stack may write, and its link is signed, for one region and pool", async () => {
  const put: [key: string, text: string][] = [];
  const media = s3Media("media", {
    region: "eu-central-1",
    credentials: { accessKeyId: "AKIDEXAMPLE", secretAccessKey: "secret" },
  });
  const kept = {
    ...media,
    async put(key: string, bytes: Uint8Array) {
      put.push([key, new TextDecoder().decode(bytes)]);
    },
  };
  const about = { region: "eu-central-1", control: "https://api.example", pool: "pol_1" };
  const link = new URL(await bringTemplate(kept, "{}", about));
  expect(put).toEqual([["releases/edge-host.template.json", "{}"]]);
  expect(link.origin).toBe("https://eu-central-1.console.aws.amazon.com");
  const asked = new URLSearchParams(link.hash.split("?")[1]);
  expect(Object.fromEntries(asked)).toMatchObject({ param_ControlUrl: "https://api.example", param_PoolId: "pol_1" });
  const template = new URL(String(asked.get("templateURL")));
  expect(template.host + template.pathname).toBe(
    "media.s3.eu-central-1.amazonaws.com/releases/edge-host.template.json",
  );
  expect(template.searchParams.get("X-Amz-Expires")).toBe("604800");
  expect(template.searchParams.has("X-Amz-Signature")).toBe(true);
});
