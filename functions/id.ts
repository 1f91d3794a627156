// Ids: a kind's prefix and a ULID, so that they sort by creation.
import { randomBytes } from "node:crypto";
import { ulid as chance, monotonicFactory } from "ulid";

const ulid = monotonicFactory();

export const newId = (prefix: string): string => `${prefix}_${ulid()}`;

/** Of what began at `at`. */
export const newIdAt = (prefix: string, at: Date): string => `${prefix}_${chance(at.getTime())}`;

/** Whether `value` has the form of an id with this prefix. */
export const isId = (prefix: string, value: string): boolean =>
  value.startsWith(`${prefix}_`) && /^[a-z]{3}_[0-9A-HJKMNP-TV-Z]{26}$/.test(value);

/** Nobody else's: by it a writer tells its own turn from another's. */
export const newToken = (): string => randomBytes(12).toString("hex");
