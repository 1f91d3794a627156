// What Kamailio's tables say, letter for letter, after each of a tenant's changes; and that the way there does not matter.
import { createHash } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Change } from "../../../../edge-agent/driver.ts";
import { openTables } from "../../../../edge-agent/drivers/kamailio/tables.ts";
import { allCarriers, endedBy, tenantRows, wantedBy } from "../../../../edge-agent/drivers/kamailio/wanted.ts";
import { createPbx, idOf } from "../../../support/pbx.ts";

function stand() {
  const pbx = createPbx();
  const tables = openTables(":memory:");
  const state = { documents: pbx.documents, tables, placed: () => ({ home: 1, standby: 2 }) };
  const write = (rows: ReturnType<typeof wantedBy>) => tables.write(rows);
  const { acme, globex } = pbx;
  for (const { owner } of [acme, globex]) write(tenantRows(owner, state));
  const apply = (owner: typeof acme.owner, changes: Change[]) => write(wantedBy(owner, changes, state));
  const all = () =>
    (["cred", "tenant", "did", "carrier"] as const).flatMap((table) =>
      tables.page(table, "", 1000).map(({ key, value }) => `${table} ${key} => ${value}`),
    );
  return { pbx, acme, globex, tables, state, apply, all };
}

describe("Kamailio's tables", () => {
  it("have each device's HA1, each tenant's home, its numbers and its carriers", () => {
    const { pbx, acme, apply, all } = stand();
    apply(acme.owner, acme.extension(1001, { enabled: false }));
    apply(acme.owner, acme.noExtension(1002));
    apply(acme.owner, acme.noExtension(1003));
    apply(acme.owner, acme.number("+12025550100", null));
    apply(acme.owner, acme.put("limits", "l", { by: acme.id, plan: null, callsPerSecond: 5 }));
    apply(
      pbx.account.owner,
      pbx.sharedTrunk(1, { host: "192.0.2.9", inboundAddresses: ["198.51.100.0/24", "2001:DB8::1"] }),
    );
    expect(all().filter((row) => !row.includes("globex"))).toEqual([
      `cred 1001@acme.test => ${createHash("md5").update("1001:acme.test:pw-1-1001").digest("hex")};0`,
      `tenant acme.test => ${acme.id};1;2;112,911;T#${acme.id}=5`,
      "did +12025550100 => acme.test",
      "did US:2025550100 => acme.test",
      "carrier 192.0.2.9 => US",
      "carrier 2001:db8:0:0:0:0:0:1 => US",
      "carrier country#1 => US",
      "carrier networks#1 => 198.51.100.0/24",
    ]);
  });

  it("lose what a tenant had when it is gone, moves to another domain, or disables a trunk", () => {
    const { acme, apply, all, tables } = stand();
    apply(acme.owner, acme.trunk(1, { host: "192.0.2.9", inboundAddresses: ["198.51.100.0/24"] }));
    apply(acme.owner, acme.trunk(1, { host: "192.0.2.9", inboundAddresses: ["198.51.100.0/24"], enabled: false }));
    expect(tables.count("carrier")).toBe(0);
    apply(acme.owner, acme.settings({ domain: "acme.example" }));
    expect(all().filter((row) => row.includes("acme.test"))).toEqual([]);
    expect(tables.get("tenant", "acme.example")).toContain(acme.id);
  });

  it("follow a tenant to another country with its carriers", () => {
    const { acme, apply, tables } = stand();
    apply(acme.owner, acme.trunk(1, { host: "192.0.2.9" }));
    apply(acme.owner, acme.settings({ country: "DE" }));
    expect(tables.get("carrier", "192.0.2.9")).toBe("DE");
  });

  it("end the registration of a phone whose device, password or domain changed, and of no other", () => {
    const { pbx, acme } = stand();
    const ended = (changes: Change[]) =>
      endedBy(acme.owner, changes, pbx.documents).map(({ username, domain }) => `${username}@${domain}`);
    expect(ended(acme.extension(1001, { password: "pw-1-1001" }))).toEqual(["1001@acme.test"]);
    expect(ended(acme.number("+12025550101", null))).toEqual([]);
    expect(ended(acme.noExtension(1002))).toEqual(["1002@acme.test"]);
    expect(ended(acme.settings({ domain: "acme.example" })).sort()).toEqual(["1001@acme.test", "1003@acme.test"]);
  });

  it("are after any changes what a fresh reading of the documents gives", () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ what: fc.nat(6), n: fc.integer({ min: 0, max: 2 }) }), { maxLength: 12 }),
        (steps) => {
          const { pbx, acme, globex, apply, all, tables, state } = stand();
          for (const { what, n } of steps) {
            const one = n === 0 ? globex : acme;
            if (what === 0) apply(one.owner, one.extension(1001 + n, { password: `p${n}`, enabled: n < 2 }));
            if (what === 1) apply(one.owner, one.noExtension(1001 + n));
            if (what === 2) apply(one.owner, one.number(`+1202555010${n}`, null));
            if (what === 3)
              apply(
                one.owner,
                one.trunk(n, {
                  name: `t${n}`,
                  host: `192.0.2.${n}`,
                  inboundAddresses: [`198.51.${n}.0/24`],
                  enabled: n !== 1,
                }),
              );
            if (what === 4) apply(one.owner, one.noTrunk(n));
            if (what === 5) apply(one.owner, one.settings({ domain: `d${n}.test`, country: n === 2 ? "DE" : "US" }));
            if (what === 6) apply(pbx.account.owner, pbx.sharedTrunk(9, { host: `203.0.113.${n}` }));
          }
          const fresh = openTables(":memory:");
          fresh.write([acme, globex].flatMap(({ owner }) => tenantRows(owner, { ...state, tables: fresh })));
          fresh.write(allCarriers(pbx.documents));
          const now = all();
          for (const table of ["cred", "tenant", "did", "carrier"] as const)
            expect(tables.page(table, "", 1000)).toEqual(fresh.page(table, "", 1000));
          expect(now.length).toBeGreaterThan(0);
        },
      ),
      { numRuns: 60 },
    );
  });

  it("name no tenant of which there is none", () => {
    const { state } = stand();
    expect(tenantRows(`T#${idOf("ten", 77)}`, state)).toEqual([]);
  });
});
