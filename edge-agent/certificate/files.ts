// What the agent has of its certificate on disk: the certificate with its chain and key in one file, which engines read, and what an order needs to be gone on
// with after a restart. A file is whole or the one before; one that can't be read counts as none.
import { createPrivateKey, generateKeyPairSync, type KeyObject, X509Certificate } from "node:crypto";
import { chmodSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";

const stored = z.object({
  /** An order that was not finished: where, of whom, for which names. */
  order: z.object({ url: z.string(), directory: z.string(), names: z.array(z.string()) }).nullable(),
  /** When orders were made within the last day, milliseconds since 1970. */
  orders: z.array(z.number()),
  /** Before that the CA does not want to be asked; milliseconds since 1970. */
  notBefore: z.number(),
  /** Whose certificate it is. */
  directory: z.string().nullable(),
  /** The host's own name. */
  own: z.string().nullable(),
  /** Names with which the CA refused an order: since when (milliseconds since 1970), until when they are left out, and what it said. */
  refused: z
    .array(z.object({ name: z.string(), since: z.number(), until: z.number(), problem: z.string() }))
    .default([]),
});
export type Progress = z.output<typeof stored>;
const none: Progress = { order: null, orders: [], notBefore: 0, directory: null, own: null, refused: [] };

/** `pem`: the certificate with its chain, and its key. */
export type Held = { pem: string; leaf: X509Certificate; names: string[]; from: Date; until: Date };

/** Where the certificate is of an agent whose folder that is. */
export const certificateFile = (dataDir: string): string => join(dataDir, "certificate/certificate.pem");

/** The certificate in a file; undefined where there is none that fits its key, or that is over. */
export function readCertificate(file: string, now = new Date()): Held | undefined {
  try {
    const held = heldOf(readFileSync(file, "utf8"));
    return held.until > now ? held : undefined;
  } catch {
    return undefined;
  }
}

/** Throws where it is no certificate, or not of its key. */
export function heldOf(pem: string): Held {
  const leaf = new X509Certificate(pem);
  if (!leaf.checkPrivateKey(createPrivateKey(pem))) throw new Error("the certificate is not of its key");
  const names = (leaf.subjectAltName ?? "")
    .split(", ")
    .flatMap((name) => (name.startsWith("DNS:") ? [name.slice(4)] : []));
  return { pem, leaf, names, from: leaf.validFromDate, until: leaf.validToDate };
}

export function openFiles(dataDir: string) {
  const dir = join(dataDir, "certificate");
  const write = (name: string, text: string): void => {
    mkdirSync(dir, { recursive: true, mode: 0o700 });
    const file = join(dir, name);
    writeFileSync(`${file}.new`, text, { mode: 0o600, flush: true });
    chmodSync(`${file}.new`, 0o600);
    renameSync(`${file}.new`, file);
  };
  const read = <T>(name: string, parse: (text: string) => T): T | undefined => {
    try {
      return parse(readFileSync(join(dir, name), "utf8"));
    } catch {
      return undefined;
    }
  };
  /** The key in that file, made where there is none. */
  const key = (name: string): KeyObject => {
    const known = read(name, createPrivateKey);
    if (known) return known;
    const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
    write(name, privateKey.export({ type: "pkcs8", format: "pem" }).toString());
    return privateKey;
  };
  return {
    certificate: () => readCertificate(certificateFile(dataDir)),
    keep: (pem: string) => write("certificate.pem", pem),
    accountKey: () => key("account.key"),
    /** Of the order that is going on, until it is dropped. */
    orderKey: () => key("order.key"),
    dropOrderKey: () => rmSync(join(dir, "order.key"), { force: true }),
    progress: (): Progress => read("progress.json", (text) => stored.parse(JSON.parse(text))) ?? none,
    proceed: (progress: Progress) => write("progress.json", JSON.stringify(progress)),
  };
}
export type Files = ReturnType<typeof openFiles>;
