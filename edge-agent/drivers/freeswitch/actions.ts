// The words in which a leg is told what to do: FreeSWITCH's dialplan applications, and what every answer of ours sets.
import { exact, token } from "./inert.ts";
import type { Host } from "./phone.ts";
import { variables } from "./variables.ts";
import type { Xml } from "./xml.ts";

/** What is known of the calling leg. `context` is where it is now, `domain` the context of its tenant. */
export type Leg = {
  uuid: string;
  /** When the leg began, in microseconds; digits. */
  createdUs?: string | undefined;
  tenant: string;
  domain: string;
  context: string;
  /** The Kamailio host through which phones are reached; undefined: they are registered here. */
  through?: Host | undefined;
  /** It just came from a Kamailio host: what FreeSWITCH is to be told of it (front.ts). */
  entered?: Readonly<Record<string, string>> | undefined;
  from: string | undefined;
  trunk: string | undefined;
  dialled: string;
  /** The phone number that a caller from outside dialled, in E.164. */
  did: string | undefined;
  /** How often routing has gone on. */
  hops: number;
  answered: boolean;
  /** The A leg of the call that it is about to take. */
  takes: string | undefined;
  /** Whether it waited in a slot. */
  wasParked: boolean;
  /** Whether the last step left digits behind: they may be a PIN. */
  typed: boolean;
  /** It came over a trunk that has room for so many calls only. */
  counts?: boolean;
  /** We called it back, as it had waited in a queue. */
  calledBack: boolean;
  /** Codes are bound that its phone may type while it talks. */
  bound: boolean;
  /** It has the variable `carried` already. */
  carries: boolean;
  /** What to write down of the way so far (way.ts); undefined: nothing new. */
  way?: string | undefined;
};

/** `application` is a word of ours, `data` may be anything. */
export const run = (application: string, data?: string): Xml =>
  data === undefined
    ? `<action application="${application}"/>`
    : `<action application="${application}" data="${exact(data)}"/>`;
export const set = (name: string, value: string): Xml => run("set", `${name}=${value}`);
/** On this leg and on the legs it makes. */
export const share = (name: string, value: string): Xml => run("export", `${name}=${value}`);
/** Only on the legs it makes. */
export const hand = (name: string, value: string): Xml => run("export", `nolocal:${name}=${value}`);

/** Where a node is dialled. */
export const nodeNumber = (node: string): string => `dp-${token(node)}`;

/** The channel itself must know the node, so that nobody can dial his way to one. To be set before what may end. */
export const expect = (node: string): Xml => set(variables.node, token(node));
/** Routing goes on at the node. */
export const goOn = (leg: Leg, node: string): Xml => run("transfer", `${nodeNumber(node)} XML ${token(leg.domain)}`);

/** Answers a leg that is not yet. The first words are lost on phones that open their audio late. */
export const answered = (leg: Leg): Xml[] => (leg.answered ? [] : [run("answer"), run("sleep", "300")]);
