// Findings of cdk-nag that are accepted, each beside what it concerns and with its reason.
import { Validations } from "aws-cdk-lib";
import type { IConstruct } from "constructs";

export function accept(construct: IConstruct, id: string, reason: string): void {
  Validations.of(construct).acknowledge({ id, reason });
}
