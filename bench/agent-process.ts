// The agent as it is, in a process of its own; says when it answers lookups.
import { accepting } from "../local/child.ts";

await import("../edge-agent/main.ts");
await accepting(Number(process.env.EDGE_PORT), 30_000, "The agent");
process.send?.({ ready: true });
