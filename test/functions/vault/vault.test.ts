// Secrets at rest: bound to their owner and name, and worth nothing with another key.
import { randomBytes } from "node:crypto";
import { chmodSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { tenantOwner } from "../../../core/owner.ts";
import { keyFile } from "../../../functions/vault/key-file.ts";
import { ha1, openSecret, sealSecret } from "../../../functions/vault/owner-secrets.ts";
import { seal, unseal, Vault } from "../../../functions/vault/vault.ts";
import { temporaryFolder } from "../../support/folder.ts";

describe("a sealed secret", () => {
  test("opens with its key and context alone, and shows any change", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), fc.string(), fc.nat(), (plain, context, at) => {
        const key = randomBytes(32);
        const sealed = seal(key, plain, context);
        expect([...unseal(key, sealed, context)]).toEqual([...plain]);
        expect(() => unseal(key, sealed, `${context}x`)).toThrow();
        expect(() => unseal(randomBytes(32), sealed, context)).toThrow();
        const bent = Uint8Array.from(sealed);
        bent[at % bent.length] = (bent[at % bent.length] ?? 0) ^ 1;
        expect(() => unseal(key, bent, context)).toThrow();
        expect(() => unseal(key, sealed.subarray(0, sealed.length - 1), context)).toThrow();
      }),
      { numRuns: 50 },
    );
  });

  test("is another each time", () => {
    const key = randomBytes(32);
    expect(seal(key, Buffer.from("same"), "c")).not.toEqual(seal(key, Buffer.from("same"), "c"));
  });

  test("is its owner's and its name's: an item put in another's place does not open", () => {
    const [one, two] = [tenantOwner("ten_1"), tenantOwner("ten_2")];
    const key = randomBytes(32);
    const item = sealSecret(key, one, "sec_1#1", "password");
    expect(openSecret(key, one, "sec_1#1", item)).toBe("password");
    expect(() => openSecret(key, two, "sec_1#1", item)).toThrow();
    expect(() => openSecret(key, one, "sec_1#2", item)).toThrow();
    expect(openSecret(key, one, "sec_1#1", undefined)).toBeUndefined();
  });
});

describe("the vault", () => {
  test("asks for an owner's wrapped key once, and gives each owner its own", async () => {
    const path = join(temporaryFolder(), "master.key");
    const vault = new Vault(keyFile(path));
    const wrapped = await vault.newKey("T#a");
    const key = await vault.key("T#a", () => Promise.reject(new Error("must not ask")));
    const again = new Vault(keyFile(path));
    let asked = 0;
    const load = async () => {
      asked++;
      return wrapped;
    };
    expect([await again.key("T#a", load), await again.key("T#a", load), asked]).toEqual([key, key, 1]);
    await expect(new Vault(keyFile(path)).key("T#b", load)).rejects.toThrow();
    expect(Buffer.from(wrapped).includes(Buffer.from(key))).toBe(false);
  });

  test("keeps the master key in a file of this user alone, and refuses one that is damaged", () => {
    const path = join(temporaryFolder(), "master.key");
    keyFile(path);
    const made = readFileSync(path);
    expect([made.length, statSync(path).mode & 0o777]).toEqual([32, 0o600]);
    chmodSync(path, 0o644);
    keyFile(path);
    expect([readFileSync(path).equals(made), statSync(path).mode & 0o777]).toEqual([true, 0o600]);
    writeFileSync(path, made.subarray(0, 31));
    expect(() => keyFile(path)).toThrow(/master\.key must hold 32 bytes/);
  });
});

test("HA1 is RFC 2617's", () => {
  expect(ha1("Mufasa", "testrealm@host.com", "Circle Of Life")).toBe("939e7578ed9e3c518a452acee763bce9");
});
