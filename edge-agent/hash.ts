// SHA-256 in hexadecimal, as core's digests want it.
import { hash } from "node:crypto";

export const sha256 = (text: string): string => hash("sha256", text, "hex");
