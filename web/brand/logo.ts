// A picture as the brand has it: a data URL of a type that the API takes.
import { t } from "../i18n/t.ts";

const types = ["image/png", "image/webp", "image/svg+xml"];
const longest = 64_000;

export async function readLogo(file: File): Promise<{ logo?: string; wrong?: string }> {
  if (!types.includes(file.type)) return { wrong: t("It must be a PNG, WebP or SVG picture.") };
  const bytes = new Uint8Array(await file.arrayBuffer());
  let text = "";
  for (const byte of bytes) text += String.fromCharCode(byte);
  const logo = `data:${file.type};base64,${btoa(text)}`;
  return logo.length > longest ? { wrong: t("It is too large: 45 KB at the most.") } : { logo };
}
