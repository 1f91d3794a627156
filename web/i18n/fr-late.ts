// French of what comes after the first page: it is fetched with the pages that say it.
import me from "./fr/me.ts";
import members from "./fr/members.ts";
import schema from "./fr/schema.ts";
import type { Catalogue } from "./t.ts";

export default { ...schema, ...me, ...members } satisfies Catalogue;
