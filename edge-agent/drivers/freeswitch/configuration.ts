// Configuration lookups: a table of FreeSWITCH's `*.conf`. The static fall-backs are written from the same table, without documents.
import type { Documents } from "../../documents.ts";
import { callcenter } from "./callcenter/settings.ts";
import { conferences } from "./conference.ts";
import type { FreeswitchConfig } from "./config.ts";
import type { Fields } from "./fields.ts";
import { presenceMap } from "./presence/map.ts";
import type { Presence } from "./presence/presence.ts";
import { type Fresh, sofia } from "./sofia.ts";
import { voicemailProfiles } from "./voicemail-profiles.ts";
import { document, element, params, type Xml } from "./xml.ts";

type Context = {
  config: FreeswitchConfig;
  fields: Fields;
  documents?: Documents;
  fresh?: Fresh;
  presence?: Pick<Presence, "watch">;
};

const tables: Record<string, (context: Context) => Xml[]> = {
  "sofia.conf": ({ config, fields, documents, fresh }) => sofia(config, fields, documents, fresh),
  "voicemail.conf": ({ config }) => [element("settings", {}, []), element("profiles", {}, voicemailProfiles(config))],
  "conference.conf": ({ config, fields, documents }) => conferences(config, fields, documents),
  "ivr.conf": () => [element("menus", {}, [])],
  "presence_map.conf": ({ fields, documents, presence }) => presenceMap(fields, documents, presence),
  "callcenter.conf": ({ fields, documents }) => callcenter(documents?.queue(fields.get("CC-Queue") ?? "")),
  "fifo.conf": () => [
    element("settings", {}, params({ "delete-all-outbound-member-on-startup": true })),
    element("fifos", {}, []),
  ],
  "local_stream.conf": () => [],
  // no lists of our own: who a carrier is, the dialplan lookup decides
  "acl.conf": () => [element("network-lists", {}, [])],
  "hash.conf": () => [element("remotes", {}, [])],
  "httapi.conf": () => [element("settings", {}, []), element("profiles", {}, [])],
  "spandsp.conf": () => [element("fax-settings", {}, params({ "use-ecm": true, "file-prefix": "fax" }))],
};

export const names = Object.keys(tables);

/** One `*.conf`; undefined for one that we have nothing to say about: FreeSWITCH goes on with its defaults. */
export function answerConfiguration(context: Context, name = context.fields.get("key_value") ?? ""): Xml | undefined {
  const table = Object.hasOwn(tables, name) ? tables[name] : undefined;
  return table && document("configuration", [configuration(name, table(context))]);
}

export const configuration = (name: string, body: Xml[]): Xml => element("configuration", { name }, body);

/** One `*.conf` without documents, for the static fall-back. */
export const fallback = (config: FreeswitchConfig, name: string): Xml =>
  configuration(name, tables[name]?.({ config, fields: new Map() }) ?? []);
