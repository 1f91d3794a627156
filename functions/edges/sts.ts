// Lending an edge its queue in the cloud: a role that reaches the stage's queues, narrowed by a session policy to this one, for at most an hour.
import type { STSClient } from "@aws-sdk/client-sts";
import type { QueueAccess } from "../../core/wire-host.ts";

/** What an edge does on its queue: the role (infra/edges.ts) and the session allow this and nothing else. */
export const edgeActions = [
  "sqs:ReceiveMessage",
  "sqs:DeleteMessage",
  "sqs:ChangeMessageVisibility",
  "sqs:GetQueueAttributes",
] as const;

/** Also the most that AWS gives to a role that assumes another. */
export const lentSeconds = 3600;

export type Lending = { roleArn: string; region: string; stage: string };

/** `lend` of queues.ts. Rejects for a URL that is no queue of this stage. */
export function stsLender(
  client: STSClient,
  { roleArn, region, stage }: Lending,
): (url: string, edge: string) => Promise<QueueAccess> {
  return async (url, edge) => {
    const { AssumeRoleCommand } = await import("../sdk/sts.ts");
    const answer = await client.send(
      new AssumeRoleCommand({
        RoleArn: roleArn,
        RoleSessionName: edge,
        DurationSeconds: lentSeconds,
        Policy: sessionPolicy(queueArn(url, { roleArn, region, stage })),
      }),
    );
    const { AccessKeyId, SecretAccessKey, SessionToken, Expiration } = answer.Credentials ?? {};
    if (!AccessKeyId || !SecretAccessKey || !SessionToken || !Expiration)
      throw new Error("STS answered without credentials");
    return {
      url,
      endpoint: null,
      region,
      credentials: { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: SessionToken },
      expiresAt: Expiration.toISOString(),
    };
  };
}

/** The session's own policy: what it allows on top of the role's is nothing, what it leaves out is refused. */
export const sessionPolicy = (queue: string): string =>
  JSON.stringify({
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Action: edgeActions, Resource: queue }],
  });

/** The ARN of `https://sqs.<region>.<suffix>/<account>/<name>`; its partition is that of the role. */
export function queueArn(url: string, { roleArn, region, stage }: Lending): string {
  const [, account, name, ...rest] = new URL(url).pathname.split("/");
  if (!account || !name?.startsWith(`dp-${stage}-`) || !/^[\w-]{1,80}$/.test(name) || rest.length > 0)
    throw new Error(`${url} is no queue of the stage ${stage}`);
  return `arn:${roleArn.split(":")[1]}:sqs:${region}:${account}:${name}`;
}
