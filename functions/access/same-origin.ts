// Whether a browser's request comes from our own pages. A cookie goes along with whatever page asks, so what a session may change it may from there alone.
import { Problem } from "../problem.ts";

export type Origins = {
  /** Where our pages are: `https://pbx.example`, without a path. */
  own: readonly string[];
  /** The headers `Sec-Fetch-Site` and `Origin`. */
  site: string | undefined;
  origin: string | undefined;
};

/**
 * Throws `cross_site` where the browser says that another site's page asks; with `cookie` also where it says nothing, since every browser says one of the
 * two with a request that changes something.
 */
export function refuseForeign({ own, site, origin }: Origins, cookie: boolean): void {
  const known = site !== undefined || origin !== undefined;
  const ours = site !== undefined ? site === "same-origin" : origin !== undefined && own.includes(origin);
  if (known ? ours : !cookie) return;
  throw new Problem(
    "cross_site",
    "A session changes things from the console's own pages alone; open the console, or use an API key.",
  );
}

export const changes = (method: string): boolean => !["GET", "HEAD", "OPTIONS"].includes(method);
