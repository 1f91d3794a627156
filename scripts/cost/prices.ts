// List prices of us-east-1 in US dollars, without free tiers and without discounts for volume: each as it was known in the month named, and where to compare it.

export type Unit =
  | "apiRequests"
  | "lambdaRequests"
  | "lambdaGbSeconds"
  | "writeUnits"
  | "readUnits"
  | "tableGbMonths"
  | "sqsRequests"
  | "fairSqsRequests"
  | "kmsRequests"
  | "s3Writes"
  | "s3Reads"
  | "s3GbMonths"
  | "mails"
  | "mailGb"
  | "outGb"
  | "cdnRequests"
  | "wafRequests"
  | "logGb";
export type Price = { dollars: number; of: string; source: string; asOf: string };

const million = 1_000_000;
const aws = (page: string): string => `https://aws.amazon.com/${page}/pricing/`;
const dynamo = { source: "https://aws.amazon.com/dynamodb/pricing/on-demand/", asOf: "2025-07" };
const s3 = { source: aws("s3"), asOf: "2025-07" };

export const prices: Record<Unit, Price> = {
  apiRequests: { dollars: 1 / million, of: "HTTP API request (512 KB)", source: aws("api-gateway"), asOf: "2026-03" },
  lambdaRequests: { dollars: 0.2 / million, of: "Lambda request", source: aws("lambda"), asOf: "2026-03" },
  lambdaGbSeconds: { dollars: 0.0000133334, of: "Lambda GB-second on arm64", source: aws("lambda"), asOf: "2026-03" },
  writeUnits: { dollars: 0.625 / million, of: "DynamoDB write request unit (1 KB)", ...dynamo },
  readUnits: { dollars: 0.125 / million, of: "DynamoDB read request unit (4 KB)", ...dynamo },
  tableGbMonths: { dollars: 0.25 + 0.2, of: "DynamoDB GB-month with its continuous backup", ...dynamo },
  sqsRequests: { dollars: 0.4 / million, of: "SQS request (64 KB)", source: aws("sqs"), asOf: "2026-06" },
  fairSqsRequests: { dollars: 0.5 / million, of: "SQS request with a group", source: aws("sqs"), asOf: "2026-03" },
  kmsRequests: { dollars: 0.03 / 10_000, of: "KMS request", source: aws("kms"), asOf: "2025-07" },
  s3Writes: { dollars: 0.005 / 1000, of: "S3 PUT or LIST", ...s3 },
  s3Reads: { dollars: 0.0004 / 1000, of: "S3 GET or HEAD", ...s3 },
  s3GbMonths: { dollars: 0.023, of: "S3 GB-month", ...s3 },
  mails: { dollars: 0.1 / 1000, of: "SES mail", source: aws("ses"), asOf: "2025-07" },
  mailGb: { dollars: 0.12, of: "SES GB of attachments", source: aws("ses"), asOf: "2025-07" },
  outGb: { dollars: 0.09, of: "GB out to the internet", source: aws("ec2/on-demand"), asOf: "2025-05" },
  cdnRequests: { dollars: 0.01 / 10_000, of: "CloudFront HTTPS request", source: aws("cloudfront"), asOf: "2025-07" },
  wafRequests: { dollars: 0.6 / million, of: "WAF request", source: aws("waf"), asOf: "2025-07" },
  logGb: {
    dollars: 0.5 + 0.03,
    of: "CloudWatch Logs GB, kept for a month",
    source: aws("cloudwatch"),
    asOf: "2026-03",
  },
};

/** What stands in the account whether anybody asks or not, per resource and month, by CloudFormation's type. */
export const standing: Record<string, { dollars: number; what: string }> = {
  "AWS::KMS::Key": { dollars: 1, what: "KMS key" },
  "AWS::CloudWatch::Alarm": { dollars: 0.1, what: "alarm" },
  "AWS::CloudWatch::Dashboard": { dollars: 3, what: "dashboard" },
  "AWS::SecretsManager::Secret": { dollars: 0.4, what: "secret" },
  "AWS::WAFv2::WebACL": { dollars: 5, what: "web ACL" },
};

export type Counts = Record<Unit, number>;
export const none = (): Counts => Object.fromEntries(Object.keys(prices).map((unit) => [unit, 0])) as Counts;
export const unitNames = Object.keys(prices) as Unit[];

export const plus = (a: Counts, b: Counts, times = 1): Counts =>
  Object.fromEntries(unitNames.map((unit) => [unit, a[unit] + b[unit] * times])) as Counts;
export const dollars = (counts: Counts): number =>
  unitNames.reduce((sum, unit) => sum + counts[unit] * prices[unit].dollars, 0);
