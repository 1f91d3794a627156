// A browser phone's credential: an extension's for ten minutes.
import { z } from "zod";
import { iceServer } from "../../core/pool.ts";
import { extension } from "../../core/resources/extension.ts";
import type { Kind } from "../../core/resources/kind.ts";
import { into } from "./into.ts";
import { find } from "./resources.ts";
import type { Route } from "./route.ts";

const kind = extension as unknown as Kind;

export const lentSchema = z.object({
  username: z.string().describe("The SIP user name: what it registers, and its From"),
  authorizationUsername: z.string().describe("The user name of the digest"),
  domain: z.string(),
  password: z.string(),
  displayName: z.string(),
  expiresAt: z.iso.datetime().describe("Ask for another before; calls go on"),
  servers: z.array(z.string()).describe("SIP over WebSocket, to be tried in this order"),
  iceServers: z.array(iceServer).describe("For RTCPeerConnection"),
});

export const lentExample = {
  ...{ username: "1001~web", authorizationUsername: "1001~web~1798761600", domain: "acme.example" },
  ...{ password: "9f86d081884c7d659a2feaa0c55ad015", displayName: "Ada", expiresAt: "2027-01-01T00:00:00.000Z" },
  ...{ servers: ["wss://sip.acme.example:7443"], iceServers: [] },
};

export const sipTokenRoutes = (): Route[] => [
  {
    method: "post",
    path: "/v1/tenants/{tenant}/extensions/{id}/sip-token",
    tag: "extensions",
    summary:
      "Lend a browser phone of the extension a SIP credential for 10 minutes; it rings beside the extension's other phones",
    scope: "extensions:write",
    answers: { 201: { about: "The credential, and where it is good", schema: lentSchema, example: lentExample } },
    async handle(request) {
      const access = await into(request, "tenant");
      const target = await find(request.ctx, access, kind, request.params.id ?? "");
      const { lend } = await import("../edges/browser-phones.ts");
      const done = { head: access.head, target: { kind: kind.kind, id: target.id } };
      const also = (body: unknown) => request.record(done, { status: 201, body });
      return { status: 201, body: await lend(request.ctx, access, target, request.actor.id, also) };
    },
  },
];
