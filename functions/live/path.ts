// Where live views are, and how long a stream of one stays open in the cloud.

/** Of the API; the front (infra/viewer-request.ts) passes those who want a stream of it on to the function `live`. */
export const livePath = "/v1/tenants/{tenant}/live";

/**
 * Lambda does not tell a function that the one who watched is gone, so what is left of this time is paid for in vain. Whoever still watches comes back at
 * once, with `Last-Event-ID`.
 */
export const streamSeconds = 60;
