// Bundles the agent: one file with everything in it, so that an upgrade that replaces it takes nothing from under the agent that runs; beside it the two
// files that are threads of its own, and the engines' configurations.
import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type BuildOptions, build, type Plugin } from "esbuild";
import { banner, bundleOptions } from "../bundle-options.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** Modules that start themselves as a thread, by the names that their files have beside the agent's. */
const threads: Record<string, string> = {
  checkpoint: "edge-agent/checkpoint.ts",
  convert: "edge-agent/audio/aside.ts",
};
const configurations = ["freeswitch/conf/freeswitch.xml", "kamailio/conf/kamailio.cfg"];

const threadPlugin: Plugin = {
  name: "threads",
  setup({ onLoad }) {
    onLoad({ filter: /[\\/]edge-agent[\\/](checkpoint|audio[\\/]aside)\.ts$/ }, ({ path }) => {
      const [name] = Object.entries(threads).find(([, file]) => join(root, file) === path) ?? [];
      const text = readFileSync(path, "utf8");
      const self = "new URL(import.meta.url)";
      if (name === undefined || !text.includes(self)) throw new Error(`${path} no longer starts itself as a thread`);
      return { loader: "ts", contents: text.replace(self, `new URL("./${name}.mjs", import.meta.url)`) };
    });
  },
};

/** Of the manifest only the version, which is the package's. */
const versionPlugin = (version: string): Plugin => ({
  name: "version",
  setup({ onLoad }) {
    onLoad({ filter: /package\.json$/ }, ({ path }) =>
      path === join(root, "package.json") ? { loader: "json", contents: JSON.stringify({ version }) } : undefined,
    );
  },
});

/** Writes `main.mjs` and what belongs beside it into `folder`. Resolves with the licences of the packages that are in it, as one text. */
export async function bundleAgent(folder: string, version: string): Promise<string> {
  const options = {
    ...bundleOptions,
    absWorkingDir: root,
    banner: { js: banner },
    plugins: [threadPlugin, versionPlugin(version)],
  } as const satisfies BuildOptions;
  const files = { main: "edge-agent/main.ts", ...threads };
  const built = await Promise.all(
    Object.entries(files).map(([name, file]) =>
      build({ ...options, entryPoints: [file], outfile: join(folder, `${name}.mjs`) }),
    ),
  );
  mkdirSync(join(folder, "conf"), { recursive: true });
  for (const file of configurations)
    copyFileSync(join(root, "edge-agent/drivers", file), join(folder, "conf", file.slice(file.lastIndexOf("/") + 1)));
  writeFileSync(
    join(folder, "package.json"),
    `${JSON.stringify({ name: "dialplane-edge", version, type: "module" })}\n`,
  );
  return licences(built.flatMap(({ metafile }) => Object.keys(metafile.inputs)));
}

/** Of each package among these files its name, version and licence, with the text that it came with. */
function licences(files: string[]): string {
  const folders = files.flatMap((file) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file) ?? []);
  return [...new Set(folders)]
    .sort()
    .map((folder) => {
      const { name, version, license } = JSON.parse(readFileSync(join(root, folder, "package.json"), "utf8"));
      const text = ["LICENSE", "LICENSE.md", "LICENSE.txt", "LICENCE", "license"].find((one) =>
        existsSync(join(root, folder, one)),
      );
      const said = text === undefined ? "" : `\n${readFileSync(join(root, folder, text), "utf8").trim()}\n`;
      return `${name} ${version}: ${license}\n${said}`;
    })
    .join("\n----\n\n");
}
