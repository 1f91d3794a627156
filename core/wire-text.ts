// What cloud and edge say to one another as text: the body of a queue's message, and what a signed request is signed over. Apart from the shapes
// (wire.ts): who only sends has none to load.
import type { Message } from "./wire.ts";

/** A queue message's body (base64), at most 1 MiB with AWS; larger content goes as a pointer. */
export function encodeMessage(value: Message): string {
  let binary = "";
  for (const byte of new TextEncoder().encode(JSON.stringify(value))) binary += String.fromCharCode(byte);
  return btoa(binary);
}

/** Headers of a signed request: Ed25519 over method, path with query, SHA-256 of the body (hex), time (ISO 8601) and nonce, joined by line feeds. */
export const signatureHeaders = {
  edge: "dp-edge",
  time: "dp-time",
  nonce: "dp-nonce",
  signature: "dp-signature",
} as const;
export const signedText = (method: string, path: string, bodySha256: string, time: string, nonce: string): string =>
  [method, path, bodySha256, time, nonce].join("\n");
