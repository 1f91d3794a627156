// The import rule, run by `npm run check`: who may import whom, so that `core` stays pure, an edge host carries no cloud code and the browser no server's.
import { type Dirent, readdirSync, readFileSync } from "node:fs";
import { builtinModules } from "node:module";
import { join, posix } from "node:path";
import { fileURLToPath } from "node:url";

export type Violation = { file: string; line: number; what: string };

type Rule = {
  /** Folders whose files may be imported. */
  folders: string[];
  /** Folders of which only types may be imported. */
  types?: string[];
  /** Packages that may be imported; all but `never` where it is left out. */
  packages?: string[];
  never?: string[];
  /** Whether Node's own modules may be imported. */
  node: boolean;
};

const infraPackages = ["aws-cdk-lib", "constructs", "cdk-nag", "sst", "esbuild", "vite", "vitest", "fauxqs"];
const rules: Record<string, Rule> = {
  core: { folders: ["core"], packages: ["zod", "libphonenumber-js"], node: false },
  functions: { folders: ["functions", "core"], never: [...infraPackages, "modesl", "react", "react-dom"], node: true },
  "edge-agent": {
    folders: ["edge-agent", "core"],
    packages: [
      "@aws-sdk/client-sqs",
      "fast-xml-parser",
      "libphonenumber-js",
      "modesl",
      "mpg123-decoder",
      "pino",
      "sqs-consumer",
      "ulid",
      "zod",
    ],
    node: true,
  },
  client: { folders: ["client"], packages: [], node: false },
  cli: { folders: ["cli", "client", "importers"], packages: ["yaml", "libphonenumber-js"], node: true },
  web: {
    folders: ["web", "client", "core"],
    types: ["functions"],
    never: [...infraPackages.filter((name) => name !== "vite"), "modesl", "pino", "hono"],
    node: false,
  },
  importers: { folders: ["importers", "core"], packages: ["zod", "libphonenumber-js"], node: false },
  infra: { folders: ["infra", "functions", "core"], node: true },
};
/** They may import everything. */
const free = ["local", "test", "bench", "scripts"];
/** Build settings run in Node, whatever folder they lie in. */
const isSettings = (file: string): boolean => /(^|\/)[\w-]+\.config\.ts$/.test(file);

const statement =
  /^[ \t]*(import|export)\b([\w\s{},*$]*?)\bfrom\s*["']([^"'\n]+)["']|^[ \t]*import\s*["']([^"'\n]+)["']/gm;
const dynamic = /\bimport\s*\(\s*["']([^"'\n]+)["']/g;

type Import = { from: string; line: number; typeOnly: boolean; star: boolean };

/** Every import, re-export and dynamic import with a literal name. A line that a comment begins is none. */
export function importsOf(source: string): Import[] {
  const lineAt = (index: number): number => source.slice(0, index).split("\n").length;
  const found: Import[] = [];
  for (const match of source.matchAll(statement)) {
    const [text, verb, clause = "", from = match[4] ?? ""] = match;
    const indent = text.length - text.trimStart().length;
    found.push({
      from,
      line: lineAt(match.index + indent),
      typeOnly: /^\s*type\b(?!\s*,)/.test(clause),
      star: verb === "export" && /^\s*\*\s*$/.test(clause),
    });
  }
  for (const match of source.matchAll(dynamic)) {
    const before = source.slice(source.lastIndexOf("\n", match.index) + 1, match.index);
    if (!/^\s*(\/\/|\*|\/\*)/.test(before))
      found.push({ from: match[1] ?? "", line: lineAt(match.index), typeOnly: false, star: false });
  }
  return found;
}

const builtins = new Set(builtinModules);
const packageOf = (name: string): string => name.split("/", name.startsWith("@") ? 2 : 1).join("/");

/** What is wrong with one file's imports. `file` is its path in the repository, with slashes. */
export function violations(file: string, source: string): Violation[] {
  const folder = file.split("/")[0] ?? "";
  const rule = isSettings(file) ? undefined : rules[folder];
  const found: Violation[] = [];
  const imports = importsOf(source);
  for (const { from, line, typeOnly, star } of imports) {
    const report = (what: string): void => void found.push({ file, line, what });
    if (star) report("re-exports everything of another file: import from the file itself");
    if (rule) {
      const why = refusal(folder, rule, file, from, typeOnly);
      if (why) report(why);
    }
  }
  if (isBarrel(file, source)) found.push({ file, line: 1, what: "only re-exports: import from the files themselves" });
  return found;
}

function refusal(folder: string, rule: Rule, file: string, from: string, typeOnly: boolean): string | undefined {
  if (from.startsWith(".")) {
    const target = posix.join(posix.dirname(file), from).split("/")[0] ?? "";
    // its version
    if (rule.folders.includes(target) || target === "package.json") return undefined;
    if (!rule.types?.includes(target)) return `${folder} may not import from ${target}: ${from}`;
    return typeOnly ? undefined : `${folder} may import only types from ${target} (import type): ${from}`;
  }
  const name = from.replace(/^node:/, "");
  if (from.startsWith("node:") || builtins.has(packageOf(name)))
    return rule.node ? undefined : `${folder} may not import Node's ${name}`;
  const wanted = packageOf(from);
  const allowed = rule.packages ? rule.packages.includes(wanted) : !rule.never?.includes(wanted);
  return allowed ? undefined : `${folder} may not import the package ${wanted}`;
}

function isBarrel(file: string, source: string): boolean {
  if (!/(^|\/)index\.tsx?$/.test(file)) return false;
  const reexport = /^[ \t]*export\b[\w\s{},*$]*?\bfrom\s*["'][^"'\n]+["'];?/gm;
  const rest = source.replaceAll(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, "");
  return reexport.test(rest) && rest.replaceAll(reexport, "").trim() === "";
}

/** Every violation below `root`. */
export function check(root: string): Violation[] {
  return [...Object.keys(rules), ...free].flatMap((folder) =>
    sources(root, folder).flatMap((file) => violations(file, readFileSync(join(root, file), "utf8"))),
  );
}

function sources(root: string, folder: string): string[] {
  let entries: Dirent[];
  try {
    entries = readdirSync(join(root, folder), { withFileTypes: true });
  } catch {
    return [];
  }
  return entries.flatMap((entry) => {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory())
      return ["node_modules", "dist", "fixtures"].includes(entry.name) ? [] : sources(root, path);
    return /\.tsx?$/.test(entry.name) ? [path] : [];
  });
}

if (import.meta.main) {
  const found = check(fileURLToPath(new URL("..", import.meta.url)));
  for (const { file, line, what } of found) console.error(`${file}:${line}  ${what}`);
  if (found.length > 0) process.exit(1);
}
