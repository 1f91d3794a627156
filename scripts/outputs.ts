// What a deployed stage says of itself, in the file that `cdk deploy` wrote.
import { z } from "zod";

export const outputsFile = "cdk.out/outputs.json";

const stackOutputs = z.object({
  ApiUrl: z.url(),
  TableName: z.string(),
  MediaBucket: z.string(),
  VaultKeyArn: z.string().startsWith("arn:"),
});
export type Outputs = z.output<typeof stackOutputs>;

/** What the stack of that stage says in the file that `cdk deploy` wrote. Throws what is missing. */
export function readOutputs(text: string, stage: string): Outputs {
  const name = `dialplane-${stage}`;
  const read = z.looseObject({ [name]: stackOutputs }).safeParse(JSON.parse(text));
  if (read.success) return read.data[name] as Outputs;
  throw new Error(`${outputsFile} is not of the stage ${stage} as deployed today: ${z.prettifyError(read.error)}`);
}

/** `arn:aws:kms:<region>:…` */
export const regionOf = ({ VaultKeyArn }: Outputs): string => VaultKeyArn.split(":")[3] ?? "";
