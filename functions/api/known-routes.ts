// Which routes there are, for who is not to load them all. Read from sources there is no such list; the build of the Lambdas puts it in this file's place.
import type { Known } from "./routes.ts";

export const knownRoutes: readonly Known[] | undefined = undefined;
