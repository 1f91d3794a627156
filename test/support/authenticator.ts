// A passkey's authenticator in a few lines (WebAuthn, sections 6.1 and 6.5): makes ES256 credentials and signs, rightly or as a test wants it wrong.
import { createHash, generateKeyPairSync, randomBytes, sign } from "node:crypto";

type Wrong = {
  origin?: string;
  site?: string;
  challenge?: string;
  verified?: boolean;
  counter?: number;
  type?: string;
};
type Options = { challenge: string; rp?: { id: string }; rpId?: string; user?: { id: string } };

const sha256 = (data: string | Buffer): Buffer => createHash("sha256").update(data).digest();
const bytes = (text: string): Buffer => Buffer.from([0x60 + text.length, ...Buffer.from(text)]);

/** `origin`: of the page that it is used in. */
export function authenticator(origin: string) {
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const { x = "", y = "" } = publicKey.export({ format: "jwk" });
  const credential = randomBytes(32);
  const id = credential.toString("base64url");
  const self = { id, counter: 0, handle: "" };

  const clientData = (type: string, options: Options, wrong: Wrong): Buffer =>
    Buffer.from(
      JSON.stringify({
        type: wrong.type ?? type,
        challenge: wrong.challenge ?? options.challenge,
        origin: wrong.origin ?? origin,
      }),
    );
  function authData(site: string, attested: Buffer | undefined, wrong: Wrong): Buffer {
    const counter = Buffer.alloc(4);
    counter.writeUInt32BE(wrong.counter ?? ++self.counter);
    // user present, user verified, attested credential data
    const flags = 1 | (wrong.verified === false ? 0 : 4) | (attested ? 0x40 : 0);
    return Buffer.concat([sha256(wrong.site ?? site), Buffer.from([flags]), counter, attested ?? Buffer.alloc(0)]);
  }
  const about = { id, rawId: id, type: "public-key", clientExtensionResults: {} };
  return Object.assign(self, {
    create(options: Options, wrong: Wrong = {}) {
      self.handle = options.user?.id ?? "";
      const cose = Buffer.concat([
        Buffer.from([0xa5, 1, 2, 3, 0x26, 0x20, 1, 0x21, 0x58, 32]),
        Buffer.from(x, "base64url"),
        Buffer.from([0x22, 0x58, 32]),
        Buffer.from(y, "base64url"),
      ]);
      const attested = Buffer.concat([Buffer.alloc(16), Buffer.from([0, credential.length]), credential, cose]);
      const data = authData(options.rp?.id ?? "", attested, wrong);
      const attestationObject = Buffer.concat([
        Buffer.from([0xa3]),
        ...[bytes("fmt"), bytes("none"), bytes("attStmt"), Buffer.from([0xa0])],
        ...[bytes("authData"), Buffer.from([0x58, data.length]), data],
      ]);
      const clientDataJSON = clientData("webauthn.create", options, wrong);
      return {
        ...about,
        response: {
          clientDataJSON: clientDataJSON.toString("base64url"),
          attestationObject: attestationObject.toString("base64url"),
          transports: ["internal"],
        },
      };
    },
    get(options: Options, wrong: Wrong = {}) {
      const data = authData(options.rpId ?? "", undefined, wrong);
      const clientDataJSON = clientData("webauthn.get", options, wrong);
      const signature = sign("sha256", Buffer.concat([data, sha256(clientDataJSON)]), privateKey);
      return {
        ...about,
        response: {
          clientDataJSON: clientDataJSON.toString("base64url"),
          authenticatorData: data.toString("base64url"),
          signature: signature.toString("base64url"),
          userHandle: self.handle,
        },
      };
    },
  });
}
