// In which language a leg is spoken to: by FreeSWITCH itself, and by the sounds that we name.
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { soundsFor } from "../../../../edge-agent/drivers/freeswitch/languages.ts";
import { reply } from "../../../../edge-agent/drivers/freeswitch/lookup.ts";
import { freeswitchConfig } from "../../../support/freeswitch-config.ts";
import { createPbx } from "../../../support/pbx.ts";
import { body, dialled, fromCarrier, type Request, read } from "./requests.ts";

const root = mkdtempSync(join(tmpdir(), "dp-sounds-"));
afterAll(() => rmSync(root, { recursive: true }));
for (const folder of ["en/us/callie", "fr/ca/june", "fr/fr/sylvie", "de/de/anna"])
  mkdirSync(join(root, folder), { recursive: true });
const given = join(root, "en/us/callie");

it.each([
  ["en", "en/us/callie"],
  ["en-US", "en/us/callie"],
  ["fr", "fr/ca/june"],
  ["fr-FR", "fr/fr/sylvie"],
  ["fr-CH", "fr/ca/june"],
  ["de-AT", "de/de/anna"],
  ["ja", "en/us/callie"],
])("%s is said with the sounds of %s", (language, folder) => {
  expect(soundsFor(given, language)).toBe(join(root, folder));
});

describe("a leg is spoken to", () => {
  const { acme, documents } = createPbx();
  const config = freeswitchConfig("/", { soundsDir: given });
  const log = { error: () => expect.unreachable() };
  const answered = (request: Request) => read(reply(body(request), { documents, config, log }));
  acme.put("conference", "c", { name: "c", extensionNumber: "820", pin: acme.secret("4711") });
  acme.extension(1002, { language: "fr-FR" });
  acme.trunk(1, { host: "192.0.2.10" });
  acme.put("phone-number", "n", {
    number: "+15550100",
    destination: { kind: "conference", ref: acme.idOf("conference", "c") },
    language: "de",
  });
  const sounds = ({ actions }: ReturnType<typeof answered>) => actions.find((one) => one.startsWith("play_and")) ?? "";

  it("in his own extension's language, else the tenant's", () => {
    const french = answered(dialled(acme, "1002", "820"));
    expect(french.actions).toContain("set default_language=fr-FR");
    expect(sounds(french)).toContain("fr/fr/sylvie");
    const english = answered(dialled(acme, "1001", "820"));
    expect(english.actions.filter((one) => one.includes("default_language"))).toEqual([]);
    expect(sounds(english)).toContain("en/us/callie");
  });

  it("from outside, in that of the number he dialled", () => {
    const german = answered(fromCarrier("192.0.2.10", "+15550100"));
    expect(german.actions).toContain("set default_language=de");
    expect(sounds(german)).toContain("de/de/anna");
  });

  it("by voicemail in the same one", () => {
    const macro = { section: "languages", macro_name: "voicemail_record_message" };
    expect(reply(body({ ...macro, lang: "fr-FR" }), { documents, config, log })).toContain(join(root, "fr/fr/sylvie"));
    expect(reply(body({ ...macro, lang: "../fr" }), { documents, config, log })).toContain("not found");
  });
});
