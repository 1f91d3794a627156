// The HTTP side of mod_xml_curl: every lookup is a POST, and every one is answered: what we don't know, can't read or fail at is "not found".
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Documents } from "../../documents.ts";
import type { Runtime } from "../../runtime.ts";
import type { FreeswitchConfig } from "./config.ts";
import { answerConfiguration } from "./configuration.ts";
import { type AskCallBack, answerDialplan, type Present, type WrongPin } from "./dialplan.ts";
import { answerChannels, answerDirectory } from "./directory.ts";
import { type Fields, parse } from "./fields.ts";
import type { Front } from "./front.ts";
import { answerLanguages } from "./languages.ts";
import type { Legs } from "./legs.ts";
import type { People } from "./people.ts";
import type { Presence } from "./presence/presence.ts";
import type { Fresh } from "./sofia.ts";
import { notFound, type Xml } from "./xml.ts";

type Log = { error(detail: object, message: string): void };
export type Lookups = {
  documents: Documents;
  config: FreeswitchConfig;
  log: Log;
  fresh?: Fresh;
  remember?: Runtime["remember"];
  legs?: Legs;
  present?: Present;
  people?: People;
  askCallBack?: AskCallBack;
  wrongPin?: WrongPin;
  presence?: Pick<Presence, "watch" | "mayUse">;
  front?: Front;
};

/** FreeSWITCH's largest, a dialplan lookup of a call with many headers, is some 10 KB. */
const maxBytes = 256 * 1024;

/** The reply to one lookup's body; what it sets is on disk when it returns, or it is "not found". Never throws. */
export function reply(body: string, lookups: Lookups): Xml {
  try {
    const fields = parse(body);
    const settings: Parameters<Runtime["remember"]>[] = [];
    const remember: Runtime["remember"] = (...setting) => void settings.push(setting);
    const wishes: Parameters<AskCallBack>[] = [];
    const askCallBack: AskCallBack = (...wish) => void wishes.push(wish);
    const wrong: Parameters<WrongPin>[] = [];
    const wrongPin: WrongPin = (...one) => void wrong.push(one);
    const xml = fields && lookups.documents.at(() => dispatch(fields, { ...lookups, remember, askCallBack, wrongPin }));
    for (const setting of settings) lookups.remember?.(...setting);
    for (const wish of wishes) lookups.askCallBack?.(...wish);
    for (const one of wrong) lookups.wrongPin?.(...one);
    return xml ?? notFound;
  } catch (error) {
    lookups.log.error({ error }, "a lookup failed");
    return notFound;
  }
}

function dispatch(fields: Fields, lookups: Lookups): Xml | undefined {
  const { documents, config, fresh, remember, legs, present, people, askCallBack, wrongPin, presence, front } = lookups;
  switch (fields.get("section")) {
    case "dialplan":
      return answerDialplan(
        fields,
        documents,
        config,
        new Date(),
        remember,
        legs,
        present,
        people,
        askCallBack,
        wrongPin,
        front,
      );
    case "directory":
      return answerDirectory(fields, documents, config, presence, present, front);
    case "configuration":
      return answerConfiguration({ config, fields, documents, ...(fresh && { fresh }), ...(presence && { presence }) });
    case "languages":
      return answerLanguages(fields, config);
    case "channels":
      return answerChannels;
    default:
      // `chatplan` with the rest: messages between phones are refused
      return undefined;
  }
}

/** Answers FreeSWITCH. Always 200, as any other status makes it log an error with the whole request. */
export function answer(lookups: Lookups, request: IncomingMessage, response: ServerResponse): void {
  const chunks: Buffer[] = [];
  let size = 0;
  request.on("data", (chunk: Buffer) => {
    size += chunk.length;
    if (size <= maxBytes) chunks.push(chunk);
  });
  request.on("error", () => response.destroy());
  request.on("end", () => {
    const first = chunks[0];
    const body =
      size > maxBytes || !first ? "" : (chunks.length === 1 ? first : Buffer.concat(chunks)).toString("latin1");
    // as a string: node sends it with the head in one piece
    const text = body ? reply(body, lookups) : notFound;
    const length = Buffer.byteLength(text, "utf8");
    response.writeHead(200, { "content-type": "text/xml; charset=utf-8", "content-length": length });
    // ASCII alone, as most are, is the same bytes in both
    response.end(text, length === text.length ? "latin1" : "utf8");
  });
}
