// Bundles each Lambda into dist/functions/<name>/: one minified file, the SDK included (it loads faster than the runtime's own), and beside it what is
// imported late. The stack takes these folders as its assets.
import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build, type Metafile, type Plugin } from "esbuild";

const root = fileURLToPath(new URL("..", import.meta.url));

export const entries = {
  api: "functions/api/lambda.ts",
  identity: "functions/identity/lambda.ts",
  publisher: "functions/publisher/lambda.ts",
  mailer: "functions/mail/lambda.ts",
  retention: "functions/retention/lambda.ts",
  webhooks: "functions/webhooks/lambda.ts",
  worker: "functions/jobs/lambda.ts",
} as const;
export type FunctionName = keyof typeof entries;
export type Bundle = { name: FunctionName; file: string; bytes: number; gzipBytes: number };

/** Some packages are CommonJS inside and call `require`; an ES module has none. */
const banner = 'import { createRequire as $require } from "node:module"; const require = $require(import.meta.url);';

/** zod's `z` carries its messages in 50 languages, a fifth of a bundle; English is loaded apart from them, and nothing here speaks another. */
const oneLanguage: Plugin = {
  name: "one language",
  setup({ onLoad }) {
    onLoad({ filter: /[\\/]zod[\\/]v4[\\/]locales[\\/]index\.js$/ }, () => ({ contents: "export {};" }));
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

/** Builds all of them into `folder` and tells their sizes. Source maps lie beside the folders, not in them: they are not deployed. */
export async function buildFunctions(folder = join(root, "dist/functions")): Promise<Bundle[]> {
  rmSync(folder, { recursive: true, force: true });
  const bundles = await Promise.all(
    Object.entries(entries).map(async ([name, entry]): Promise<Bundle> => {
      const file = join(folder, name, "index.mjs");
      const { outputFiles, metafile } = await build({
        absWorkingDir: root,
        entryPoints: { index: entry },
        outdir: join(folder, name),
        outExtension: { ".js": ".mjs" },
        chunkNames: "late/[hash]",
        splitting: true,
        metafile: true,
        bundle: true,
        minify: true,
        platform: "node",
        target: "node24",
        format: "esm",
        // the ES builds of the SDK's packages: what is not used falls away
        mainFields: ["module", "main"],
        plugins: [oneLanguage, zodAsNamespace],
        banner: { js: banner },
        legalComments: "none",
        sourcemap: "external",
        write: false,
        logLevel: "warning",
      });
      const atStart = loadedAtStart(metafile, relative(root, file));
      const sizes = { bytes: 0, gzipBytes: 0 };
      for (const { path, contents } of outputFiles) {
        const inside = relative(join(folder, name), path);
        const isMap = path.endsWith(".map");
        const target = isMap ? join(folder, "maps", name, inside) : path;
        mkdirSync(dirname(target), { recursive: true });
        writeFileSync(target, contents);
        if (isMap || !atStart.has(relative(root, path))) continue;
        sizes.bytes += contents.length;
        sizes.gzipBytes += gzipSync(contents).length;
      }
      return { name: name as FunctionName, file, ...sizes };
    }),
  );
  addReference(join(folder, "api"));
  return bundles;
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
  for (const { name, bytes, gzipBytes } of await buildFunctions()) {
    const kb = (size: number): string => `${Math.round(size / 1024)} KB`;
    console.log(`${name.padEnd(10)} ${kb(bytes).padStart(8)}  gzip ${kb(gzipBytes).padStart(7)}`);
  }
}
