// The kinds that have routes of their own, by their plurals. In a bundle of a Lambda they stand as they are, without the kinds (scripts/build-functions.ts).
import { all } from "./registry.ts";

export const plurals: readonly string[] = all.filter(({ at }) => at.length > 0).map(({ plural }) => plural);
