// What a stage may cost in a month: who is told of alarms is told before it is spent. Counted by the tag `stage`, which must be made a cost allocation tag
// in the account's billing settings once.
import type { Stack } from "aws-cdk-lib";
import { CfnBudget } from "aws-cdk-lib/aws-budgets";
import type { Stage } from "./stage.ts";

export function createBudget(stack: Stack, { name }: Stage, monthlyDollars: number, email: string): void {
  const subscribers = [{ subscriptionType: "EMAIL", address: email }];
  const notify = (notificationType: "ACTUAL" | "FORECASTED", threshold: number) => ({
    notification: { notificationType, threshold, comparisonOperator: "GREATER_THAN", thresholdType: "PERCENTAGE" },
    subscribers,
  });
  new CfnBudget(stack, "Budget", {
    budget: {
      budgetType: "COST",
      timeUnit: "MONTHLY",
      budgetLimit: { amount: monthlyDollars, unit: "USD" },
      costFilters: { TagKeyValue: [`user:stage$${name}`] },
    },
    notificationsWithSubscribers: [notify("ACTUAL", 80), notify("FORECASTED", 100)],
  });
}
