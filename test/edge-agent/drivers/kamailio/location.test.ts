import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { located, openLocation } from "../../../../edge-agent/drivers/kamailio/location.ts";

describe("registrations that Kamailio wrote down", () => {
  const dir = mkdtempSync(join(tmpdir(), "dp-location-"));
  afterAll(() => rmSync(dir, { recursive: true, force: true }));

  it("are read while it writes, and keep it from nothing", () => {
    const file = join(dir, "location.db");
    const kamailio = openLocation(file);
    const now = Math.floor(Date.now() / 1000);
    const insert = kamailio.prepare(
      "insert into location (ruid, username, domain, contact, expires, cflags) values (?, '1001', 'acme.test', ?, ?, 512)",
    );
    insert.run("a", "sip:a@192.0.2.1", now + 60);
    insert.run("b", "sip:b@192.0.2.1", now - 60);
    kamailio.exec("begin immediate");
    insert.run("c", "sip:c@192.0.2.1", now + 60);
    expect(located(file)).toEqual([
      {
        ...{ username: "1001", domain: "acme.test", contact: "sip:a@192.0.2.1", received: null, userAgent: "" },
        ...{ expires: now + 60, at: 2 },
      },
    ]);
    kamailio.exec("commit");
    expect(located(file).map(({ contact }) => contact)).toEqual(["sip:a@192.0.2.1", "sip:c@192.0.2.1"]);
    kamailio.close();
    // also when nobody has it open
    expect(located(file)).toHaveLength(2);
  });
});
