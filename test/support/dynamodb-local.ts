// DynamoDB Local as a child process, in memory, one per test file. It has no option for an address and listens on all of them.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { createServer } from "node:net";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import {
  CreateTableCommand,
  type CreateTableCommandInput,
  DynamoDBClient,
  ListTablesCommand,
} from "@aws-sdk/client-dynamodb";
import { table } from "../../functions/store/table.ts";
import { needs, onPath } from "./skip.ts";

const emulator = fileURLToPath(new URL("../../node_modules/amplify-dynamodb-simulator/emulator/", import.meta.url));
const jar = join(emulator, "DynamoDBLocal.jar");

export const hasDynamoLocal = (): boolean => needs("DynamoDB Local", onPath("java") !== undefined && existsSync(jar));

export type DynamoLocal = {
  url: string;
  /** A client of it, or of a proxy before it. */
  client: (endpoint?: string) => DynamoDBClient;
  /** Makes a fresh table and returns its name. */
  createTable: (name?: string) => Promise<string>;
  stop: () => Promise<void>;
};

export async function startDynamoLocal(): Promise<DynamoLocal> {
  const port = await freePort();
  const library = `-Djava.library.path=${join(emulator, "DynamoDBLocal_lib")}`;
  const options = [
    library,
    "-XX:TieredStopAtLevel=1",
    "-Xmx512m",
    "-jar",
    jar,
    "-inMemory",
    "-disableTelemetry",
    "-port",
    `${port}`,
  ];
  const child = spawn("java", options, { cwd: dirname(jar), stdio: "ignore" });
  const end = (): boolean => child.kill("SIGKILL");
  process.once("exit", end);
  const url = `http://127.0.0.1:${port}`;
  const credentials = { accessKeyId: "local", secretAccessKey: "local" };
  const client = (endpoint = url): DynamoDBClient =>
    new DynamoDBClient({ endpoint, region: "eu-central-1", credentials });
  const own = client();
  await untilItAnswers(own, child);
  let tables = 0;
  return {
    url,
    client,
    async createTable(name = `table-${++tables}`) {
      await own.send(new CreateTableCommand(definition(name)));
      return name;
    },
    async stop() {
      own.destroy();
      process.off("exit", end);
      const ended = once(child, "exit");
      if (child.exitCode === null && end()) await ended;
    },
  };
}

function definition(TableName: string): CreateTableCommandInput {
  const { keys, index, stream } = table;
  const names = [keys.partition, keys.sort, index.partition, index.sort];
  const schema = ({ partition, sort }: { partition: string; sort: string }) => [
    { AttributeName: partition, KeyType: "HASH" as const },
    { AttributeName: sort, KeyType: "RANGE" as const },
  ];
  return {
    TableName,
    BillingMode: "PAY_PER_REQUEST",
    AttributeDefinitions: names.map((AttributeName) => ({ AttributeName, AttributeType: "S" as const })),
    KeySchema: schema(keys),
    GlobalSecondaryIndexes: [
      { IndexName: index.name, KeySchema: schema(index), Projection: { ProjectionType: index.projection } },
    ],
    StreamSpecification: { StreamEnabled: true, StreamViewType: stream },
  };
}

async function untilItAnswers(client: DynamoDBClient, child: ChildProcess): Promise<void> {
  for (const deadline = Date.now() + 180_000; ; ) {
    try {
      await client.send(new ListTablesCommand());
      return;
    } catch (error) {
      if (child.exitCode !== null || Date.now() > deadline)
        throw new Error("DynamoDB Local did not start", { cause: error });
    }
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  if (address === null || typeof address === "string") throw new Error("the probe for a free port has no address");
  return address.port;
}
