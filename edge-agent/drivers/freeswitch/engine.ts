// What the driver does to a running FreeSWITCH: one command at a time, each checked on the engine afterwards.
import { besideOf, browserPhoneOf } from "../../../core/browser-phone.ts";
import type { Owner } from "../../../core/owner.ts";
import type { Documents } from "../../documents.ts";
import { createCallcenter } from "./callcenter/callcenter.ts";
import type { EslEvent } from "./esl/event.ts";
import type { Front } from "./front.ts";
import { fingerprint } from "./gateway.ts";
import { token } from "./inert.ts";
import type { Step } from "./steps.ts";

/** What is needed of the event socket. */
export type Api = { api(command: string): Promise<string>; readonly up: boolean };
/** The domains that a rescan under way adds; sofia.conf is rendered with it. */
export type Adding = { domains: Set<string> };

export type Engine = {
  /** Throws with the reason if it did not take. */
  carryOut(step: Step): Promise<void>;
  /**
   * What the engine has and the documents do not, or otherwise: the steps that would bring it in step. `down`: a profile that phones need does not run, and
   * nothing is said of tenants' domains and registrations.
   */
  differences(): Promise<{ steps: Step[]; down: string | undefined }>;
  /** Resolves when what phones need runs, which it does a moment after the event socket. Throws if it does not come up. */
  phonesUp(): Promise<void>;
  /** Gateways that FreeSWITCH says are gone. */
  onEvent(event: EslEvent): void;
};

/** A registered gateway says good-bye to its carrier first; with a dead one that takes long, and the new one needn't wait for it. */
const goneMs = 8000;
const tookMs = 5000;

