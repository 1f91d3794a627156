// Two tenants of one account with the same extension numbers, in a real state of the agent: what tests of a driver call and are called by.
import { createHash } from "node:crypto";
import { type KindName, kindOf } from "../../core/registry.ts";
import type { Change } from "../../edge-agent/driver.ts";
import { openState } from "../../edge-agent/state.ts";
import { accountOf, createDocument, type Document, extensionBody, tenantOf, ulidOf } from "./document.ts";

const md5 = (text: string): string => createHash("md5").update(text).digest("hex");

export type Phone = { user: string; domain: string; password: string };

export const ha1Of = ({ user, domain, password }: Phone): string => md5(`${user}:${domain}:${password}`);

/** Ids are made of the tenant's number and the extension's: `ext_…11001` is 1001 of the first tenant. */
const idFor = (kind: KindName, name: string): string =>
  idOf(kindOf(kind).prefix, name.toUpperCase().replace(/[^0-9A-HJKMNP-TV-Z]/g, ""));
export const idOf = (prefix: string, n: number | string): string => `${prefix}_${ulidOf(n)}`;

export function createPbx() {
  const state = openState(":memory:");
  const account = createDocument(accountOf(9));
  const path = [idOf("acc", 9)];
  let secrets = 0;

  function secret(document: Document, value: string): { secret: string } {
    const ref = `sec_${ulidOf(++secrets)}#1`;
    document.setSecret(ref, value);
    return { secret: ref };
  }

  function write(document: Document, ...writes: Parameters<Document["write"]>): Change[] {
    const outcome = state.apply(document.write(...writes));
    if (outcome.outcome !== "applied") throw new Error(`the state says ${outcome.outcome}`);
    return outcome.changes;
  }

  function tenant(n: number, domain: string) {
    const document = createDocument(tenantOf(n), path);
    let live = domain;
    const write1 = (kind: string, id: string, body: Record<string, unknown> | undefined) =>
      write(document, { kind, id, body });
    return {
      n,
      domain,
      document,
      id: idOf("ten", n),
      owner: document.owner,
      ext: (number: number | string) => idOf("ext", `${n}${number}`),
      box: (number: number | string) => idOf("vmb", `${n}${number}`),
      phone: (number: number | string, password = `pw-${n}-${number}`): Phone => ({
        user: String(number),
        domain: live,
        password,
      }),
      settings(more: Record<string, unknown> = {}): Change[] {
        if (typeof more.domain === "string") live = more.domain;
        const body = { name: `Tenant ${n}`, domain: live, country: "US", timeZone: "UTC", language: "en", ...more };
        return write1("tenant", idOf("ten", n), body);
      },
      /** An extension with one device, whose user name is its number. `box`: with voicemail. */
      extension(number: number, more: Record<string, unknown> & { password?: string; box?: boolean } = {}): Change[] {
        const { password = `pw-${n}-${number}`, box = false, ...rest } = more;
        const ha1 = secret(document, ha1Of({ user: String(number), domain: live, password })).secret;
        const voicemailBox = box ? idOf("vmb", `${n}${number}`) : null;
        const changes = box
          ? write1("voicemail-box", idOf("vmb", `${n}${number}`), {
              number: String(number),
              label: null,
              pin: secret(document, "4711"),
            })
          : [];
        const body = extensionBody(String(number), ha1, { voicemailBox, ...rest });
        return [...changes, ...write1("extension", idOf("ext", `${n}${number}`), body)];
      },
      noExtension: (number: number) => write1("extension", idOf("ext", `${n}${number}`), undefined),
      number: (number: string, destination: Record<string, unknown> | null) =>
        write1("phone-number", idOf("num", number.replace("+", "")), { number, label: null, destination }),
      trunk: (id: number, more: TrunkMore) => write1("trunk", idOf("trk", id), trunkBody(document, more)),
      /** Any kind: what the API would store of `body`, under an id made of `name`. A reference in it is an id: `idFor(kind, name)`. */
      put: (kind: KindName, name: string | number, body: Record<string, unknown>) =>
        write1(kind, idFor(kind, `${n}${name}`), kindOf(kind).schema.parse(body)),
      drop: (kind: KindName, name: string | number) => write1(kind, idFor(kind, `${n}${name}`), undefined),
      /** The id of what `put` wrote under `name`. */
      idOf: (kind: KindName, name: string | number) => idFor(kind, `${n}${name}`),
      secret: (value: string) => secret(document, value),
      noTrunk: (id: number) => write1("trunk", idOf("trk", id), undefined),
    };
  }

  type TrunkMore = Record<string, unknown> & { password?: string };
  function trunkBody(document: Document, { password, ...more }: TrunkMore): Record<string, unknown> {
    return {
      name: "Carrier",
      enabled: true,
      host: "127.0.0.1",
      port: null,
      transport: "udp",
      username: null,
      password: password === undefined ? null : secret(document, password),
      register: false,
      inboundAddresses: [],
      priority: 100,
      numberFormat: "e164",
      ...more,
    };
  }

  write(account, { kind: "account", id: idOf("acc", 9), body: { name: "Reseller", country: "US" } });
  const acme = tenant(1, "acme.test");
  const globex = tenant(2, "globex.test");
  for (const { settings, extension } of [acme, globex]) {
    settings();
    extension(1001, { displayName: "Alice" });
    extension(1002, { displayName: "Bob", ringSeconds: 5 });
    extension(1003, { displayName: "Carol", box: true, ringSeconds: 5 });
  }
  return {
    state,
    documents: state.documents,
    account,
    acme,
    globex,
    tenant,
    /** A trunk of the account, for all its tenants. */
    sharedTrunk: (id: number, more: TrunkMore) =>
      write(account, { kind: "trunk", id: idOf("trk", id), body: trunkBody(account, more) }),
  };
}

export type Pbx = ReturnType<typeof createPbx>;
