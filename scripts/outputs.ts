// What a deployed stage says of itself, in the file that `cdk deploy` wrote.
import { z } from "zod";
import { readEnvironment } from "../functions/cloud.ts";

export const outputsFile = "cdk.out/outputs.json";

const stackOutputs = z.object({
  ApiUrl: z.url(),
  TableName: z.string(),
  MediaBucket: z.string(),
  VaultKeyArn: z.string().startsWith("arn:"),
});
export type Outputs = z.output<typeof stackOutputs>;

/** What the stack of that stage says in the file that `cdk deploy` wrote. */
export function readOutputs(text: string, stage: string): Outputs {
  return readEnvironment(z.looseObject({ [`dialplane-${stage}`]: stackOutputs }), JSON.parse(text))[
    `dialplane-${stage}`
  ] as Outputs;
}

/** `arn:aws:kms:<region>:…` */
export const regionOf = ({ VaultKeyArn }: Outputs): string => VaultKeyArn.split(":")[3] ?? "";
