import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { ConfigError, parseConfig } from "../../edge-agent/config.ts";
import { temporaryFolder } from "../support/folder.ts";

test("what is not said has a default, and an empty variable counts as not said", () => {
  const config = parseConfig({ EDGE_PORT: "", CONTROL_URL: "" }, []);
  expect(config).toMatchObject({
    port: 9180,
    controlUrl: undefined,
    sip: null,
    joining: false,
    freeswitch: { esl: { host: "127.0.0.1", port: 8021, password: "" } },
  });
});

test("browsers are told where they reach this host: by TLS, and without it only on the very machine that has no certificate", () => {
  const told = (env: Record<string, string>) => parseConfig({ SIP_ADDRESS: "192.0.2.1", ...env }, []).webSocket;
  const certificate = { WSS_CERTIFICATE: "/c.pem", WSS_KEY: "/k.pem" };
  expect(told({})).toBe("wss://192.0.2.1:7443");
  expect(told({ SIP_ADDRESS: "2001:db8::1", WSS_PORT: "443" })).toBe("wss://[2001:db8::1]:443");
  expect(told({ WS_PORT: "5066" })).toBe("ws://127.0.0.1:5066");
  expect(told({ WS_PORT: "5066", ...certificate })).toBe("wss://192.0.2.1:7443");
  expect(told({ WSS_URL: "wss://sip.acme.example:7443", WSS_PORT: "0" })).toBe("wss://sip.acme.example:7443");
  expect(told({ WSS_PORT: "0" })).toBe(null);
  expect(told({ ENGINE: "kamailio" })).toBe(null);
  expect(told({ ENGINE: "kamailio", KAMAILIO_TLS_PORT: "5061" })).toBe("wss://192.0.2.1:7443");
  expect(() => told({ WSS_KEY: "/k.pem" })).toThrow(/WSS_CERTIFICATE/);
});

test.each([
  ["WSS_URL", "https://sip.acme.example"],
  ["EDGE_PORT", "many"],
  ["EDGE_PORT", "70000"],
  ["CONTROL_URL", "pbx.example"],
  ["CONTROL_URL", "ftp://pbx.example"],
  ["SIP_TRANSPORT", "sctp"],
  ["ESL_PORT", "-1"],
  ["LOG_LEVEL", "loud"],
  ["ESL_PASSWORD_FILE", "/nowhere/at/all"],
  ["ENGINE", "asterisk"],
  ["KAMAILIO_WORKERS", "0"],
])("%s=%s fails with the variable's name", (name, value) => {
  expect(() => parseConfig({ [name]: value }, [])).toThrow(ConfigError);
  expect(() => parseConfig({ [name]: value }, [])).toThrow(name);
});

test("phones and browsers are told the address that NAT gives the host, the hosts of its pool the one that it has", () => {
  const config = parseConfig({ SIP_ADDRESS: "10.0.0.5", EXTERNAL_ADDRESS: "203.0.113.5" }, []);
  expect(config).toMatchObject({
    sip: { server: "203.0.113.5", port: 5060 },
    webSocket: "wss://203.0.113.5:7443",
    front: { address: "10.0.0.5", port: 5062 },
    freeswitch: { sipAddress: "10.0.0.5", externalAddress: "203.0.113.5" },
  });
});

test("--join names the control plane and the token, before the environment", () => {
  const config = parseConfig({ CONTROL_URL: "https://old.example" }, ["--join", "https://pbx.example/", "token"]);
  expect(config).toMatchObject({ controlUrl: "https://pbx.example", joinToken: "token", joining: true });
  expect(() => parseConfig({}, ["--join", "https://pbx.example"])).toThrow("--join");
});

test("systemd's state folder is the agent's own unless another is given, and passwords may be in files", () => {
  const file = join(temporaryFolder(), "esl");
  writeFileSync(file, "secret\n");
  const config = parseConfig(
    { STATE_DIRECTORY: "/var/lib/dialplane-edge", ESL_PASSWORD_FILE: file, SIP_ADDRESS: "192.0.2.1" },
    [],
  );
  expect(config).toMatchObject({
    dataDir: "/var/lib/dialplane-edge",
    sip: { server: "192.0.2.1", port: 5060, transport: "udp" },
    freeswitch: { esl: { password: "secret" }, cdrDir: "/var/lib/dialplane-edge/cdr" },
  });
  expect(parseConfig({ STATE_DIRECTORY: "/a", DATA_DIR: "/b" }, []).dataDir).toBe("/b");
});
