// One page that tells how a stage does: how fast edges follow, what does not arrive, what fails, and how much there is to do.
import { Duration, type Stack } from "aws-cdk-lib";
import type { HttpApi } from "aws-cdk-lib/aws-apigatewayv2";
import { Dashboard, GraphWidget, type IMetric, Metric } from "aws-cdk-lib/aws-cloudwatch";
import type { Function as Lambda } from "aws-cdk-lib/aws-lambda";
import type { Queue } from "aws-cdk-lib/aws-sqs";
import { metrics, type Metric as Name, namespace } from "../functions/metric.ts";
import type { Stage } from "./stage.ts";

export type Shown = { api: HttpApi; functions: Record<string, Lambda>; deadLetters: Queue };

/** A figure that functions write into their logs (functions/metric.ts). */
export const figure = ({ name: stage }: Stage, name: Name, statistic: string): Metric =>
  new Metric({
    namespace,
    metricName: name,
    dimensionsMap: { Stage: stage },
    statistic,
    period: Duration.minutes(1),
  });

export function createDashboard(stack: Stack, stage: Stage, { api, functions, deadLetters }: Shown): void {
  const graph = (title: string, ...left: IMetric[]) => new GraphWidget({ title, left, width: 8, height: 6 });
  const own = (name: Name, ...statistics: string[]) =>
    graph(metrics[name][1], ...statistics.map((statistic) => figure(stage, name, statistic)));
  const ofEach = (title: string, of: (lambda: Lambda, label: string) => IMetric) =>
    graph(title, ...Object.entries(functions).map(([label, lambda]) => of(lambda, label)));
  new Dashboard(stack, "Dashboard", {
    dashboardName: `dialplane-${stage.name}`,
    defaultInterval: Duration.hours(12),
    widgets: [
      [own("Propagation", "p50", "p99"), own("Behind", "Maximum"), own("Refused", "Sum")],
      [own("EventAge", "p50", "Maximum"), own("Unsent", "Sum"), own("EdgesDown", "Sum")],
      [own("CertificatesEnding", "Sum"), own("MailReturned", "Sum"), own("MailWithheld", "Sum")],
      [
        graph("Requests", api.metricCount(), api.metricClientError(), api.metricServerError()),
        graph("Latency of the API", ...["p50", "p99"].map((statistic) => api.metricLatency({ statistic }))),
        graph("Revisions that the stream gave up", deadLetters.metricApproximateNumberOfMessagesVisible()),
      ],
      [
        ofEach("Errors of functions", (lambda, label) => lambda.metricErrors({ label })),
        ofEach("Throttles of functions", (lambda, label) => lambda.metricThrottles({ label })),
        ofEach("Longest work of functions", (lambda, label) => lambda.metricDuration({ label, statistic: "Maximum" })),
      ],
    ],
  });
}
