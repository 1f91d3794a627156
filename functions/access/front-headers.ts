/** What the front (infra/viewer-request.ts) adds to what it passes on: that it is itself, and whom it took the request from. */
export const frontHeaders = { secret: "x-dialplane-front", viewer: "x-dialplane-viewer" } as const;
