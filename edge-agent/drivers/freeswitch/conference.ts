// Conferences: a caller joins a room, and what FreeSWITCH asks about the room (conference.conf) when he does.
import { join } from "node:path";
import { tenantOwner } from "../../../core/owner.ts";
import type { Resource } from "../../../core/registry.ts";
import type { Conference } from "../../../core/routing/conference.ts";
import type { Documents } from "../../documents.ts";
import { answered, expect, goOn, type Leg, run } from "./actions.ts";
import type { FreeswitchConfig } from "./config.ts";
import type { Fields } from "./fields.ts";
import { token } from "./inert.ts";
import { pageProfile } from "./page.ts";
import { hearing, musicOf } from "./sound.ts";
import { element, params, type Xml } from "./xml.ts";

/** Set by FreeSWITCH once the caller is in: without it the room was full (mod_conference.c, conference_function). */
export const joined = "conference_member_id";

/** The room is named by the conference's id, its profile by the tenant's too, so that the lookup knows whose it is. */
export function renderConference(leg: Leg, action: Conference): Xml[] {
  const room = token(action.conference);
  const flags = action.moderator ? "+flags{moderator}" : action.muted ? "+flags{mute}" : "";
  return [
    expect(action.otherwise),
    ...answered(leg),
    run("unset", joined),
    run("conference", `${room}@${token(leg.tenant)}.${room}${flags}`),
    goOn(leg, action.otherwise),
  ];
}

/** Every member may mute himself, as who comes in muted must be able to speak. */
const controls = element("caller-controls", {}, [
  element("group", { name: "default" }, [element("control", { action: "mute", digits: "0" })]),
]);

/** conference.conf. FreeSWITCH takes a room's settings when the first caller makes it: a change is live for the next room. */
export function conferences(config: FreeswitchConfig, fields: Fields, documents: Documents | undefined): Xml[] {
  const name = fields.get("profile_name") ?? "";
  const [, tenant = "", id = ""] = /^(ten_[0-9A-Z]{26})\.(cnf_[0-9A-Z]{26})$/.exec(name) ?? [];
  const document = documents?.config(tenantOwner(tenant));
  const room = document?.get("conference", id);
  const profiles = [profile("default", {}), profile(pageProfile, { "caller-controls": "none" })];
  if (document && room) {
    const heard = hearing(document, config, { leg: fields.get("Fetch-Call-UUID") ?? "" });
    const music = musicOf(room.body.musicOnHold, heard) ?? chord;
    profiles.push(profile(name, settingsOf(room, music, recordingOf(config, tenant, fields))));
  }
  return [controls, element("profiles", {}, profiles)];
}

const profile = (name: string, settings: Record<string, string | number>): Xml =>
  element(
    "profile",
    { name },
    params({
      rate: 16000,
      interval: 20,
      "energy-level": 100,
      "comfort-noise": true,
      "caller-controls": "default",
      ...settings,
    }),
  );

/** What who is alone, or waits for a moderator, hears without music: FreeSWITCH begins it anew at its end. */
const chord = "tone_stream://v=-24;%(400,200,392);%(400,200,494);%(400,4000,587);loops=-1";

function settingsOf(
  { body }: Resource<"conference">,
  music: string,
  recording: string | undefined,
): Record<string, string | number> {
  return {
    "max-members": body.maxMembers,
    "moh-sound": music,
    ...(body.waitForModerator && { "conference-flags": "wait-mod" }),
    ...(body.sounds && {
      "enter-sound": "tone_stream://v=-16;%(120,20,523);%(160,20,784)",
      "exit-sound": "tone_stream://v=-16;%(120,20,784);%(160,20,523)",
    }),
    ...(body.recording && recording !== undefined && { "auto-record": recording }),
  };
}

/** A file for each room, named by the call that makes it. */
function recordingOf(config: FreeswitchConfig, tenant: string, fields: Fields): string | undefined {
  const uuid = fields.get("Fetch-Call-UUID") ?? "";
  return /^[0-9a-f-]{36}$/.test(uuid) ? join(config.recordingsDir, tenant, `${uuid}.conference.wav`) : undefined;
}
