// DNS on Route 53. The SDK is imported when the first record is written: hosts ask for it some times a year.
import type { ChangeAction, Route53Client, Route53ClientConfig } from "@aws-sdk/client-route-53";
import type { Dns, RecordType } from "./dns.ts";

const late = () => import("../sdk/route53.ts");

const ttlSeconds: Record<RecordType, number> = { A: 300, AAAA: 300, TXT: 30 };
/** What a record has before it goes: Route 53 deletes one only for who names its values. Addresses that are nobody's (RFC 5737, RFC 3849). */
const farewell: Record<RecordType, string> = { A: "192.0.2.1", AAAA: "2001:db8::1", TXT: "gone" };

/** `zoneId`: the hosted zone's, as in `Z0123456789ABCDEFGHIJ`. */
export function route53Dns(zoneId: string, config: Route53ClientConfig): Dns {
  let made: Promise<Route53Client> | undefined;
  const client = (): Promise<Route53Client> => {
    made ??= late().then(({ Route53Client }) => new Route53Client(config));
    return made;
  };

  async function change(
    action: ChangeAction,
    name: string,
    type: RecordType,
    values: readonly string[],
  ): Promise<string> {
    const { ChangeResourceRecordSetsCommand } = await late();
    const ResourceRecords = values.map((value) => ({ Value: type === "TXT" ? `"${value}"` : value }));
    const ResourceRecordSet = { Name: `${name}.`, Type: type, TTL: ttlSeconds[type], ResourceRecords };
    const ChangeBatch = { Changes: [{ Action: action, ResourceRecordSet }] };
    const answer = await (await client()).send(
      new ChangeResourceRecordSetsCommand({ HostedZoneId: zoneId, ChangeBatch }),
    );
    return answer.ChangeInfo?.Id ?? "";
  }

  return {
    async put(name, type, values) {
      if (values.length > 0) return change("UPSERT", name, type, values);
      const last = await change("UPSERT", name, type, [farewell[type]]);
      return change("DELETE", name, type, [farewell[type]]).catch((error: unknown) => {
        // somebody gave it values meanwhile: they stand
        if (error instanceof Error && error.name === "InvalidChangeBatch") return last;
        throw error;
      });
    },
    async isVisible(token) {
      const { GetChangeCommand } = await late();
      const answer = await (await client()).send(new GetChangeCommand({ Id: token }));
      return answer.ChangeInfo?.Status === "INSYNC";
    },
  };
}
