// Every key of the table. The owner is always in it; nothing else in the code spells a key.
import { hash } from "node:crypto";
import type { Owner } from "../core/owner.ts";
import type { Key } from "./store/store.ts";

const padded = (revision: number): string => String(revision).padStart(12, "0");

export const head = (owner: Owner): Key => ({ pk: owner, sk: "HEAD" });
export const dataKey = (owner: Owner): Key => ({ pk: owner, sk: "KEY" });
export const resource = (owner: Owner, kind: string, id: string): Key => ({ pk: owner, sk: `R#${kind}#${id}` });
export const resources = (kind?: string): string => (kind === undefined ? "R#" : `R#${kind}#`);
/** That a document below refers to what an account has; and when that was begun last. */
export const borrower = (owner: Owner, kind: string, id: string, by: Owner): Key => ({
  pk: owner,
  sk: `${borrowers(kind, id)}${by}`,
});
export const borrowers = (kind: string, id: string): string => `LENT#${kind}#${id}#`;
export const lending = (owner: Owner, kind: string, id: string): Key => ({ pk: owner, sk: `LENDING#${kind}#${id}` });
/** The same with who refers to it. */
export const borrowed = (by: Owner, from: Owner, kind: string, id: string): Key => ({
  pk: by,
  sk: `${allBorrowed}${from}#${kind}#${id}`,
});
export const allBorrowed = "BORROWED#";
/** A claim on a value that is unique in the document: `1001`, or `<kind>#<key>`. */
export const claim = (owner: Owner, value: string): Key => ({ pk: owner, sk: `N#${value}` });
export const claims = "N#";
/** How much there is of what is limited below an account, itself included. */
export const counter = (owner: Owner): Key => ({ pk: owner, sk: "COUNT" });
/** Who has a plan, by whose word. */
export const planUser = (plan: string, on: Owner, by: string): Key => ({ pk: planUsers(plan), sk: `${on}#${by}` });
export const planUsers = (plan: string): string => `PLAN#${plan}`;
export const change = (owner: Owner, revision: number, part = 0): Key => ({
  pk: owner,
  sk: `C#${padded(revision)}#${String(part).padStart(3, "0")}`,
});
export const changesFrom = (revision: number): string => `C#${padded(revision)}`;
export const outbox = (owner: Owner, revision: number): Key => ({ pk: owner, sk: `X#${padded(revision)}` });
/** What the sort keys of outbox items begin with, and no others do. */
export const outboxes = "X#";
export const secrets = "S#";
export const secret = (owner: Owner, ref: string): Key => ({ pk: owner, sk: `S#${ref}` });
export const placement = (owner: Owner, pool: string): Key => ({ pk: owner, sk: `P#${pool}` });
export const placements = "P#";
/** The pool of a placement, by its sort key. */
export const placedOn = (sk: string): string => sk.slice(placements.length);
export const acknowledgements = "E#";
export const acknowledged = (owner: Owner, edge: string): Key => ({ pk: owner, sk: `E#${edge}` });
/** What an owner holds next to its document: `TENANT`, `ACCOUNT`, `POOL`, `EDGE`, `APIKEY`, `MEMBER`, `WEBHOOK` … */
export const child = (owner: Owner, what: string, id: string): Key => ({ pk: owner, sk: `H#${what}#${id}` });
export const children = (what: string): string => `H#${what}#`;
/** The lease of a large change (document/large.ts), and what it writes, in parts. */
export const lease = (owner: Owner): Key => ({ pk: owner, sk: "LEASE" });
export const manifest = (owner: Owner, part: number): Key => ({
  pk: owner,
  sk: `${manifests}${String(part).padStart(3, "0")}`,
});
export const manifests = "G#";
export const job = (id: string): Key => ({ pk: `JOB#${id}`, sk: "JOB" });
/** What was asked of a job, and what came out. */
export const jobPart = (id: string, what: "ASKED" | "RESULT", part: number): Key => ({
  pk: `JOB#${id}`,
  sk: `${what}#${String(part).padStart(3, "0")}`,
});
/** The children that were deleted and can be restored, by what they were. */
export const deleted = (what: string): string => `DELETED-${what}`;
/** What is still to be done about an owner that was deleted or restored. */
export const deletion = (owner: Owner): Key => ({ pk: owner, sk: "DELETION" });
/** The members of an account or a tenant who are its owners. */
export const owners = (owner: Owner): Key => ({ pk: owner, sk: "OWNERS" });
/** A claim on a value that is unique in the installation, or in a sandbox, by the account that it is. */
export const global = (sandbox: string | null, what: string, value: string): Key => ({
  pk: sandbox === null ? `U#${what}#${value}` : `U#${sandbox}#${what}#${value}`,
  sk: "CLAIM",
});
export const apiKey = (hash: string): Key => ({ pk: `K#${hash}`, sk: "KEY" });
/** A person, with what is his alone beside it; and a session under the hash of its token. */
export const person = (id: string): Key => ({ pk: `PERSON#${id}`, sk: "PERSON" });
export const personSession = (person: string, id: string): Key => ({
  pk: `PERSON#${person}`,
  sk: `${personSessions}${id}`,
});
export const personSessions = "SESSION#";
/** That a member of an account or tenant is this person. */
export const personMember = (person: string, owner: Owner, member: string): Key => ({
  pk: `PERSON#${person}`,
  sk: `${personMembers}${owner}#${member}`,
});
export const personMembers = "MEMBER#";
export const session = (hash: string): Key => ({ pk: `SESSION#${hash}`, sk: "SESSION" });
/** The token that was mailed last for a purpose to a person, or to a member who is to become one. */
export const personToken = (person: string, purpose: string): Key => ({
  pk: `PERSON#${person}`,
  sk: `TOKEN#${purpose}`,
});
export const memberToken = (owner: Owner, member: string, purpose: string): Key => ({
  pk: owner,
  sk: `TOKEN#${purpose}#${member}`,
});
/** A second factor of a person's: `totp`, `codes`, `passkey#<hash of its id>`; and what is not confirmed yet. */
export const factor = (person: string, what: string): Key => ({ pk: `PERSON#${person}`, sk: `${factors}${what}` });
export const factors = "FACTOR#";
export const unconfirmed = (person: string, what: string): Key => ({
  pk: `PERSON#${person}`,
  sk: `UNCONFIRMED#${what}`,
});
/** Who showed his password and has the second factor still to show, under the hash of his token. */
export const halfSignIn = (hash: string): Key => ({ pk: `HALF#${hash}`, sk: "HALF" });
/** What a passkey is to sign, under its hash. */
export const challenge = (hash: string): Key => ({ pk: `CHALLENGE#${hash}`, sk: "CHALLENGE" });
/** Single sign-on of an account; what was begun with it, under the hash of the browser's token; and who it is whom its provider names so. */
export const sso = (owner: Owner): Key => ({ pk: owner, sk: "SSO" });
export const ssoBegun = (hash: string): Key => ({ pk: `SSO#${hash}`, sk: "BEGUN" });
export const ssoSubject = (owner: Owner, hash: string): Key => ({ pk: owner, sk: `SSOSUBJECT#${hash}` });
/** How the members of an account or tenant have to sign in. */
export const signInRules = (owner: Owner): Key => ({ pk: owner, sk: "SIGNIN" });
/** Who wants to sign up, and the token that was mailed to him. */
export const signUp = (id: string): Key => ({ pk: `SIGNUP#${id}`, sk: "SIGNUP" });
export const signUpToken = (id: string): Key => ({ pk: `SIGNUP#${id}`, sk: "TOKEN" });
/** The number that is lent to a tenant, and until when. */
export const trial = (owner: Owner): Key => ({ pk: owner, sk: "TRIAL" });
/** The phone that a tenant on trial says is its owner's, and the code that was spoken to it. */
export const trialPhone = (owner: Owner): Key => ({ pk: owner, sk: "TRIALPHONE" });
/** How often something was tried by somebody whom the hash stands for. */
export const throttle = (what: string, who: string): Key => ({
  pk: `THROTTLE#${what}#${hash("sha256", who)}`,
  sk: "BUCKET",
});
export const idempotency = (caller: string, hash: string): Key => ({ pk: `I#${caller}#${hash}`, sk: "ANSWER" });
export const pool = (id: string): Key => ({ pk: `POOL#${id}`, sk: "HEAD" });
export const poolEdge = (id: string, edge: string): Key => ({ pk: `POOL#${id}`, sk: `E#${edge}` });
/** The pool's hosts as its edges are told of them (edges/roster.ts); and that something is to be done about its tenants (edges/tend.ts). */
export const roster = (id: string): Key => ({ pk: `POOL#${id}`, sk: "ROSTER" });
export const poolWork = (id: string): Key => ({ pk: `POOL#${id}`, sk: "WORK" });
/** How far the pool's tenants from before there were rosters are entered among those to be placed. */
export const entered = (id: string): Key => ({ pk: `POOL#${id}`, sk: "ENTERED" });
/** That a tenant came to the pool, or that none may any more (edges/arrivals.ts). */
export const arrival = (id: string, part: number): Key => ({ pk: `POOL#${id}`, sk: `ARRIVED#${part}` });
/** A tenant among those of its home and of its standby; where it has none, among those of its pool (edges/placement.ts). */
export const home = (owner: Owner): Key => ({ pk: owner, sk: "HOME" });
export const standby = (owner: Owner): Key => ({ pk: owner, sk: "STANDBY" });
/** Since when heartbeats can be heard. */
export const listening = { pk: "LISTENING", sk: "SINCE" };
export const edge = (id: string): Key => ({ pk: `EDGE#${id}`, sk: "HEAD" });
/** Where an edge is reached by browser phones. */
export const webSocket = (id: string): Key => ({ pk: webSockets, sk: id });
export const webSockets = "WEBSOCKETS";
/** A record of hosts in DNS (dns/records.ts); and that an edge has something in it. */
export const dnsRecord = (name: string, type: string): Key => ({ pk: `DNS#${name}`, sk: type });
export const edgeRecord = (id: string, name: string, type: string): Key => ({
  pk: `EDGE#${id}`,
  sk: `DNS#${type}#${name}`,
});
export const edgeRecords = "DNS#";
/** That a tenant wants its own domain in the certificates of its pool's hosts (edges/own-domain.ts). */
export const ownDomain = (owner: Owner): Key => ({ pk: owner, sk: "OWNDOMAIN" });
export const edgeByKey = (fingerprint: string): Key => ({ pk: `EDGEKEY#${fingerprint}`, sk: "CLAIM" });
export const joinToken = (hash: string): Key => ({ pk: `JOIN#${hash}`, sk: "TOKEN" });
export const nonce = (id: string, value: string): Key => ({ pk: `EDGE#${id}`, sk: `NONCE#${value}` });
export const spool = (id: string, generation: string): Key => ({ pk: `EDGE#${id}`, sk: `SPOOL#${generation}` });
/** An audit record; its id begins with its time. */
export const audit = (owner: Owner, id: string): Key => ({ pk: owner, sk: `${audits}${id}` });
export const audits = "AUDIT#";
/** A call record: found by time in its tenant's month. */
export const call = (tenant: string, startedAt: string, id: string): Key => ({
  pk: `D#${tenant}#${startedAt.slice(0, 7)}`,
  sk: `${startedAt}#${id}`,
});
export const callMonth = (tenant: string, month: string): string => `D#${tenant}#${month}`;
export const usage = (tenant: string, day: string, edgeId: string): Key => ({
  pk: `D#${tenant}#${day.slice(0, 7)}`,
  sk: `USAGE#${day}#${edgeId}`,
});
export const command = (owner: Owner, id: string): Key => ({ pk: owner, sk: `COMMAND#${id}` });
/** A message in a voicemail box; its id begins with its time. */
export const message = (owner: Owner, box: string, id: string): Key => ({ pk: owner, sk: `${messages(box)}${id}` });
export const messages = (box: string): string => `VM#${box}#`;
/** Mail that waits to be sent (mail/outbox.ts). */
export const mail = (owner: Owner, task: string, id: string): Key => ({ pk: owner, sk: `${mails}${task}#${id}` });
/** What the sort keys of waiting mail begin with, and no others do. */
export const mails = "MAIL#";
/** That mail to an address comes back (mail/returned.ts); capitals don't count. */
export const returnedMail = (address: string): Key => ({
  pk: `MAILBOX#${hash("sha256", address.trim().toLowerCase())}`,
  sk: "RETURNED",
});
/** Events that wait to enter the log: of a document's revision, or of what an edge told. */
export const waitingEvents = (pk: string, name: string): Key => ({ pk, sk: `${eventsWaiting}${name}` });
/** What the sort keys of waiting events begin with, and no others do. */
export const eventsWaiting = "EVENT#";
/** The log of what happened in an owner's subtree, by the events' ids; the last of them; and in how many shards an account's is (events/shards.ts). */
export const logged = (owner: Owner, id: string, shard = 0): Key => ({
  pk: log(owner, shard),
  sk: `${logEvents}${id}`,
});
export const logHead = (owner: Owner, shard = 0): Key => ({ pk: log(owner, shard), sk: "LAST" });
export const logShards = (owner: Owner): Key => ({ pk: log(owner), sk: "SHARDS" });
export const log = (owner: Owner, shard = 0): string => (shard === 0 ? `L#${owner}` : `L#${owner}#${shard}`);
export const logEvents = "EVT#";
/** An event's way to a webhook endpoint. */
export const delivery = (owner: Owner, endpoint: string, event: string): Key => ({
  pk: deliveriesTo(owner, endpoint),
  sk: `${deliveries}${event}`,
});
export const deliveriesTo = (owner: Owner, endpoint: string): string => `W#${owner}#${endpoint}`;
export const deliveries = "DLV#";
export const recording = (owner: Owner, id: string): Key => ({ pk: owner, sk: `${recordings}${id}` });
export const recordings = "REC#";
export const liveCall = (owner: Owner, id: string): Key => ({ pk: owner, sk: `${liveCalls}${id}` });
export const liveCalls = "LIVE#";
/** An edge's part of it. */
export const liveConference = (owner: Owner, id: string, edge: string): Key => ({
  pk: owner,
  sk: `ROOM#${id}#${edge}`,
});
/** An edge's part of it. */
export const liveQueue = (owner: Owner, id: string, edge: string): Key => ({
  pk: owner,
  sk: `${liveQueues}${id}#${edge}`,
});
export const liveQueues = "QUEUE#";
export const monitoring = (owner: Owner, at: string, id: string): Key => ({ pk: owner, sk: `MONITOR#${at}#${id}` });
export const pinLock = (owner: Owner, at: string, id: string): Key => ({ pk: owner, sk: `PINLOCK#${at}#${id}` });
export const trunkStates = "TRUNK#";
export const trunkState = (edgeId: string, trunk: string): Key => ({ pk: `EDGE#${edgeId}`, sk: `TRUNK#${trunk}` });
export const bans = "BAN#";
export const ban = (edgeId: string, source: string): Key => ({ pk: `EDGE#${edgeId}`, sk: `${bans}${source}` });
/** A phone writes its contact, at any length: the key holds a hash. */
export const registration = (owner: Owner, username: string, contact: string): Key => ({
  pk: owner,
  sk: `${registrations}${hash("sha256", `${username}\n${contact}`).slice(0, 32)}`,
});
export const registrations = "REG#";
/** What was set of a resource beside its document. */
export const runtime = (owner: Owner, kind: string, id: string, field: string): Key => ({
  pk: owner,
  sk: `Y#${kind}#${id}#${field}`,
});
export const runtimes = (of?: { kind: string; id: string }): string =>
  of === undefined ? "Y#" : `Y#${of.kind}#${of.id}#`;
export const operator = { pk: "OPERATOR", sk: "HEAD" };
/** The sparse index's partitions. */
export const index = {
  audit: (account: string): string => `AUDIT#${account}`,
  outbox: "OUTBOX",
  leases: "LEASES",
  jobs: "JOBS",
  mail: "MAIL",
  events: "EVENTS",
  deliveries: "DELIVERIES",
  /** The calls of an account's own tenants, by time. */
  calls: (account: string): string => `CALLS#${account}`,
  deletions: "DELETIONS",
  pool: (id: string): string => `POOL#${id}`,
  /** The tenants of an edge; of a pool those that have none. */
  homes: (id: string): string => `HOME#${id}`,
  standbys: (id: string): string => `STANDBY#${id}`,
  /** Pools about whose tenants something is to be done. */
  pools: "POOLS",
  /** Edges by when they count as down, if nothing is heard of them. */
  silent: "SILENT",
  /** Records of hosts in DNS by when something in them is over. */
  dns: "DNS",
  /** The tenants of a pool whose own domains its hosts' certificates are to have. */
  ownDomains: (pool: string): string => `OWNDOMAIN#${pool}`,
  trials: "TRIALS",
  runtime: (pool: string): string => `RUNTIME#${pool}`,
};
