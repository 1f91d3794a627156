// The link by which the template is launched: CloudFormation's page with everything filled in that is known.

export type Launch = {
  /** Of S3, readable for whoever launches it. */
  templateUrl: string;
  region: string;
  stackName?: string;
  /** By their names in the template. What is not given is asked there. */
  parameters?: Record<string, string>;
};

/** https://…console.aws.amazon.com/…, as AWS documents quick-create links. Never put a key into it: links are kept and sent on. */
export function launchUrl({ templateUrl, region, stackName = "dialplane-hosts", parameters = {} }: Launch): string {
  const query = new URLSearchParams({ templateURL: templateUrl, stackName });
  for (const [name, value] of Object.entries(parameters)) query.set(`param_${name}`, value);
  return `https://${region}.console.aws.amazon.com/cloudformation/home?region=${region}#/stacks/quickcreate?${query}`;
}
