// Builds the console into web/dist if it is missing or older than what it is made of. `npm start` and the browser tests call this.
import { execFile } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync, utimesSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const root = fileURLToPath(new URL("..", import.meta.url));
const dist = join(root, "web/dist");
const sources = ["web", "core", "package.json"].map((name) => join(root, name));

/** The latest modification below `path`, in ms; folders count too, so that a deleted file is noticed. */
function newest(path: string): number {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (!stat?.isDirectory()) return stat?.mtimeMs ?? 0;
  const inside = readdirSync(path).filter((name) => !/^(dist|\.build-.*)$/.test(name));
  // putting dist in place touches web/ itself
  const own = path === join(root, "web") ? 0 : stat.mtimeMs;
  return Math.max(own, ...inside.map((name) => newest(join(path, name))));
}

/** Builds if need be; returns the folder to serve. What was there is replaced only after the build went well. */
export async function buildWeb(): Promise<string> {
  const built = statSync(join(dist, "index.html"), { throwIfNoEntry: false })?.mtimeMs ?? 0;
  if (built > Math.max(...sources.map(newest))) return dist;
  const startedAt = new Date();
  // a folder named dist inside, so that git ignores what a killed build leaves
  const work = join(root, `web/.build-${process.pid}`);
  try {
    // in a process of its own: called from a test, NODE_ENV would make it a development build
    const vite = [join(root, "node_modules/vite/bin/vite.js"), "build", "web", "--logLevel", "warn"];
    await promisify(execFile)(process.execPath, [...vite, "--outDir", join(work, "dist"), "--emptyOutDir"], {
      cwd: root,
      env: { ...process.env, NODE_ENV: "production" },
    });
    // a source that is saved during the build counts as newer
    utimesSync(join(work, "dist/index.html"), startedAt, startedAt);
    mkdirSync(join(work, "old"), { recursive: true });
    if (existsSync(dist)) renameSync(dist, join(work, "old/dist"));
    renameSync(join(work, "dist"), dist);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
  return dist;
}

if (import.meta.main) {
  try {
    await buildWeb();
  } catch (error) {
    if (!existsSync(dist)) throw error;
    console.warn(`The console could not be built anew; the one built before is served. ${String(error)}`);
  }
}
