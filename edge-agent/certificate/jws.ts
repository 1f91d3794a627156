// What an ACME client signs (RFC 8555, 6.2): flattened JWS by a P-256 key, and the binding to an account elsewhere by HMAC (7.3.4).
import { createHash, createHmac, createPublicKey, type KeyObject, sign } from "node:crypto";

export type Jws = { protected: string; payload: string; signature: string };
/** The public key's members in the order in which a thumbprint has them (RFC 7638). */
export type Jwk = { crv: string; kty: string; x: string; y: string };

export function publicJwk(key: KeyObject): Jwk {
  const { crv = "", kty = "", x = "", y = "" } = createPublicKey(key).export({ format: "jwk" });
  return { crv, kty, x, y };
}

/** `payload` undefined is the empty one of a POST-as-GET. */
export function signed(key: KeyObject, header: Record<string, unknown>, payload: unknown): Jws {
  const parts = {
    protected: encoded({ alg: "ES256", ...header }),
    payload: payload === undefined ? "" : encoded(payload),
  };
  const text = Buffer.from(`${parts.protected}.${parts.payload}`);
  return { ...parts, signature: sign("sha256", text, { key, dsaEncoding: "ieee-p1363" }).toString("base64url") };
}

/** That the account with this key is the CA's customer `kid`; `hmacKey` in base64url. */
export function bound(key: KeyObject, { kid, hmacKey }: { kid: string; hmacKey: string }, url: string): Jws {
  const parts = { protected: encoded({ alg: "HS256", kid, url }), payload: encoded(publicJwk(key)) };
  const hmac = createHmac("sha256", Buffer.from(hmacKey, "base64url"));
  return { ...parts, signature: hmac.update(`${parts.protected}.${parts.payload}`).digest("base64url") };
}

/** The text of the TXT record that answers a dns-01 challenge (8.4). */
export function dnsAnswer(key: KeyObject, token: string): string {
  const thumbprint = createHash("sha256")
    .update(JSON.stringify(publicJwk(key)))
    .digest("base64url");
  return createHash("sha256").update(`${token}.${thumbprint}`).digest("base64url");
}

const encoded = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString("base64url");