export function createEngine(options: {
  esl: Api;
  documents: Documents;
  adding: Adding;
  key: string;
  /** Whether one of an extension's devices is registered. */
  registered(owner: Owner, extension: string): boolean;
  /** Whether it is on a call that no queue gave it. */
  engaged(extension: string): boolean;
  front: Front;
}): Engine {
  const { esl, documents, adding, key, registered, engaged, front } = options;
  const callcenter = createCallcenter({ command, documents, registered, engaged, through: () => front.through });
  const waiting = new Map<string, () => void>();

  async function command(text: string): Promise<string> {
    const answer = (await esl.api(text)).trim();
    if (/^-(ERR|USAGE)|^Invalid /.test(answer)) throw new Error(`FreeSWITCH says ${answer.slice(0, 200)} to ${text}`);
    return answer;
  }

  /** A device with the browser phone beside it. */
  async function flushAll(user: string | undefined, domain: string): Promise<void> {
    await flush(user, domain);
    if (user !== undefined && besideOf(user) === undefined) await flush(browserPhoneOf(user), domain);
  }

  async function flush(user: string | undefined, domain: string): Promise<void> {
    const who = `${user === undefined ? "" : token(user)}@${token(domain)}`;
    await command(`sofia profile phones flush_inbound_reg ${who}`);
    const left = () => command(`sofia xmlstatus profile phones user ${user === undefined ? domain : who}`);
    await until(async () => !(await left()).includes("<registration>"), `${who} is still registered`);
  }

  async function alias(domains: string[]): Promise<void> {
    for (const domain of domains) adding.domains.add(token(domain));
    try {
      await command("sofia profile phones rescan");
    } finally {
      for (const domain of domains) adding.domains.delete(domain);
    }
    for (const domain of domains)
      if (!(await esl.api(`sofia xmlstatus profile ${domain}`)).includes("<alias-of>phones<"))
        throw new Error(`${domain} did not become an alias of the profile phones`);
  }

  const has = (id: string) => esl.api(`sofia_gateway_data ${id} ivar dp_fingerprint`).then((text) => text.trim());
  const exists = async (id: string) => !(await esl.api(`sofia xmlstatus gateway ${id}`)).startsWith("Invalid");

  async function gateway(id: string): Promise<void> {
    const trunk = documents.trunk(token(id));
    const wanted = trunk?.body.enabled ? fingerprint(trunk, documents, key) : undefined;
    const there = await exists(id);
    if (there && wanted !== undefined && (await has(id)) === wanted) return;
    if (there) await kill(id);
    if (wanted === undefined) return;
    await command(`sofia profile carriers startgw ${id}`);
    await until(async () => (await has(id)) === wanted, `the gateway ${id} did not come up with its new settings`);
  }

  async function kill(id: string): Promise<void> {
    const gone = new Promise<void>((resolve) => waiting.set(id, resolve));
    await command(`sofia profile carriers killgw ${id}`);
    let timer: NodeJS.Timeout | undefined;
    await Promise.race([gone, new Promise<void>((resolve) => (timer = setTimeout(resolve, goneMs)))]);
    clearTimeout(timer);
    waiting.delete(id);
    if (await exists(id)) throw new Error(`the gateway ${id} is still there`);
  }

  return {
    onEvent(event) {
      if (event.subclass === "sofia::gateway_delete") waiting.get(event.headers.Gateway ?? "")?.();
    },
    async carryOut(step) {
      // Kamailio ends what is registered there
      if (step.do === "flush") await (front.inUse ? undefined : flushAll(step.user, step.domain));
      else if (step.do === "alias") await alias([step.domain]);
      else if (step.do === "gateway") await gateway(step.id);
      else if (step.do === "queue") await callcenter.queue(step.owner, step.id);
      else await callcenter.agent(step.owner, step.id);
    },
    async phonesUp() {
      await until(async () => (await missing()) === undefined, "the profiles of phones do not come up");
    },
    async differences() {
      const down = await missing();
      const ofPhones = down ? [] : [...(await missingAliases()), ...(await staleRegistrations())];
      return { steps: [...(await staleGateways()), ...ofPhones, ...(await callcenter.differences())], down };
    },
  };

  /** The profile that phones need and that does not run. */
  async function missing(): Promise<string | undefined> {
    for (const profile of front.inUse ? ["phones", "front"] : ["phones"])
      if ((await esl.api(`sofia xmlstatus profile ${profile}`)).startsWith("Invalid ")) return profile;
    return undefined;
  }

  async function staleGateways(): Promise<Step[]> {
    const listed = (await command("sofia xmlstatus gateway")).matchAll(/<name>(trk_[0-9A-Z]+)<\/name>/g);
    const there = new Set([...listed].map(([, id]) => id ?? ""));
    const wanted = documents.trunks().filter((trunk) => trunk.body.enabled);
    const gone = [...there].filter((id) => !wanted.some((trunk) => trunk.id === id));
    const changed = [];
    for (const trunk of wanted)
      if (!there.has(trunk.id) || (await has(trunk.id)) !== fingerprint(trunk, documents, key)) changed.push(trunk.id);
    return [...gone, ...changed].map((id) => ({ do: "gateway", id, for: { kind: "trunk", id } }));
  }

  async function missingAliases(): Promise<Step[]> {
    const listed = (await command("sofia xmlstatus")).matchAll(/<alias>\s*<name>([^<]+)<\/name>/g);
    const there = new Set([...listed].map(([, name]) => name));
    const missing = documents.domains().filter((domain) => !there.has(domain));
    return missing.map((domain) => ({ do: "alias", domain, for: { kind: "tenant", id: tenantId(domain) } }));
  }

  /** Registrations of devices that are gone or disabled; changed passwords while nobody was connected show at the next REGISTER. */
  async function staleRegistrations(): Promise<Step[]> {
    if (front.inUse) return [];
    const listed = (await command("sofia xmlstatus profile phones reg")).matchAll(/<user>([^<@]+)@([^<]+)<\/user>/g);
    const stale = new Map<string, Step>();
    for (const [, user = "", domain = ""] of listed) {
      const owner = documents.tenantByDomain(domain);
      const found = owner && documents.device(owner, user);
      if (found?.extension.body.enabled) continue;
      const of = found ? { kind: "extension", id: found.extension.id } : { kind: "tenant", id: tenantId(domain) };
      stale.set(`${user}@${domain}`, { do: "flush", user, domain, for: of });
    }
    return [...stale.values()];
  }

  function tenantId(domain: string): string {
    return documents.tenantByDomain(domain)?.slice(2) ?? domain;
  }
}

async function until(holds: () => Promise<boolean>, otherwise: string): Promise<void> {
  const deadline = Date.now() + tookMs;
  for (let wait = 5; !(await holds()); wait = Math.min(wait * 2, 250)) {
    if (Date.now() > deadline) throw new Error(otherwise);
    await new Promise((resolve) => setTimeout(resolve, wait));
  }
}
