// The one table, as functions/store/table.ts describes it.
import type { Stack } from "aws-cdk-lib";
import {
  AttributeType,
  BillingMode,
  type ITable,
  ProjectionType,
  StreamViewType,
  Table,
  TableEncryption,
} from "aws-cdk-lib/aws-dynamodb";
import type { IKey } from "aws-cdk-lib/aws-kms";
import { table as definition } from "../functions/store/table.ts";
import type { Stage } from "./stage.ts";

const text = (name: string) => ({ name, type: AttributeType.STRING });

export function createTable(stack: Stack, stage: Stage, key: IKey): ITable {
  const { keys, index, ttlAttribute, stream } = definition;
  const table = new Table(stack, "Table", {
    partitionKey: text(keys.partition),
    sortKey: text(keys.sort),
    billingMode: BillingMode.PAY_PER_REQUEST,
    stream: StreamViewType[stream],
    timeToLiveAttribute: ttlAttribute,
    encryption: TableEncryption.CUSTOMER_MANAGED,
    encryptionKey: key,
    pointInTimeRecoverySpecification: {
      pointInTimeRecoveryEnabled: true,
      recoveryPeriodInDays: stage.restorable.toDays(),
    },
    deletionProtection: stage.deletionProtection,
    removalPolicy: stage.removal,
  });
  table.addGlobalSecondaryIndex({
    indexName: index.name,
    partitionKey: text(index.partition),
    sortKey: text(index.sort),
    projectionType: ProjectionType[index.projection],
  });
  // CDK's own types disagree under exactOptionalPropertyTypes
  return table as ITable;
}
