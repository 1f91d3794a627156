// Hosts that answer calls, in a process of their own: as many as there are arguments, each up to so many calls a second (0: as many as come).
import { openAnsweringHost } from "../test/support/answering-host.ts";

const limits = process.argv.slice(2).map(Number);
const hosts = await Promise.all(limits.map((limit) => openAnsweringHost(limit || Number.POSITIVE_INFINITY)));
process.on("SIGTERM", () => process.exit(0));
process.send?.({ ports: hosts.map(({ port }) => port) });
