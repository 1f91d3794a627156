// A host's addresses as this machine resolves names.
import { lookup } from "node:dns/promises";

/** Rejects where there is no such name. */
export const resolve = async (host: string): Promise<string[]> =>
  (await lookup(host, { all: true })).map(({ address }) => address);
