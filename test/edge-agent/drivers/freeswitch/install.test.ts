import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { install } from "../../../../edge-agent/drivers/freeswitch/install.ts";
import { findFreeswitch, missingModules, runFreeswitch } from "../../../../edge-agent/drivers/freeswitch/run.ts";
import { freeswitchConfig } from "../../../support/freeswitch-config.ts";
import { preprocess } from "./preprocessor.ts";
import { read } from "./requests.ts";

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "dp-install-"));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const installation = (more: Partial<Parameters<typeof install>[0]["config"]> = {}) => ({
  dir: join(dir, "conf"),
  config: freeswitchConfig(dir, { esl: { host: "127.0.0.1", port: 8021, password: "generated" }, ...more }),
  edgePort: 9180,
  switchname: "edge-1",
  rtp: { start: 16_384, end: 32_768 },
});
const conf = (file: string) => readFileSync(join(dir, "conf", file), "utf8");

it("writes a folder that only its owner reads, with nothing else in it but values of this host", () => {
  install(installation());
  expect(readdirSync(join(dir, "conf")).sort()).toEqual([
    "dialplane",
    "event_socket.xml",
    "fallback.xml",
    "freeswitch.xml",
    "lookup_fields.xml",
    "vars.xml",
  ]);
  expect(statSync(join(dir, "conf/vars.xml")).mode & 0o777).toBe(0o600);
  expect(read(conf("event_socket.xml")).params).toMatchObject({ "listen-ip": "127.0.0.1", password: "generated" });
  expect(conf("vars.xml")).not.toContain("generated");
  const used = [...conf("freeswitch.xml").matchAll(/\$\$\{(\w+)\}/g)].map(([, name]) => name);
  for (const name of used) expect(conf("vars.xml")).toContain(`data="${name}=`);
});

it("writes a configuration that is well-formed once FreeSWITCH has read it", () => {
  install(installation());
  const text = conf("freeswitch.xml")
    .replace(/<X-PRE-PROCESS [^>]*fallback[^>]*>/, conf("fallback.xml"))
    .replace(/<X-PRE-PROCESS [^>]*>/g, "");
  const parsed = read(preprocess(text));
  const names = parsed.all("configuration").map(({ name }) => name);
  expect(names).toEqual(
    expect.arrayContaining([
      "switch.conf",
      "modules.conf",
      "xml_curl.conf",
      "sofia.conf",
      "voicemail.conf",
      "acl.conf",
    ]),
  );
  expect(new Set(names).size).toBe(names.length);
  expect(conf("freeswitch.xml")).not.toMatch(/ClueCon|password" value="[^$]/);
});

it("can be written again over its own", () => {
  install(installation());
  install({ ...installation(), edgePort: 9999 });
  expect(conf("vars.xml")).toContain("dp_edge_port=9999");
});

it("never touches a configuration that is somebody else's", () => {
  mkdirSync(join(dir, "conf"));
  writeFileSync(join(dir, "conf/freeswitch.xml"), "theirs");
  expect(() => install(installation())).toThrow(/did not write/);
  expect(readdirSync(join(dir, "conf"))).toEqual(["freeswitch.xml"]);
  expect(conf("freeswitch.xml")).toBe("theirs");
});

it.each(['a"/><evil', "$${x}", "a\nb", ""])("refuses a value that the configuration can't hold: %j", (switchname) => {
  const folder = { ...installation(), switchname };
  expect(() => install(folder)).toThrow("dp_switchname");
});

it("holds any password of the event socket, and refuses none", () => {
  const esl = { host: "127.0.0.1", port: 8021, password: 'a"<$${x}&x-pre-process' };
  install(installation({ esl }));
  expect(read(preprocess(conf("event_socket.xml"))).params.password).toBe(esl.password);
  expect(() => install(installation({ esl: { ...esl, password: "" } }))).toThrow("password");
});

it("finds the program that it is given, and no other in its place", () => {
  expect(findFreeswitch(join(dir, "missing"))).toBeUndefined();
  writeFileSync(join(dir, "freeswitch"), "");
  expect(findFreeswitch(join(dir, "freeswitch"))).toBe(join(dir, "freeswitch"));
});

it("names the modules that are missing, and starts nothing then", async () => {
  install(installation());
  const program = join(dir, "bin/freeswitch");
  mkdirSync(join(dir, "bin"));
  mkdirSync(join(dir, "lib/freeswitch/mod"), { recursive: true });
  writeFileSync(program, "#!/bin/sh\ntouch started\n");
  chmodSync(program, 0o755);
  for (const name of ["commands", "sofia", "voicemail"])
    writeFileSync(join(dir, `lib/freeswitch/mod/mod_${name}.so`), "");
  const missing = missingModules(program, join(dir, "conf"));
  expect(missing).toContain("mod_json_cdr");
  expect(missing).not.toContain("mod_sofia");
  const options = {
    program,
    confDir: join(dir, "conf"),
    dataDir: join(dir, "data"),
    esl: { host: "127.0.0.1", port: 1 },
  };
  await expect(runFreeswitch(options)).rejects.toThrow(/lacks .*mod_json_cdr/);
  expect(readdirSync(dir)).not.toContain("data");
});
