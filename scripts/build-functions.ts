// Bundles each Lambda into dist/functions/<name>/: what it imports at its start, minified, the SDK included (it loads faster than the runtime's own), and
// beside it what is imported late. The stack takes these folders as its assets.
import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { type BuildOptions, build, type Metafile, type Plugin } from "esbuild";

const root = fileURLToPath(new URL("..", import.meta.url));

export const entries = {
  api: "functions/api/lambda.ts",
  edge: "functions/edges/lambda.ts",
  identity: "functions/identity/lambda.ts",
  publisher: "functions/publisher/lambda.ts",
  mailer: "functions/mail/lambda.ts",
  retention: "functions/retention/lambda.ts",
  webhooks: "functions/webhooks/lambda.ts",
  worker: "functions/jobs/lambda.ts",
  live: "functions/live/lambda.ts",
} as const;
export type FunctionName = keyof typeof entries;
/** `bytes` of what is imported at the start, `wholeBytes` of all its code. */
export type Bundle = { name: FunctionName; file: string; bytes: number; gzipBytes: number; wholeBytes: number };

const plansFile = "numbering-plans.json";
const plansText = readFileSync(createRequire(import.meta.url).resolve("libphonenumber-js/min/metadata"), "utf8");
const plans: object = JSON.parse(plansText);

/** Some packages are CommonJS inside and call `require`; an ES module has none. */
const banner = 'import { createRequire as $require } from "node:module"; const require = $require(import.meta.url);';

/** zod's `z` carries its messages in 50 languages, a fifth of a bundle; English is loaded apart from them, and nothing here speaks another. */
const oneLanguage: Plugin = {
  name: "one language",
  setup({ onLoad }) {
    onLoad({ filter: /[\\/]zod[\\/]v4[\\/]locales[\\/]index\.js$/ }, () => ({ contents: "export {};" }));
  },
};

/** How each country's numbers are written: 80 KB, read from a file beside the bundle when the first number is. */
const numberingPlans: Plugin = {
  name: "numbering plans",
  setup({ onLoad }) {
    onLoad({ filter: /[\\/]libphonenumber-js[\\/]metadata\.min\.json\.js$/ }, () => ({
      contents: `
        import { readFileSync } from "node:fs";
        let plans;
        const read = (part) => (plans ??= JSON.parse(readFileSync(new URL("./${plansFile}", import.meta.url), "utf8")))[part];
        export default Object.defineProperties({}, Object.fromEntries(${JSON.stringify(Object.keys(plans))}.map((part) => [part, { enumerable: true, get: () => read(part) }])));`,
    }));
  },
};

/** Which routes the API has, so that it need not load them to know. */
const knownRoutes: Plugin = {
  name: "known routes",
  setup({ onLoad }) {
    onLoad({ filter: /[\\/]functions[\\/]api[\\/]known-routes\.ts$/ }, async () => {
      const { knownOf, loadRoutes } = await import("../functions/api/routes.ts");
      const known = (await loadRoutes(async () => [])).map(knownOf);
      return { contents: `export const knownRoutes = ${JSON.stringify(known)};` };
    });
  },
};

/** Of a name that a package exports as an object nothing can fall away, of a namespace what is not used does: half of zod. */
const zodAsNamespace: Plugin = {
  name: "zod as a namespace",
  setup({ onLoad }) {
    onLoad({ filter: /[\\/](?:core|functions)[\\/].*\.ts$/ }, ({ path }) => ({
      loader: "ts",
      contents: readFileSync(path, "utf8").replace(/^import \{ z \} from "zod";$/m, 'import * as z from "zod";'),
    }));
  },
};

/**
 * What of the SDK is built apart, with nothing shared: the clients that speak XML, and what the SDK imports late itself. A file that re-exports others is
 * one for all who share it, so what only these need of it would be loaded at the start.
 */
const apart = /[\\/]functions[\\/]sdk[\\/](?:route53|s3|sts)\.ts$|[\\/]node_modules[\\/]@(?:aws-sdk|smithy)[\\/]/;

/** Leaves these imports to files of their own beside the bundle, whose names and sources it puts into `found`. */
const builtApart = (found: Map<string, string>): Plugin => ({
  name: "built apart",
  setup({ onResolve, resolve }) {
    onResolve(
      { filter: /^@(?:aws-sdk|smithy)\/|\/sdk\/(?:route53|s3|sts)\.ts$/ },
      async ({ path, kind, pluginData, ...about }) => {
        if (kind !== "dynamic-import" || pluginData === "resolved") return undefined;
        const { path: source } = await resolve(path, { ...about, kind, pluginData: "resolved" });
        if (!apart.test(source)) return undefined;
        const name = `sdk-${relative(root, source)
          .replace(/^.*node_modules[\\/]|\.\w+$/g, "")
          .replaceAll(/\W+/g, "-")}`;
        found.set(name, source);
        return { path: `./${name}.mjs`, external: true };
      },
    );
  },
});

