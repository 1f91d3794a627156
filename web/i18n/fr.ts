// French: a file for each folder of the console.
import session from "./fr/session.ts";
import type { Catalogue } from "./t.ts";

export default { ...session } satisfies Catalogue;
