// The edge of sandboxes: simulated, everybody's, on no host. What it is told is in place at once.

/** No pool has its name, and no edge its id. */
export const simulated = { id: "edg_sandbox", name: "sandbox", engine: "simulated", pool: "sandbox" } as const;
