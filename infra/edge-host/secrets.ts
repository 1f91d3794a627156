// The API key, and the token for SignalWire's packages: kept in Secrets Manager, or already there.
import { Fn, type Stack } from "aws-cdk-lib";
import { CfnSecret } from "aws-cdk-lib/aws-secretsmanager";
import { accept } from "../accept.ts";
import { condition, isGiven, type Parameters } from "./parameters.ts";

/** ARNs. */
export type Secrets = { apiKey: string; token: string };

export function createSecrets(stack: Stack, of: Parameters): Secrets {
  const secret = (id: string, description: string, given: string, elsewhere: string): string => {
    const isHere = condition(stack, `${id}Given`, isGiven(given));
    const made = new CfnSecret(stack, id, { description, secretString: given });
    made.cfnOptions.condition = isHere;
    accept(made, "AwsSolutions-SMG4", "It is given by whoever launches the stack, and changed by him at its source.");
    accept(made, "CloudFormation-Validate::W1030", "It is made only where something is given.");
    return Fn.conditionIf(isHere.logicalId, made.ref, elsewhere).toString();
  };
  return {
    apiKey: secret(
      "KeyOfApi",
      "Dialplane: the API key with which hosts join their pool",
      of.ApiKey.valueAsString,
      of.ApiKeySecretArn.valueAsString,
    ),
    token: secret(
      "TokenOfSignalwire",
      "Dialplane: the token for SignalWire's packages",
      of.SignalwireToken.valueAsString,
      of.SignalwireTokenSecretArn.valueAsString,
    ),
  };
}
