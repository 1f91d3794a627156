// What the stack lets functions do in the hosted zone of the hosts: their records, and no others.
import { describe, expect, it } from "vitest";
import { apiSettings, edgeSettings, retentionSettings } from "../../functions/settings.ts";
import { synthesize } from "./synthesize.ts";

const { resources, allowed, one } = synthesize("prod", undefined, undefined, {
  zone: "sip.example.com",
  zoneId: "Z0123",
});
const of = (name: string) => allowed(name).filter((right) => right.includes("route53"));

type Statement = { Action: string; Resource: unknown; Condition?: Record<string, Record<string, string[]>> };
const statements = (role: string): Statement[] =>
  Object.entries(resources)
    .filter(([id, { Type }]) => Type === "AWS::IAM::Policy" && id.startsWith(role))
    .flatMap(([, { Properties }]) => (Properties.PolicyDocument as { Statement: Statement[] }).Statement)
    .filter(({ Action }) => String(Action).startsWith("route53:Change"));

describe("the hosted zone", () => {
  it.each(["EdgeRole", "RetentionRole"])(
    "%s writes hosts' addresses and challenges in that zone, and nothing else of DNS",
    (role) => {
      expect(of(role)).toEqual([
        "route53:ChangeResourceRecordSets on arn:<Partition>:route53:::hostedzone/Z0123",
        "route53:ChangeResourceRecordSets on arn:<Partition>:route53:::hostedzone/Z0123",
        ...(role === "EdgeRole" ? ["route53:GetChange on arn:<Partition>:route53:::change/*"] : []),
      ]);
      const key = (what: string) => `route53:ChangeResourceRecordSets${what}`;
      const written = statements(role).map(({ Condition = {} }) => [
        Condition["ForAllValues:StringEquals"]?.[key("RecordTypes")],
        Condition["ForAllValues:StringEquals"]?.[key("Actions")],
        Condition["ForAllValues:StringLike"]?.[key("NormalizedRecordNames")],
      ]);
      const actions = ["UPSERT", "DELETE"];
      const challenges = ["", "*.hosts.", "*.pools.", "*.tenants."].map((below) => `${below}sip.example.com`);
      expect(written).toEqual([
        [["A", "AAAA"], actions, ["*.hosts.sip.example.com"]],
        [["TXT"], actions, challenges.map((name) => `_acme-challenge.${name}`)],
      ]);
    },
  );

  it("is reached by no other function", () => {
    for (const role of ["ApiRole", "IdentityRole", "PublisherRole", "WebhooksRole", "WorkerRole", "LentRole"])
      expect(of(role)).toEqual([]);
  });

  it.each([
    ["Api", apiSettings],
    ["Edge", edgeSettings],
    ["Retention", retentionSettings],
  ] as const)("%s is told its name and id, and reads them", (name, readers) => {
    const { Variables } = one("AWS::Lambda::Function", name).Properties.Environment as {
      Variables: Record<string, string>;
    };
    expect([Variables.DNS_ZONE, Variables.DNS_ZONE_ID]).toEqual(["sip.example.com", "Z0123"]);
    expect(Object.keys(readers)).toEqual(expect.arrayContaining(["DNS_ZONE", "DNS_ZONE_ID"]));
  });
});
