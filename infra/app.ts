// `cdk synth` and `cdk deploy` begin here. The stage comes from the context: `-c stage=prod`; without it, dev.
import { fileURLToPath } from "node:url";
import { App, Validations } from "aws-cdk-lib";
import { AwsSolutionsChecks } from "cdk-nag";
import { BackEnd } from "./stack.ts";
import { stageOf } from "./stage.ts";

const app = new App();
const monthlyDollars = app.node.tryGetContext("monthlyDollars");
const stage = stageOf(app.node.tryGetContext("stage") ?? "dev");
new BackEnd(app, `dialplane-${stage.name}`, {
  stage,
  bundles: fileURLToPath(new URL("../dist/functions", import.meta.url)),
  alarmEmail: app.node.tryGetContext("alarmEmail"),
  ...(monthlyDollars !== undefined && { monthlyDollars: Number(monthlyDollars) }),
  mailFrom: app.node.tryGetContext("mailFrom"),
  consoleUrl: app.node.tryGetContext("consoleUrl"),
  description: `Dialplane, ${stage.name}: the control plane`,
});
Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
app.synth();
