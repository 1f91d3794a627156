// A certificate for one machine and for tests, made once by openssl where nobody gave one.
import { execFileSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";

/** Files in PEM. */
export type Certificate = { certificate: string; key: string };

/** The certificate of an address (IP) in `dir`; made where it is not there yet. Undefined where openssl is not there to make it. */
export function selfSigned(dir: string, address: string): Certificate | undefined {
  const [certificate, key] = [join(dir, "certificate.pem"), join(dir, "key.pem")];
  if (existsSync(certificate) && existsSync(key)) return { certificate, key };
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  const curve = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];
  const names = ["-subj", "/CN=dialplane", "-addext", `subjectAltName=IP:${address}`];
  const files = ["-keyout", key, "-out", certificate, "-days", "3650"];
  try {
    execFileSync("openssl", ["req", "-x509", ...curve, ...files, ...names], { stdio: "ignore" });
  } catch {
    return undefined;
  }
  chmodSync(key, 0o600);
  return { certificate, key };
}
