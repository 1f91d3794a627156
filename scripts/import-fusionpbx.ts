// `node scripts/import-fusionpbx.ts dump.sql --out folder`: writes each domain's document, the account's, and the report. What it writes holds passwords:
// only its owner may read it.
import { createReadStream, existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { parseArgs } from "node:util";
import { createGunzip } from "node:zlib";
import { isSupportedCountry } from "libphonenumber-js/min";
import { DumpError } from "../importers/fusionpbx/dump.ts";
import { Import, type Imported } from "../importers/fusionpbx/import.ts";
import { csv, summary } from "../importers/fusionpbx/report.ts";

const usage = `Usage: node scripts/import-fusionpbx.ts DUMP --out FOLDER [--country US] [--domain NAME …]

  DUMP       what pg_dump or SQLite's .dump wrote, .gz too; - for standard input
  --out      a folder that is not there yet: NAME.json for each domain, account.json, report.csv, report.json, summary.txt
  --country  how national numbers are read where a domain does not say its country (US)
  --domain   these domains alone
`;

class UsageError extends Error {}

async function main(args: string[]): Promise<void> {
  const { positionals, values } = parsed(args);
  const [file] = positionals;
  const { out, country = "US", domain } = values;
  if (values.help) return void process.stdout.write(usage);
  if (file === undefined || positionals.length > 1 || out === undefined)
    throw new UsageError("needs one DUMP and --out");
  if (!isSupportedCountry(country)) throw new UsageError("--country: ISO 3166-1 alpha-2, as in US");
  if (existsSync(out)) throw new UsageError(`${out} is there already: name a folder that is not`);
  const imported = await read(file, new Import({ country, ...(domain && { domains: domain }) }));
  const missing = (domain ?? []).filter((name) => !imported.tenants.some((one) => one.domain === name.toLowerCase()));
  if (missing.length > 0) throw new DumpError(`There is no domain ${missing.join(", ")} in it that can be carried.`);
  const text = summary(imported);
  write(out, imported, text);
  process.stdout.write(text);
  process.stderr.write(
    `The documents in ${out} hold passwords and PINs: keep them from others, and delete them when you are done.\n`,
  );
}

function parsed(args: string[]) {
  try {
    return parseArgs({
      args,
      allowPositionals: true,
      options: {
        out: { type: "string" },
        country: { type: "string" },
        domain: { type: "string", multiple: true },
        help: { type: "boolean", short: "h" },
      },
    });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

async function read(file: string, into: Import): Promise<Imported> {
  const raw: Readable = file === "-" ? process.stdin : createReadStream(file);
  const text = file.endsWith(".gz") ? raw.pipe(createGunzip()) : raw;
  // an error of the file is one of what is read from it
  raw.on("error", (error) => text.destroy(error));
  text.setEncoding("utf8");
  for await (const piece of text) into.write(String(piece));
  return into.end();
}

function write(out: string, { tenants, account, findings, tallies }: Imported, text: string): void {
  mkdirSync(out, { recursive: true, mode: 0o700 });
  const file = (name: string, content: string) => writeFileSync(join(out, name), content, { mode: 0o600, flag: "wx" });
  // a domain's name is letters, digits, hyphens and dots
  for (const { domain, document } of tenants) file(`${domain}.json`, `${JSON.stringify(document, null, 2)}\n`);
  if (account) file("account.json", `${JSON.stringify(account, null, 2)}\n`);
  file("report.csv", csv(findings));
  file("report.json", `${JSON.stringify({ tables: tallies, findings }, null, 2)}\n`);
  file("summary.txt", text);
}

try {
  await main(process.argv.slice(2));
} catch (error) {
  const known =
    error instanceof UsageError || error instanceof DumpError || (error instanceof Error && "code" in error);
  process.stderr.write(known ? `${(error as Error).message}\n` : `${error instanceof Error ? error.stack : error}\n`);
  if (error instanceof UsageError) process.stderr.write(usage);
  process.exitCode = error instanceof UsageError ? 2 : 1;
}
