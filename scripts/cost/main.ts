// `npm run cost`: counts, and writes docs/cost.md.
import { writeFileSync } from "node:fs";
import { page, pageFile, stackFile } from "./page.ts";
import { measure } from "./paths.ts";
import { readStack } from "./template.ts";
import { agentRhythm, bill, largestOf, sizes, totalOf } from "./usage.ts";

const stack = readStack();
const measured = await measure(stack.memoryMb);
writeFileSync(stackFile, `${JSON.stringify(stack, null, 2)}\n`);
writeFileSync(pageFile, page(measured, stack));
for (const size of sizes) {
  const lines = bill(measured, stack, agentRhythm, size);
  const { what, dollars } = largestOf(lines);
  const total = totalOf(lines).toFixed(2);
  console.log(`${size.tenants} tenants: $${total} a month; the largest line is ${what}, $${dollars.toFixed(2)}`);
}
