// Phones renew their registrations all the time: when the cloud need not hear of it at once.
import { patienceSeconds } from "./spool.ts";

/** Whether what was told before (ISO 8601: until when it counts) is true for long enough after `at` that the renewal may wait for others. */
export const canWait = (toldUntil: string, at: string): boolean =>
  Date.parse(toldUntil) - Date.parse(at) > 2 * patienceSeconds * 1000;
