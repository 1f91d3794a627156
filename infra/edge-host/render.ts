// The stack as the one file that it is launched from: no assets, no bootstrap, nothing of the account that made it.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { App, BootstraplessSynthesizer, type IStackSynthesizer, Validations } from "aws-cdk-lib";
import { Template } from "aws-cdk-lib/assertions";
import { AwsSolutionsChecks } from "cdk-nag";
import { accept } from "../accept.ts";
import { EdgeHosts } from "./stack.ts";

/** The template as JSON text. Throws where cdk-nag or CDK's own rules find something. */
export function render(): string {
  const outdir = mkdtempSync(join(tmpdir(), "dialplane-"));
  try {
    const app = new App({
      ...{ outdir, analyticsReporting: false },
      context: { "@aws-cdk/core:validateAgainstDefaultRules": true },
    });
    const stack = new EdgeHosts(app, "edge-hosts", {
      // CDK's own types disagree under exactOptionalPropertyTypes
      synthesizer: new BootstraplessSynthesizer() as IStackSynthesizer,
      description: "Dialplane: hosts with FreeSWITCH and Kamailio for a pool, in an account of your own",
    });
    accept(stack, "CloudFormation-Validate::W2509", "The ARN of a secret is none.");
    Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
    app.synth();
    return JSON.stringify(Template.fromStack(stack).toJSON());
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
}
