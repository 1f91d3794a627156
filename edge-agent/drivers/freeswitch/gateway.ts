// A trunk as a gateway of the profile `carriers`, named by the trunk's id.
import { createHmac } from "node:crypto";
import type { OwnedTrunk } from "../../../core/routing/config.ts";
import type { Documents } from "../../documents.ts";
import { element, params, type Xml } from "./xml.ts";

/** What FreeSWITCH is told of a trunk. Two equal ones need no command. */
export function settings(
  trunk: OwnedTrunk,
  documents: Documents,
): Record<string, string | number | boolean | undefined> {
  const { host, port, transport, username, password, register, pingSeconds } = trunk.body;
  const secret = password && typeof password === "object" ? documents.secret(password.secret) : undefined;
  const address = host.includes(":") ? `[${host}]` : host;
  return {
    // the host as realm makes it the default of everything that names the carrier
    realm: address,
    proxy: port === null ? address : `${address}:${port}`,
    username: username ?? undefined,
    password: secret,
    register: register && username !== null && secret !== undefined,
    "register-transport": transport,
    "caller-id-in-from": true,
    // a call to a registered trunk names the number in To, its request URI is our contact
    extension: "auto_to_user",
    "extension-in-contact": false,
    context: "public",
    "expire-seconds": 600,
    "retry-seconds": 30,
    // while its answer is missing or 503, FreeSWITCH takes it for down and calls over it fail at once
    ping: pingSeconds ?? undefined,
  };
}

/**
 * What tells two versions of a gateway apart on the engine, passwords included: it can be read back there (`sofia_gateway_data`). Keyed, as it stands in
 * the records of calls from that gateway.
 */
export const fingerprint = (trunk: OwnedTrunk, documents: Documents, key: string): string =>
  createHmac("sha256", key)
    .update(JSON.stringify(settings(trunk, documents)))
    .digest("hex")
    .slice(0, 16);

export const gateway = (trunk: OwnedTrunk, documents: Documents, key: string): Xml =>
  element("gateway", { name: trunk.id }, [
    element("variables", {}, [
      element("variable", {
        name: "dp_fingerprint",
        value: fingerprint(trunk, documents, key),
        direction: "inbound",
      }),
    ]),
    ...params(settings(trunk, documents)),
  ]);
