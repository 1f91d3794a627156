// What hosts cost in the account that they run in (infra/edge-host), by list prices: what stands there, and what calls send out.
import { prices } from "./prices.ts";

const hours = 730;
const gb = 1024 ** 3;

type HostPrice = { dollars: number; of: string; source: string; asOf: string };
const ec2 = { source: "https://aws.amazon.com/ec2/pricing/on-demand/", asOf: "2025-05" };

export const hostPrices = {
  freeswitch: { dollars: 0.08925, of: "c7i.large, an hour", ...ec2 },
  kamailio: { dollars: 0.0416, of: "t3.medium, an hour", ...ec2 },
  address: {
    dollars: 0.005,
    of: "public IPv4 address, an hour",
    source: "https://aws.amazon.com/vpc/pricing/",
    asOf: "2025-05",
  },
  disk: { dollars: 0.08, of: "GB-month of gp3", source: "https://aws.amazon.com/ebs/pricing/", asOf: "2025-05" },
  metric: {
    dollars: 0.3,
    of: "CloudWatch metric, a month",
    source: "https://aws.amazon.com/cloudwatch/pricing/",
    asOf: "2025-05",
  },
  secret: {
    dollars: 0.4,
    of: "secret, a month",
    source: "https://aws.amazon.com/secrets-manager/pricing/",
    asOf: "2025-05",
  },
  figure: {
    dollars: 0.01 / 1000,
    of: "PutMetricData request",
    source: "https://aws.amazon.com/cloudwatch/pricing/",
    asOf: "2025-05",
  },
  secretRead: {
    dollars: 0.05 / 10_000,
    of: "request to Secrets Manager",
    source: "https://aws.amazon.com/secrets-manager/pricing/",
    asOf: "2025-05",
  },
  alarm: { dollars: 0.1, of: "alarm, a month", source: "https://aws.amazon.com/cloudwatch/pricing/", asOf: "2025-05" },
} satisfies Record<string, HostPrice>;

/** As the template has it where nobody says otherwise: test/infra/edge-host holds it to that. */
export const usualStack = {
  ...{ kamailio: 2, freeswitch: 2, kamailioType: "t3.medium", freeswitchType: "c7i.large" },
  ...{ diskGb: 20, addresses: 5, alarms: 4, secrets: 2 },
};

/** Of an instance that is watched by the minute. */
const metricsOfHost = 7;

/** Dollars a month of one host, without its traffic. */
export const hostMonth = (engine: "kamailio" | "freeswitch"): number =>
  hours * (hostPrices[engine].dollars + hostPrices.address.dollars) +
  usualStack.diskGb * hostPrices.disk.dollars +
  metricsOfHost * hostPrices.metric.dollars +
  // each minute it tells its calls, which it asks for by its key
  (engine === "freeswitch" ? 60 * hours * (hostPrices.figure.dollars + hostPrices.secretRead.dollars) : 0);

/** Dollars a month of the stack as it is by default, without traffic. */
export function stackMonth(): number {
  const { kamailio, freeswitch, addresses, alarms, secrets } = usualStack;
  const spare = Math.max(0, addresses - kamailio - freeswitch);
  return (
    kamailio * hostMonth("kamailio") +
    freeswitch * hostMonth("freeswitch") +
    spare * hours * hostPrices.address.dollars +
    alarms * hostPrices.alarm.dollars +
    secrets * hostPrices.secret.dollars
  );
}

/** Bytes that a minute of one leg sends out: 50 packets a second of 160 bytes (G.711, 20 ms) with 40 of RTP, UDP and IP. */
const legMinuteBytes = 60 * 50 * (160 + 40);
/** Dollars of a thousand minutes of a call with two legs to the internet. What comes in is free. */
export const thousandMinutes = (): number => ((1000 * 2 * legMinuteBytes) / gb) * prices.outGb.dollars;