const options = {
  absWorkingDir: root,
  outExtension: { ".js": ".mjs" },
  metafile: true,
  bundle: true,
  minify: true,
  platform: "node",
  target: "node24",
  format: "esm",
  // the ES builds of the SDK's packages: what is not used falls away
  mainFields: ["module", "main"],
  banner: { js: banner },
  legalComments: "none",
  write: false,
  logLevel: "warning",
} as const satisfies BuildOptions;

/** Builds all of them into `folder` and tells their sizes. `maps`: with source maps, beside the folders and not in them: they are not deployed. */
export async function buildFunctions(folder = join(root, "dist/functions"), maps = false): Promise<Bundle[]> {
  rmSync(folder, { recursive: true, force: true });
  const late = new Map<FunctionName, Map<string, string>>();
  const bundles = await Promise.all(
    Object.keys(entries).map(async (key): Promise<Bundle> => {
      const name = key as FunctionName;
      const outdir = join(folder, name);
      const file = join(outdir, "index.mjs");
      const found = new Map<string, string>();
      late.set(name, found);
      const { outputFiles, metafile } = await build({
        ...options,
        entryPoints: { index: entries[name] },
        outdir,
        chunkNames: "late-[hash]",
        splitting: true,
        ...(maps && { sourcemap: "external" }),
        plugins: [oneLanguage, numberingPlans, knownRoutes, zodAsNamespace, builtApart(found)],
      });
      const atStart = loadedAtStart(metafile, relative(root, file));
      const bundle = { name, file, bytes: 0, gzipBytes: 0, wholeBytes: 0 };
      for (const { path, contents } of outputFiles) {
        const isMap = path.endsWith(".map");
        write(isMap ? join(folder, "maps", name, relative(outdir, path)) : path, contents);
        if (isMap) continue;
        bundle.wholeBytes += contents.length;
        if (!atStart.has(relative(root, path))) continue;
        bundle.bytes += contents.length;
        bundle.gzipBytes += gzipSync(contents).length;
      }
      if (Object.keys(metafile.inputs).some((path) => path.includes("libphonenumber-js"))) {
        write(join(outdir, plansFile), plansText);
        bundle.wholeBytes += plansText.length;
      }
      return bundle;
    }),
  );
  await addApart(bundles, late);
  addReference(join(folder, "api"));
  copyFileSync(join(root, "functions/edges/install.sh"), join(folder, "api/install.sh"));
  return bundles;
}

/** Builds what is built apart, each once, and puts it beside the bundles that import it. */
async function addApart(bundles: Bundle[], late: Map<FunctionName, Map<string, string>>): Promise<void> {
  const entryPoints = Object.fromEntries([...late.values()].flatMap((found) => [...found]));
  const { outputFiles } = await build({ ...options, entryPoints, outdir: "apart" });
  for (const bundle of bundles)
    for (const { path, contents } of outputFiles) {
      if (!late.get(bundle.name)?.has(basename(path, ".mjs"))) continue;
      write(join(dirname(bundle.file), basename(path)), contents);
      bundle.wholeBytes += contents.length;
    }
}

function write(path: string, contents: Uint8Array | string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, contents);
}

/** The file itself and what it imports at once, all the way down. */
function loadedAtStart({ outputs }: Metafile, file: string, found = new Set<string>()): Set<string> {
  if (found.has(file)) return found;
  found.add(file);
  for (const { path, kind } of outputs[file]?.imports ?? [])
    if (kind === "import-statement" && outputs[path]) loadedAtStart({ inputs: {}, outputs }, path, found);
  return found;
}

/** The API serves the script of its reference pages from the package; the bundle gets the package's one file that it resolves. */
function addReference(folder: string): void {
  const name = "@scalar/api-reference";
  const script = "browser/standalone.js";
  const target = join(folder, "node_modules", name);
  mkdirSync(join(target, "browser"), { recursive: true });
  copyFileSync(createRequire(import.meta.url).resolve(`${name}/${script}`), join(target, script));
  writeFileSync(join(target, "package.json"), JSON.stringify({ name, exports: { [`./${script}`]: `./${script}` } }));
}

if (import.meta.main) {
  for (const { name, bytes, gzipBytes, wholeBytes } of await buildFunctions(undefined, true)) {
    const kb = (size: number): string => `${Math.round(size / 1024)} KB`;
    console.log(
      `${name.padEnd(10)} ${kb(bytes).padStart(8)}  gzip ${kb(gzipBytes).padStart(7)}  with what is late ${kb(wholeBytes).padStart(8)}`,
    );
  }
}
