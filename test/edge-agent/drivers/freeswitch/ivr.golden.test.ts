// What FreeSWITCH is told of what callers hear and type, letter for letter. `GOLDEN=write npm test` writes the files anew.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { reply } from "../../../../edge-agent/drivers/freeswitch/lookup.ts";
import { freeswitchConfig } from "../../../support/freeswitch-config.ts";
import { createPbx } from "../../../support/pbx.ts";
import { body, dialled, type Request } from "./requests.ts";

const folder = new URL("golden/", import.meta.url);
const dir = mkdtempSync(join(tmpdir(), "dp-ivr-"));
afterAll(() => rmSync(dir, { recursive: true }));
const words = freeswitchConfig("/", { promptsDir: dir, soundsDir: "/sounds/en/us/callie" });
const tones = freeswitchConfig("/", { promptsDir: dir });

const pbx = createPbx();
const { acme } = pbx;
const audio = { bytes: 1, contentType: "audio/wav" };
const [here, elsewhere] = ["a".repeat(64), "b".repeat(64)];
writeFileSync(join(dir, `${here}.wav`), "");
acme.put("prompt", "here", { name: "here", audio: { ...audio, sha256: here } });
acme.put("prompt", "elsewhere", { name: "elsewhere", audio: { ...audio, sha256: elsewhere } });
const menu = (name: string, number: string, prompt: string) =>
  acme.put("menu", name, {
    ...{ name, extensionNumber: number, greeting: acme.idOf("prompt", prompt) },
    options: [{ digits: "1", destination: { kind: "hangup", cause: "busy" } }],
  });
menu("here", "700", "here");
menu("there", "701", "elsewhere");
acme.put("announcement", "a", {
  name: "a",
  extensionNumber: "710",
  prompt: acme.idOf("prompt", "here"),
  answer: false,
});
acme.put("directory", "d", { name: "d", extensionNumber: "411" });
acme.extension(1004, { displayName: "Bob Marley" });
acme.put("music-on-hold", "m", { name: "m", prompts: [acme.idOf("prompt", "elsewhere"), acme.idOf("prompt", "here")] });
acme.put("conference", "c", {
  ...{ name: "c,${x}|y", extensionNumber: "800", pin: acme.secret("4711"), moderatorPin: acme.secret("9999") },
  ...{
    muteOnEntry: true,
    waitForModerator: true,
    recording: true,
    maxMembers: 7,
    musicOnHold: acme.idOf("music-on-hold", "m"),
  },
});

const [room, all] = [acme.idOf("conference", "c"), acme.idOf("directory", "d")];
const next = (node: string, digits: string, more: Request = {}): Request => {
  const known = {
    variable_dp_node: node,
    variable_dp_step: "collect",
    variable_dp_dialled: "700",
    "Answer-State": "answered",
  };
  return dialled(acme, "1001", `dp-${node}`, { ...known, ...(digits && { variable_dp_digits: digits }), ...more });
};
const asked = (more: Request): Request => ({ section: "configuration", key_value: "conference.conf", ...more });
const uuid = "0d5f6d4c-0000-4000-8000-000000000001";
const lookups: Record<string, [Request, typeof words]> = {
  "menu-prompt": [dialled(acme, "1001", "700"), words],
  "menu-prompt-elsewhere": [dialled(acme, "1001", "701"), words],
  "menu-wrong": [next(`menu.${acme.idOf("menu", "here")}.1`, "9"), words],
  "announcement-early": [dialled(acme, "1001", "710"), words],
  "directory-offer": [next(`directory.${all}.1`, "26"), words],
  "directory-offer-tones": [next(`directory.${all}.1`, "26"), tones],
  "conference-pin": [dialled(acme, "1001", "800"), words],
  "conference-muted": [next(`conference.${room}.pin.1`, "4711"), words],
  "conference-moderator": [next(`conference.${room}.pin.1`, "9999"), words],
  "conference-full": [next(`conference.${room}.in`, "", { variable_dp_step: "conference" }), tones],
  "conference-left": [
    next(`conference.${room}.in`, "", { variable_dp_step: "conference", variable_conference_member_id: "5" }),
    tones,
  ],
  "conference-room": [
    asked({ conference_name: room, profile_name: `${acme.id}.${room}`, "Fetch-Call-UUID": uuid }),
    words,
  ],
  "conference-stranger": [
    asked({ conference_name: room, profile_name: `${pbx.globex.id}.${room}`, "Fetch-Call-UUID": "../x" }),
    words,
  ],
};

describe("FreeSWITCH is told exactly", () => {
  it.each(Object.entries(lookups))("%s", (name, [request, config]) => {
    const log = { error: () => expect.unreachable() };
    const xml = reply(body(request), { documents: pbx.documents, config, log }).replaceAll(dir, "/prompts");
    const file = new URL(`${name}.xml`, folder);
    if (process.env.GOLDEN === "write") {
      mkdirSync(folder, { recursive: true });
      writeFileSync(file, xml);
    }
    expect(xml).toBe(readFileSync(file, "utf8"));
  });
});
