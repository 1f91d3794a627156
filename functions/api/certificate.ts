// A tenant's own domain in the certificates that its phones are shown.
import { certified, certifiedOf, toldHosts, wanting } from "../edges/certified.ts";
import { isAsked } from "../edges/own-domain.ts";
import * as keys from "../keys.ts";
import { into } from "./into.ts";
import { ok, type Route } from "./route.ts";

const path = "/v1/tenants/{tenant}/certificate";
const example = {
  ...{ domain: "sip.acme.example", state: "unproven" },
  advice:
    "Publish the record: _acme-challenge.sip.acme.example CNAME _acme-challenge.01h0000000000000000000000a.tenants.sip.example, then ask for the certificate.",
  record: {
    ...{ name: "_acme-challenge.sip.acme.example", type: "CNAME" },
    value: "_acme-challenge.01h0000000000000000000000a.tenants.sip.example",
  },
  hosts: [],
};

export const certificateRoutes = (): Route[] => [
  {
    method: "get",
    path,
    tag: "tenants",
    summary: "Whether phones can check their hosts' certificate by the tenant's own domain, and what is missing for it",
    scope: "tenants:read",
    answers: { 200: { about: "As it is now, by DNS and by what the hosts said last", schema: certified, example } },
    async handle(request) {
      const { head } = await into(request, "tenant");
      return ok(await certifiedOf(request.ctx, head));
    },
  },
  {
    method: "post",
    path,
    tag: "tenants",
    summary:
      "Have the hosts of the tenant's pool show its own domain, once its DNS has the record by which they prove it",
    scope: "tenants:write",
    answers: {
      200: {
        about: "They were told, and get a certificate with it now, or six hours after their last one",
        schema: certified,
        example,
      },
    },
    async handle(request) {
      const { ctx, record } = request;
      const { head } = await into(request, "tenant");
      await toldHosts(ctx, head, [...(await wanting(ctx, head)), ...record({ head })]);
      return ok(await certifiedOf(ctx, head));
    },
  },
  {
    method: "delete",
    path,
    tag: "tenants",
    summary: "Leave the tenant's own domain out of its hosts' certificates from the next one on",
    scope: "tenants:write",
    answers: { 204: { about: "It is left out" } },
    async handle(request) {
      const { ctx, record } = request;
      const { head } = await into(request, "tenant");
      const isThere = await isAsked(ctx, head.owner);
      const operations = [{ delete: keys.ownDomain(head.owner) }, ...record(isThere ? { head } : null)];
      await (isThere ? toldHosts(ctx, head, operations) : ctx.store.transact(operations));
      return { status: 204, body: null };
    },
  },
];
