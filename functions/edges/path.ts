// What edges themselves ask and report: nothing else is at these paths, and a function of its own answers them.

export const edgePaths = [
  ["POST", "/v1/edges/enroll"],
  ["POST", "/v1/edges/{edge}/queue"],
  ["GET", "/v1/edges/{edge}/changes"],
  ["GET", "/v1/edges/{edge}/snapshot"],
  ["GET", "/v1/edges/{edge}/runtime"],
  ["POST", "/v1/edges/{edge}/differences"],
  ["POST", "/v1/edges/{edge}/acks"],
  ["POST", "/v1/edges/{edge}/audio"],
  ["POST", "/v1/edges/{edge}/uploads"],
  ["POST", "/v1/edges/{edge}/package"],
  ["POST", "/v1/edges/{edge}/events"],
  ["POST", "/v1/edges/{edge}/heartbeat"],
  ["POST", "/v1/edges/{edge}/names"],
  ["POST", "/v1/edges/{edge}/challenges"],
  ["DELETE", "/v1/edges/{edge}/challenges"],
] as const;

const patterns = edgePaths.map(
  ([method, path]) => [method, new RegExp(`^${path.replace("{edge}", "[^/]+")}$`)] as const,
);

/** Whether an edge asks for it; `path` without its query. */
export const isEdgePath = (method: string, path: string): boolean =>
  patterns.some(([known, pattern]) => known === method && pattern.test(path));
