// Secrets at rest: AES-256-GCM under a data key per owner, which is wrapped by KMS in the cloud and by a key file on one's own machine.
import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";

/** Wraps data keys. `context` is bound to the wrapped key: it can't be unwrapped under another. */
export interface Wrapper {
  wrap(key: Uint8Array, context: string): Promise<Uint8Array>;
  unwrap(wrapped: Uint8Array, context: string): Promise<Uint8Array>;
}

/** `nonce (12) | tag (16) | ciphertext`, bound to `context`. */
export function seal(key: Uint8Array, plain: Uint8Array, context: string): Uint8Array {
  const iv = randomBytes(12);
  const cipher = createCipheriv("aes-256-gcm", key, iv).setAAD(Buffer.from(context));
  const text = Buffer.concat([cipher.update(plain), cipher.final()]);
  return Buffer.concat([iv, cipher.getAuthTag(), text]);
}

/** Throws if the key or the context is another, or a byte was changed. */
export function unseal(key: Uint8Array, sealed: Uint8Array, context: string): Buffer {
  // without the length, node takes a tag of four bytes for good
  const decipher = createDecipheriv("aes-256-gcm", key, sealed.subarray(0, 12), { authTagLength: 16 })
    .setAAD(Buffer.from(context))
    .setAuthTag(sealed.subarray(12, 28));
  return Buffer.concat([decipher.update(sealed.subarray(28)), decipher.final()]);
}

/** Holds unwrapped data keys in memory, so that KMS is asked once per owner and process. */
export class Vault {
  readonly #wrapper: Wrapper;
  readonly #keys = new Map<string, Uint8Array>();

  constructor(wrapper: Wrapper) {
    this.#wrapper = wrapper;
  }

  /** A new data key for `owner`, wrapped for the store. */
  async newKey(owner: string): Promise<Uint8Array> {
    const key = randomBytes(32);
    this.#keys.set(owner, key);
    return this.#wrapper.wrap(key, owner);
  }

  /** The data key of `owner`; `load` reads its wrapped form from the store and is called only if it is not at hand. */
  async key(owner: string, load: () => Promise<Uint8Array>): Promise<Uint8Array> {
    const known = this.#keys.get(owner);
    if (known) return known;
    const key = await this.#wrapper.unwrap(await load(), owner);
    if (this.#keys.size > 10_000) this.#keys.clear();
    this.#keys.set(owner, key);
    return key;
  }
}
