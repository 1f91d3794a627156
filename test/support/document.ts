// A document as the cloud keeps it, small enough to trust: makes the deltas, changes and snapshots that an edge is sent, and knows the digest they must end at.
import { hash } from "node:crypto";
import { canonical } from "../../core/canonical.ts";
import type { Standing } from "../../core/comparison.ts";
import { empty, shift, weigh } from "../../core/digest.ts";
import type { Owner } from "../../core/owner.ts";
import type { Carried, Delta, Snapshot } from "../../core/wire.ts";

const sha256 = (text: string): string => hash("sha256", text, "hex");

/** A body for a resource, undefined to delete it. */
export type Write = { kind: string; id: string; body: Record<string, unknown> | undefined };

/** `n` of at most 26 characters of Crockford's alphabet, as the body of an id. */
export const ulidOf = (n: number | string): string => String(n).padStart(26, "0");
export const tenantOf = (n: number | string): Owner => `T#ten_${ulidOf(n)}`;
export const accountOf = (n: number | string): Owner => `A#acc_${ulidOf(n)}`;

export function createDocument(owner: Owner, path: string[] = [], epoch = 1) {
  const resources = new Map<string, Carried>();
  const secrets = new Map<string, string>();
  const deltas: Delta[] = [];
  let standing: Standing = { owner, epoch, revision: 0, digest: empty };

  const refsIn = (text: string) => text.match(/sec_[0-9A-Z]{26}#\d+/g) ?? [];
  const carriedSecrets = (texts: string[]) =>
    texts.flatMap(refsIn).map((ref) => ({ ref, value: secrets.get(ref) ?? "" }));

  return {
    owner,
    get standing() {
      return standing;
    },
    get deltas() {
      return deltas;
    },
    get texts() {
      return [...resources.values()];
    },
    setSecret: (ref: string, value: string) => secrets.set(ref, value),
    /** One revision; returns its delta. */
    write(...writes: Write[]): Delta {
      const before = standing;
      const upserts: Carried[] = [];
      const deletes: Delta["deletes"] = [];
      for (const { kind, id, body } of writes) {
        const old = resources.get(`${kind}/${id}`);
        const removed = old ? [weigh(sha256, kind, id, old.text)] : [];
        if (body === undefined) {
          if (!old) continue;
          resources.delete(`${kind}/${id}`);
          deletes.push({ kind, id });
          standing = { ...standing, digest: shift(standing.digest, [], removed) };
        } else {
          const one = { kind, id, text: canonical(body) };
          resources.set(`${kind}/${id}`, one);
          upserts.push(one);
          standing = { ...standing, digest: shift(standing.digest, [weigh(sha256, kind, id, one.text)], removed) };
        }
      }
      standing = { ...standing, revision: before.revision + 1 };
      const base = deltas.length === 0 ? null : { revision: before.revision, digest: before.digest };
      const now: Delta = {
        type: "delta",
        ...standing,
        path,
        base,
        upserts,
        deletes,
        secrets: carriedSecrets(upserts.map((one) => one.text)),
        at: new Date().toISOString(),
      };
      deltas.push(now);
      return now;
    },
    /** The document in pages of so many resources. */
    pages(size = Number.POSITIVE_INFINITY): Snapshot[] {
      const list = [...resources.values()];
      const pages: Snapshot[] = [];
      let at = 0;
      do {
        const part = list.slice(at, at + size);
        at += size;
        const next = at < list.length ? String(at) : null;
        pages.push({ ...standing, path, resources: part, secrets: carriedSecrets(part.map((one) => one.text)), next });
      } while (at < list.length);
      return pages;
    },
  };
}

export type Document = ReturnType<typeof createDocument>;

/** A tenant with its settings and `extensions` numbered from 1001, as the cloud stores them. */
export function createTenant(n: number, extensions: number, path: string[] = [], epoch = 1): Document {
  const document = createDocument(tenantOf(n), path, epoch);
  const writes: Write[] = [{ kind: "tenant", id: `ten_${ulidOf(n)}`, body: tenantBody(n) }];
  for (let i = 0; i < extensions; i++) {
    const ref = `sec_${ulidOf(n * 1000 + i)}#1`;
    document.setSecret(ref, "0123456789abcdef0123456789abcdef");
    writes.push({ kind: "extension", id: `ext_${ulidOf(n * 1000 + i)}`, body: extensionBody(String(1001 + i), ref) });
  }
  document.write(...writes);
  return document;
}

export const tenantBody = (n: number) => ({
  name: `Tenant ${n}`,
  domain: `t${n}.example`,
  country: "US",
  timeZone: "UTC",
  language: "en",
});

export function extensionBody(number: string, ref = `sec_${ulidOf(number)}#1`, more: Record<string, unknown> = {}) {
  return {
    number,
    displayName: `Person ${number}`,
    enabled: true,
    devices: [{ label: "Phone", username: number, password: { secret: ref } }],
    ringSeconds: 25,
    voicemailBox: null,
    externalCallerId: null,
    ...more,
  };
}
