// The command line's verbs on certificates, against a control plane with a DNS zone.
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Cli, cliWith } from "../support/cli.ts";
import { newTenant, type TestControl, testControl } from "../support/control.ts";
import { createZone } from "../support/dns.ts";

const { zone, aliases } = createZone();
let control: TestControl;
let cli: Cli;
beforeAll(async () => {
  control = await testControl({ zone });
  cli = cliWith({ HOME: control.dataDir, DIALPLANE_URL: control.url, DIALPLANE_API_KEY: control.key });
});
afterAll(() => control.stop());

const told = async (args: string[]): Promise<string> => {
  const ended = await cli(args);
  expect(ended.code, `${args.join(" ")}\n${ended.stderr}`).toBe(0);
  return ended.stdout;
};

test("a tenant's own domain in its hosts' certificates is told of, asked for once its DNS has the record, and left out again", async () => {
  const { domain, id } = await newTenant(control, { domain: "sip.own.example" });
  const record = `_acme-challenge.${id.slice(4).toLowerCase()}.tenants.sip.example`;
  const asks = ["certificate", "ask", "--tenant", domain];
  expect(await told(["certificate", "-t", domain])).toBe(
    `${domain} is unproven\nPublish the record: _acme-challenge.${domain} CNAME ${record}, then ask for the certificate.\n`,
  );
  expect(await cli(asks)).toMatchObject({ code: 4, stderr: expect.stringContaining(record) });
  aliases.set(`_acme-challenge.${domain}`, record);
  expect(JSON.parse(await told([...asks, "--json"]))).toMatchObject({ domain, state: "asked" });
  await told(["certificate", "leave", "-t", domain]);
  expect(await told(["certificate", "-t", domain])).toMatch(/is proven\nAsk for the certificate\.\n/);
});
