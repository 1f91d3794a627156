// Bundles each Lambda into dist/functions/<name>/: what it imports at its start, minified, the SDK included (it loads faster than the runtime's own), and
// beside it what is imported late. The stack takes these folders as its assets.
import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { builtinModules, createRequire } from "node:module";
import { basename, dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { type BuildOptions, build, type Metafile, type OutputFile, type Plugin } from "esbuild";
import { parseAst } from "vite";
import { banner, bundleOptions } from "./bundle-options.ts";

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
/** Those that load no kinds at their start. */
const withoutKinds: readonly FunctionName[] = ["api", "edge", "publisher", "live"];
/** `bytes` of what is imported at the start, `wholeBytes` of all its code. */
export type Bundle = { name: FunctionName; file: string; bytes: number; gzipBytes: number; wholeBytes: number };

const plansFile = "numbering-plans.json";
const plansText = readFileSync(createRequire(import.meta.url).resolve("libphonenumber-js/min/metadata"), "utf8");
const plans: object = JSON.parse(plansText);

/** zod's `z` carries its messages in 50 languages, a fifth of a bundle; English is loaded apart from them, and nothing here speaks another. */
const oneLanguage: Plugin = {
  name: "one language",
  setup({ onLoad }) {
    onLoad({ filter: /[\\/]zod[\\/]v4[\\/]locales[\\/]index\.js$/ }, () => ({ contents: "export {};" }));
  },
};

/**
 * `zod/mini`, which what is loaded at the start uses, is built apart from `zod`, which the kinds and routes use: of a module that several share each has all
 * that any of them uses, and of zod's that is 70 KB. What they share at run time, zod keeps in `globalThis`.
 */
const miniApart: Plugin = {
  name: "zod/mini apart",
  setup({ onResolve, onLoad, resolve }) {
    const namespace = "mini";
    onResolve({ filter: /^zod\/(?:mini|v4\/locales\/en\.js)$/ }, async ({ path, kind, pluginData, ...about }) =>
      pluginData === "resolved"
        ? undefined
        : {
            path: (await resolve(path, { ...about, kind, pluginData: "resolved" })).path,
            namespace,
            sideEffects: false,
          },
    );
    onResolve({ filter: /^\./, namespace }, ({ path, importer }) => ({
      path: join(dirname(importer), path),
      namespace,
      sideEffects: false,
    }));
    onLoad({ filter: /./, namespace }, ({ path }) => ({
      contents: path.endsWith("locales/index.js") ? "export {};" : readFileSync(path),
      loader: "js",
    }));
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

/**
 * Node's own modules are taken from it as they are. Imported as ES modules, each of their names is asked for, and behind some of them others are loaded:
 * 10 ms of a start. Of `…/promises` there is nothing but functions, so those wait until one is called. What a module has behind an accessor (`ReadStream` of
 * `fs`, `BlockList` of `net`) is loaded by it when that is first asked for; a proxy stands for it until it is called or made, or asked for a property.
 */
export const builtins: Plugin = {
  name: "Node's own modules",
  setup({ onResolve, onLoad }) {
    const namespace = "builtin";
    onResolve({ filter: /^(?:node:)?[a-z_/]+$/ }, ({ path, kind }) =>
      kind === "import-statement" && builtinModules.includes(path.replace(/^node:/, ""))
        ? { path: path.replace(/^(?:node:)?/, "node:"), namespace, sideEffects: false }
        : undefined,
    );
    onLoad({ filter: /./, namespace }, ({ path }) => {
      const it = `process.getBuiltinModule("${path}")`;
      const known = process.getBuiltinModule(path) as Record<string, unknown>;
      const isBehind = (name: string): boolean =>
        Object.getOwnPropertyDescriptor(known, name)?.get !== undefined && typeof known[name] === "function";
      const [first, toValue] = path.endsWith("/promises")
        ? ["", (name: string) => `(...all) => ${it}.${name}(...all)`]
        : [
            `const it = /* @__PURE__ */ ${it}; export default it;
             const behind = (name) => new Proxy(function () {}, {
               get: (_, key) => it[name][key],
               apply: (_, __, all) => it[name](...all),
               construct: (_, all, made) => Reflect.construct(it[name], all, made),
             });`,
            (name: string) =>
              isBehind(name) ? `/* @__PURE__ */ behind("${name}")` : `/* @__PURE__ */ (() => it.${name})()`,
          ];
      const members = Object.keys(known).map(
        (name, at) => `const n${at} = ${toValue(name)}; export { n${at} as ${name} };`,
      );
      return { contents: [first, ...members].join("\n") };
    });
  },
};

/** What follows of all kinds, so that they need not be loaded to know: which routes the API has, and how kinds are called there. */
const knownOfKinds: Plugin = {
  name: "known of kinds",
  setup({ onLoad }) {
    onLoad({ filter: /[\\/]functions[\\/]api[\\/]known-routes\.ts$/ }, async () => {
      const { knownOf, loadRoutes } = await import("../functions/api/routes.ts");
      const known = (await loadRoutes(async () => [])).map(knownOf);
      return { contents: `export const knownRoutes = ${JSON.stringify(known)};` };
    });
    onLoad({ filter: /[\\/]core[\\/]plurals\.ts$/ }, async () => {
      const { plurals } = await import("../core/plurals.ts");
      return { contents: `export const plurals = ${JSON.stringify(plurals)};` };
    });
  },
};

/**
 * Schemas that a bundle does not use fall away. zod is imported as a namespace, as of a name that a package exports as an object nothing falls away; and each
 * schema is made in a function that is said to do nothing else, as esbuild can't know it of a chain of calls.
 */
const usedSchemas: Plugin = {
  name: "used schemas",
  setup({ onLoad }) {
    onLoad({ filter: /[\\/](?:core|functions)[\\/].*\.ts$/ }, ({ path }) => ({
      loader: "ts",
      contents: markSchemas(
        readFileSync(path, "utf8").replace(/^import \{ z \} from "zod";$/m, 'import * as z from "zod";'),
      ),
    }));
  },
};

type Declared = { type: string; id: { name?: string }; init: Expression | null };
type Expression = { type: string; name?: string; start: number; end: number; callee?: Expression; object?: Expression };

/** Wraps the values of a module's constants that are chains of calls on `z`, or on such a constant. */
function markSchemas(code: string): string {
  if (!/^import (?:\* as )?z from "zod/m.test(code)) return code;
  const known = new Set(["z"]);
  const found: Expression[] = [];
  for (const statement of parseAst(code, { lang: "ts" }).body) {
    const declaration = statement.type === "ExportNamedDeclaration" ? statement.declaration : statement;
    if (declaration?.type !== "VariableDeclaration" || declaration.kind !== "const") continue;
    for (const { id, init } of declaration.declarations as unknown as Declared[]) {
      if (init?.type !== "CallExpression" || !known.has(rootOf(init) ?? "")) continue;
      found.push(init);
      if (id.name !== undefined) known.add(id.name);
    }
  }
  return found.reduceRight(
    (text, { start, end }) =>
      `${text.slice(0, start)}/* @__PURE__ */ (() => ${text.slice(start, end)})()${text.slice(end)}`,
    code,
  );
}

/** What a chain of calls begins with: `z` of `z.string().max(3)`. */
const rootOf = (expression: Expression): string | undefined => {
  const inner = expression.callee ?? expression.object;
  return inner ? rootOf(inner) : expression.name;
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
  ...bundleOptions,
  absWorkingDir: root,
  outExtension: { ".js": ".mjs" },
  write: false,
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
      const split = await build({
        ...options,
        entryPoints: { index: entries[name] },
        outdir,
        chunkNames: "late-[hash]",
        splitting: true,
        ...(maps && { sourcemap: "inline" }),
        plugins: [
          ...(withoutKinds.includes(name) ? [miniApart] : []),
          oneLanguage,
          numberingPlans,
          knownOfKinds,
          usedSchemas,
          builtins,
          builtApart(found),
        ],
      });
      const { metafile } = split;
      const bundle = { name, file, bytes: 0, gzipBytes: 0, wholeBytes: 0 };
      for (const { path, contents } of await joinStart(split, outdir, maps)) {
        const isMap = path.endsWith(".map");
        write(isMap ? join(folder, "maps", name, relative(outdir, path)) : path, contents);
        if (isMap) continue;
        bundle.wholeBytes += contents.length;
        if (!["index.mjs", "start.mjs"].includes(basename(path))) continue;
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
  const { outputFiles } = await build({ ...options, banner: { js: banner }, entryPoints, outdir: "apart" });
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

/**
 * Puts the files that `index.mjs` imports at once, of which there are dozens, into one, `start.mjs`: each file that Node loads takes half a millisecond. All
 * others import from that one what they imported from them.
 */
async function joinStart(
  { outputFiles, metafile }: { outputFiles: OutputFile[]; metafile: Metafile },
  outdir: string,
  maps: boolean,
): Promise<OutputFile[]> {
  const texts = new Map(outputFiles.map(({ path, text }) => [basename(path), text]));
  const names = [...loadedAtStart(metafile, relative(root, join(outdir, "index.mjs")))]
    .map((path) => basename(path))
    .filter((name) => name !== "index.mjs");
  const exported = new Map(
    names.map((name, at) => {
      const members = metafile.outputs[relative(root, join(outdir, name))]?.exports ?? [];
      return [name, members.map((member) => ({ member, unique: `s${at}_${member}` }))] as const;
    }),
  );
  const reexport = (name: string, from: string, write: (one: { member: string; unique: string }) => string): string =>
    `export { ${(exported.get(name) ?? []).map(write).join(", ")} } from "${from}";`;
  const start = names.map((name) => reexport(name, `./${name}`, ({ member, unique }) => `${member} as ${unique}`));
  const others = [...texts.keys()].filter((name) => !exported.has(name));
  const pass = (entryNames: string[], isStart: boolean) =>
    build({
      ...options,
      banner: { js: banner },
      entryPoints: entryNames.map((name) => ({ in: name, out: basename(name, ".mjs") })),
      outdir,
      ...(maps && { sourcemap: "external" }),
      plugins: [
        {
          name: "start",
          setup({ onResolve, onLoad }) {
            onResolve({ filter: /./ }, ({ path, kind }) => {
              if (kind === "entry-point") return { path, namespace: "text" };
              const name = basename(path);
              if (kind === "dynamic-import" || !exported.has(name)) return { path, external: true };
              return { path: name, namespace: isStart ? "text" : "started" };
            });
            onLoad({ filter: /./, namespace: "text" }, ({ path }) => ({
              contents: path === "start.mjs" ? start.join("\n") : (texts.get(path) ?? ""),
              loader: "js",
            }));
            onLoad({ filter: /./, namespace: "started" }, ({ path }) => ({
              contents: reexport(path, "./start.mjs", ({ member, unique }) => `${unique} as ${member}`),
              loader: "js",
            }));
          },
        },
      ],
    });
  const both = await Promise.all([pass(["start.mjs"], true), pass(others, false)]);
  return both.flatMap((built) => built.outputFiles);
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
