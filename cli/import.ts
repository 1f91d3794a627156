// Documents from another system's data.
import { createReadStream, existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { createGunzip } from "node:zlib";
import type { Imported } from "../importers/fusionpbx/import.ts";
import { type Command, text } from "./command.ts";
import { Usage } from "./exit.ts";

export const importCommands: Command[] = [
  {
    name: "import fusionpbx",
    about: "Make documents for apply of a dump of FusionPBX's database, and a report of what is not in them",
    usage: "DUMP --out FOLDER",
    takes: [1, 1],
    options: {
      out: { type: "string", value: "FOLDER", about: "A folder that is not there yet, for documents and report" },
      country: {
        type: "string",
        value: "CC",
        about: "How numbers are read where a domain does not say its country (US)",
      },
      domain: { type: "string", value: "NAME", multiple: true, about: "This domain alone; may be said again" },
    },
    examples: [
      "dialplane import fusionpbx dump.sql --out import",
      "pg_dump fusionpbx | dialplane import fusionpbx - --out import",
    ],
    async run({ args: [file = "-"], values, output }) {
      const { isSupportedCountry } = await import("libphonenumber-js/min");
      const { DumpError } = await import("../importers/fusionpbx/dump.ts");
      const { Import } = await import("../importers/fusionpbx/import.ts");
      const { summary } = await import("../importers/fusionpbx/report.ts");
      const [out, country = "US"] = [text(values, "out"), text(values, "country")];
      const domains = Array.isArray(values.domain) ? values.domain : undefined;
      if (out === undefined) throw new Usage("Name a folder that is not there yet: --out FOLDER.");
      if (existsSync(out)) throw new Usage(`${out} is there already: name a folder that is not.`);
      if (!isSupportedCountry(country)) throw new Usage("--country takes ISO 3166-1 alpha-2, as in US.");
      const imported = await read(file, new Import({ country, ...(domains && { domains }) }));
      const missing =
        domains?.filter((name) => !imported.tenants.some((one) => one.domain === name.toLowerCase())) ?? [];
      if (missing.length > 0)
        throw new DumpError(`There is no domain ${missing.join(", ")} in it that can be carried.`);
      const said = summary(imported);
      await write(out, imported, said);
      output.note(
        `The documents in ${out} hold passwords and PINs: keep them from others, and delete them when you are done.`,
      );
      output.line(said.trimEnd());
      return undefined;
    },
  },
];

async function read(file: string, into: { write(text: string): void; end(): Imported }): Promise<Imported> {
  const raw: Readable = file === "-" ? process.stdin : createReadStream(file);
  const plain = file.endsWith(".gz") ? raw.pipe(createGunzip()) : raw;
  // an error of the file is one of what is read from it
  if (plain !== raw) raw.on("error", (error) => plain.destroy(error));
  plain.setEncoding("utf8");
  for await (const piece of plain) into.write(String(piece));
  return into.end();
}

/** Its owner alone may read what is written. */
async function write(out: string, { tenants, account, findings, tallies }: Imported, said: string): Promise<void> {
  const { csv } = await import("../importers/fusionpbx/report.ts");
  mkdirSync(out, { recursive: true, mode: 0o700 });
  const file = (name: string, content: string) => writeFileSync(join(out, name), content, { mode: 0o600, flag: "wx" });
  // a domain's name is letters, digits, hyphens and dots
  for (const { domain, document } of tenants) file(`${domain}.json`, `${JSON.stringify(document, null, 2)}\n`);
  if (account) file("account.json", `${JSON.stringify(account, null, 2)}\n`);
  file("report.csv", csv(findings));
  file("report.json", `${JSON.stringify({ tables: tallies, findings }, null, 2)}\n`);
  file("summary.txt", said);
}
