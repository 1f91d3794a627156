// A certificate of 127.0.0.1 with its key in one PEM, as an agent has it, which only tests trust.
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { selfSigned } from "../../edge-agent/certificate/self-signed.ts";

export function selfMade(): string {
  const dir = mkdtempSync(join(tmpdir(), "dp-certificate-"));
  const files = selfSigned(dir, "127.0.0.1");
  if (!files) throw new Error("openssl is not installed");
  const pem = `${readFileSync(files.certificate, "utf8")}${readFileSync(files.key, "utf8")}`;
  rmSync(dir, { recursive: true });
  return pem;
}
