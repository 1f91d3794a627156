// `node scripts/cloudformation/main.ts ADDRESS [STACK]`: offers cdk.out (npm run synth) to a stand-in for AWS and prints, by type, what it made of it.
import { motoGaps } from "./concede.ts";
import { byType, offer } from "./offer.ts";
import { standInAt } from "./stand-in.ts";

const [address, stack = "dialplane-dev", out = "cdk.out"] = process.argv.slice(2);
if (address === undefined || !URL.canParse(address)) {
  console.error("usage: node scripts/cloudformation/main.ts http://127.0.0.1:5000 [dialplane-dev] [cdk.out]");
  process.exit(2);
}
const outcome = await offer(standInAt(address.replace(/\/+$/, "")), out, stack, motoGaps);
console.log(`${outcome.status} ${outcome.reason}`);
console.table(byType(outcome));
if (!outcome.status.endsWith("_COMPLETE") || outcome.status.includes("ROLLBACK")) process.exit(1);
