// The TXT records by which DNS proves a domain.
import { resolveTxt } from "node:dns/promises";
import type { Domains } from "./domain.ts";

/** Asks the system's resolver; a name without records, or one that can't be asked, has none. */
export const dns: Domains = async (name) => (await resolveTxt(name).catch(() => [])).map((parts) => parts.join(""));
