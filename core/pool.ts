// A pool as operators describe it: its name, and what phones and browsers of its tenants are told.
import { z } from "zod";
import { host } from "./resources/network.ts";
import { line } from "./text.ts";

const sip = z.strictObject({
  server: host,
  port: z.int().min(1).max(65535),
  transport: z.enum(["udp", "tcp", "tls"]),
});
/** As browsers take it (RTCIceServer). */
export const iceServer = z.strictObject({
  urls: z
    .array(
      line(300).regex(
        /^(stuns?|turns?):[A-Za-z0-9.[\]:-]+(\?transport=(udp|tcp))?$/,
        "must be as in stun:stun.acme.example:3478",
      ),
    )
    .min(1)
    .max(10),
  username: line(256).optional(),
  credential: line(256).optional().describe("Given to every browser phone: make it one that costs little to change"),
});
export const poolInput = z.strictObject({
  name: line(64),
  sip: sip.nullable().default(null).describe("What phones are told; without it, what the pool's first edge reports"),
  iceServers: z
    .array(iceServer)
    .max(10)
    .default([])
    .describe("STUN and TURN servers for browser phones, for those whose network lets no media straight through"),
});
