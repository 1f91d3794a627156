// Wraps data keys with AWS KMS; the owner is the encryption context, so that CloudTrail tells whose key was used.
import type { KMSClient, KMSClientConfig } from "@aws-sdk/client-kms";
import type { Wrapper } from "./vault.ts";

/** The SDK is loaded with the first key: most requests touch no secret. */
const late = () => import("../sdk/kms.ts");

export function kms(keyId: string, config: KMSClientConfig): Wrapper {
  let made: Promise<KMSClient> | undefined;
  const connect = (): Promise<KMSClient> => {
    made ??= late().then(({ KMSClient }) => new KMSClient(config));
    return made;
  };
  const bytes = (value: Uint8Array | undefined, what: string): Uint8Array => {
    if (!value) throw new Error(`KMS answered without ${what}`);
    return value;
  };
  return {
    async wrap(key, owner) {
      const [{ EncryptCommand }, client] = await Promise.all([late(), connect()]);
      const answer = await client.send(
        new EncryptCommand({ KeyId: keyId, Plaintext: key, EncryptionContext: { owner } }),
      );
      return bytes(answer.CiphertextBlob, "a ciphertext");
    },
    async unwrap(wrapped, owner) {
      const [{ DecryptCommand }, client] = await Promise.all([late(), connect()]);
      const answer = await client.send(
        new DecryptCommand({ KeyId: keyId, CiphertextBlob: wrapped, EncryptionContext: { owner } }),
      );
      return bytes(answer.Plaintext, "a plaintext");
    },
  };
}
