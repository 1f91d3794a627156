// `cdk synth` and `cdk deploy` begin here. The stage comes from the context: `-c stage=prod`; without it, dev.
import { fileURLToPath } from "node:url";
import { App, Validations } from "aws-cdk-lib";
import { AwsSolutionsChecks } from "cdk-nag";
import { Guard } from "./guard.ts";
import { apiSettingNames, BackEnd } from "./stack.ts";
import { stageOf } from "./stage.ts";

const app = new App();
const context = (name: string) => app.node.tryGetContext(name);
const number = (name: string) => (context(name) === undefined ? undefined : Number(context(name)));
const stage = stageOf(context("stage") ?? "dev");
new BackEnd(app, `dialplane-${stage.name}`, {
  stage,
  bundles: fileURLToPath(new URL("../dist/functions", import.meta.url)),
  alarmEmail: context("alarmEmail"),
  monthlyDollars: number("monthlyDollars"),
  mailFrom: context("mailFrom"),
  consoleUrl: context("consoleUrl"),
  zone: context("zone"),
  zoneId: context("zoneId"),
  watchers: number("watchers"),
  settings: Object.fromEntries(
    apiSettingNames.flatMap((name) => (context(name) === undefined ? [] : [[name, String(context(name))]])),
  ),
  description: `Dialplane, ${stage.name}: the control plane`,
});
if (stage.guarded)
  new Guard(app, `dialplane-${stage.name}-guard`, {
    stage,
    description: `Dialplane, ${stage.name}: the firewall before CloudFront`,
  });
Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
app.synth();
