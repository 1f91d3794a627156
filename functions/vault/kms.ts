// Wraps data keys with AWS KMS; the owner is the encryption context, so that CloudTrail tells whose key was used.
import { DecryptCommand, EncryptCommand, type KMSClient } from "@aws-sdk/client-kms";
import type { Wrapper } from "./vault.ts";

export function kms(client: KMSClient, keyId: string): Wrapper {
  const bytes = (value: Uint8Array | undefined, what: string): Uint8Array => {
    if (!value) throw new Error(`KMS answered without ${what}`);
    return value;
  };
  return {
    async wrap(key, owner) {
      const answer = await client.send(
        new EncryptCommand({ KeyId: keyId, Plaintext: key, EncryptionContext: { owner } }),
      );
      return bytes(answer.CiphertextBlob, "a ciphertext");
    },
    async unwrap(wrapped, owner) {
      const answer = await client.send(
        new DecryptCommand({ KeyId: keyId, CiphertextBlob: wrapped, EncryptionContext: { owner } }),
      );
      return bytes(answer.Plaintext, "a plaintext");
    },
  };
}
