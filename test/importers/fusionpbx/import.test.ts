// The importer: every row and every field of the dump is in a document or in the report, and nothing in a dump makes a document that is not one.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { csv, summary } from "../../../importers/fusionpbx/report.ts";
import { bookkeeping, isRead } from "../../../importers/fusionpbx/tables.ts";
import { type Cells, damaged, importOf, importOfRows, rowsOf, sample, wounds } from "./sample.ts";
import { flawsOf } from "./whole.ts";

const imported = importOf(sample);
const rows = rowsOf(sample);
const secrets = [
  "pass-1002-word",
  "Tr;unk$ecret9",
  "carol-secret-9",
  "4711",
  "7788",
  "3333",
  "9911",
  "hunter2-smtp",
  "prov-secret",
  "devpass",
];

describe("the sample", () => {
  it("becomes these documents", async () => {
    const documents = { account: imported.account, tenants: imported.tenants };
    await expect(`${JSON.stringify(documents, null, 2)}\n`).toMatchFileSnapshot("golden/documents.json");
  });

  it("leaves this report", async () => {
    await expect(csv(imported.findings)).toMatchFileSnapshot("golden/report.csv");
    await expect(summary(imported)).toMatchFileSnapshot("golden/summary.txt");
  });

  it("has its secrets in the documents and none in the report", () => {
    const said = csv(imported.findings) + summary(imported);
    for (const secret of secrets) expect(said).not.toContain(secret);
    expect(JSON.stringify(imported.tenants)).toContain("pass-1002-word");
  });

  it("reads the same from INSERTs as from COPY", () => {
    const quoted = (value: string | null) => (value === null ? "NULL" : `'${value.replaceAll("'", "''")}'`);
    const inserts = rows.map(({ table, values }) => {
      const listed = [...values.values()].map(quoted).join(", ");
      return `INSERT INTO ${table} (${[...values.keys()].join(", ")}) VALUES (${listed});`;
    });
    expect(importOf(inserts.join("\n"))).toEqual(imported);
  });

  it("has what each of the promised tables holds", () => {
    const promised =
      `v_domains v_extensions v_destinations v_ring_groups v_ring_group_destinations v_ivr_menus v_ivr_menu_options v_voicemails v_gateways
      v_call_center_queues v_call_center_agents v_call_center_tiers v_dialplans v_dialplan_details v_devices v_device_lines v_recordings v_conferences
      v_contacts v_contact_phones v_call_block v_call_flows v_follow_me v_follow_me_destinations v_domain_settings`.split(
        /\s+/,
      );
    for (const table of promised)
      expect(imported.tallies.find((tally) => tally.table === table)?.carried, table).toBeGreaterThan(0);
  });
});

/** Rows of the dump by table. */
const counts = (all: Cells[]): Map<string, number> => {
  const found = new Map<string, number>();
  for (const { table } of all) found.set(table, (found.get(table) ?? 0) + 1);
  return found;
};

/** Every row is carried or in the report, none is both, none is lost. */
function expectAllAccountedFor(all: Cells[], { findings, tallies }: typeof imported): void {
  const told = new Map(tallies.map(({ table, rows, carried }) => [table, { rows, carried }]));
  for (const [table, count] of counts(all)) {
    const refused = findings.filter((finding) => finding.table === table && finding.field === null);
    const left = refused.reduce((sum, finding) => sum + finding.count, 0);
    expect({ table, rows: told.get(table)?.rows, sum: (told.get(table)?.carried ?? 0) + left }).toEqual({
      table,
      rows: count,
      sum: count,
    });
  }
}

describe("nothing is lost", () => {
  it("every row of every table is carried or in the report", () => {
    expectAllAccountedFor(rows, imported);
    expect(imported.findings.filter(({ reason }) => reason === "nothing here takes it")).toEqual([]);
  });

  const configured = rows.filter(({ table }) => isRead(table));
  const before = JSON.stringify(importOfRows(configured));
  const refused = new Set(imported.findings.flatMap(({ field, uuid }) => (field === null && uuid ? [uuid] : [])));
  const isCarried = ({ values }: Cells) => ![...values.values()].some((value) => value !== null && refused.has(value));
  /** Order, statistics, what FusionPBX derives by itself, and what an older version of it wrote elsewhere: they may change unseen. */
  const free =
    /_order$|_parent_uuid$|^queue_name$|^destination_number_regex$|^call_block_count$|^date_added$|^phone_(label|primary)$|^voicemail_attach_file$|^device_(enabled_date|provisioned_.*)$|^dialplan_detail_(break|inline)$|^dialplan_(xml|destination|continue)$|^ivr_menu_digit_len$|_time_reached$|^ivr_menu_option_order$/;
  const tables = [...new Set(rows.map(({ table }) => table))].filter((table) =>
    imported.tallies.some((tally) => tally.table === table && tally.carried > 0 && !/setting/.test(table)),
  );

  it.each(tables)("a column of %s that says something is in a document or in the report", (table) => {
    const carried = new Set(configured.filter((row) => row.table === table && isCarried(row)));
    const others = (value: string | null | undefined) =>
      value === "t" ? ["f"] : value === "f" ? ["t"] : [value ? null : "4242", "zz", "t"];
    /** Whether anything shows when every row has another value there. */
    const seen = (column: string) =>
      [0, 1, 2].some((turn) => {
        let next = turn;
        const changed = configured.map((row) => {
          const choice = others(row.values.get(column));
          const other = choice[next++ % choice.length] ?? null;
          return carried.has(row) ? { table, values: new Map([...row.values, [column, other]]) } : row;
        });
        return JSON.stringify(importOfRows(changed)) !== before;
      });
    const columns = [...([...carried][0]?.values.keys() ?? [])].filter(
      (column) => !bookkeeping(table, column) && !free.test(column),
    );
    expect(columns.filter((column) => !seen(column))).toEqual([]);
  });

  it("whatever a dump holds, its rows are accounted for and its documents are whole", () => {
    fc.assert(
      fc.property(wounds, (hurt) => {
        const left = damaged(hurt);
        const found = importOfRows(left);
        expectAllAccountedFor(left, found);
        expect(found.tenants.flatMap(({ document }) => flawsOf(document, found.account))).toEqual([]);
      }),
      { numRuns: 30 },
    );
  });
});

describe("options", () => {
  it("one domain alone is carried, though it is switched off; the rows of the others say why not", () => {
    const found = importOf(sample, { country: "US", domains: ["OLD.example"] });
    expect(found.tenants.map(({ domain }) => domain)).toEqual(["old.example"]);
    expect(
      found.findings.filter(({ reason }) => reason === "the domain acme.example was not asked for").length,
    ).toBeGreaterThan(100);
    expectAllAccountedFor(rows, found);
  });

  it("a dump without domains says so", () => {
    expect(() => importOf("SELECT 1;\n")).toThrow(/no domains in it/);
  });
});
