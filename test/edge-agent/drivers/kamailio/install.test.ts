import { mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { parseConfig } from "../../../../edge-agent/config.ts";
import { install } from "../../../../edge-agent/drivers/kamailio/install.ts";
import { temporaryFolder } from "../../../support/folder.ts";

const configFor = (more: Record<string, string> = {}) =>
  parseConfig({ ENGINE: "kamailio", DATA_DIR: temporaryFolder(), SIP_ADDRESS: "192.0.2.1", ...more }, []).kamailio;

test("this host's values stand beside the shipped configuration, for its user alone, and its secrets stay", () => {
  const config = configFor({ EXTERNAL_ADDRESS: "203.0.113.1", FRONT_ADDRESS: "10.0.0.1" });
  install(config);
  const host = readFileSync(join(config.dir, "host.cfg"), "utf8");
  expect(host).toContain('listen=udp:192.0.2.1:5060 advertise 203.0.113.1:5060 name "phones"');
  expect(host).toContain('listen=udp:10.0.0.1:5062 name "front"');
  expect(host).not.toContain("WITH_TLS");
  for (const name of ["host.cfg", "tables.db", "location.db", "events.secret"])
    expect(statSync(join(config.dir, name)).mode & 0o777).toBe(0o600);
  install(config);
  expect(readFileSync(join(config.dir, "host.cfg"), "utf8")).toBe(host);
});

test.each([
  ["SIP_ADDRESS", "pbx.example"],
  ["FRONT_ADDRESS", "front"],
  ["EXTERNAL_ADDRESS", "a\nlisten=udp:0.0.0.0"],
  ["KAMAILIO_DIR", "/tmp/a b!c"],
])("%s=%o can't stand in a configuration, and says so", (name, value) => {
  expect(() => install(configFor({ [name]: value }))).toThrow(name);
});

test("a configuration that others wrote is left alone", () => {
  const config = configFor();
  mkdirSync(config.dir, { recursive: true });
  writeFileSync(join(config.dir, "kamailio.cfg"), "#!KAMAILIO\n");
  expect(() => install(config)).toThrow("KAMAILIO_DIR");
  expect(readFileSync(join(config.dir, "kamailio.cfg"), "utf8")).toBe("#!KAMAILIO\n");
});

test("a certificate needs its key", () => {
  expect(() => configFor({ KAMAILIO_CERTIFICATE: "/a" })).toThrow("KAMAILIO_KEY");
});
