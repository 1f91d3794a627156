// What the bundles of functions and of the agent have in common.
import type { BuildOptions } from "esbuild";

/** Some packages are CommonJS inside and call `require`; an ES module has none. */
export const banner = 'const require = process.getBuiltinModule("node:module").createRequire(import.meta.url);';

export const bundleOptions = {
  bundle: true,
  minify: true,
  platform: "node",
  target: "node24",
  format: "esm",
  // the ES builds of packages: what is not used falls away
  mainFields: ["module", "main"],
  legalComments: "none",
  metafile: true,
  logLevel: "warning",
} as const satisfies BuildOptions;
