// An extension's devices: a new SIP password for one of them.
import { type Device, type Extension, extension } from "../../core/resources/extension.ts";
import type { Kind } from "../../core/resources/kind.ts";
import { presentWith } from "../document/present.ts";
import { generate } from "../document/secrets.ts";
import { notFound } from "../problem.ts";
import { into } from "./into.ts";
import { outputOf } from "./openapi/example.ts";
import { find, writeOne } from "./resources.ts";
import type { Route } from "./route.ts";
import { answerOf } from "./schema.ts";

const kind = extension as unknown as Kind;

export const deviceRoutes = (): Route[] => [
  {
    method: "post",
    path: "/v1/tenants/{tenant}/extensions/{id}/devices/{device}/rotate",
    tag: "extensions",
    summary: "Give a device, named by its SIP user name, a new password; it is shown only in this answer",
    scope: "extensions:write",
    answers: {
      200: {
        about: "The extension, with the new password in `secrets`",
        schema: answerOf(kind),
        example: outputOf(kind, "tenant"),
      },
    },
    async handle(request) {
      const { id = "", device = "" } = request.params;
      const access = await into(request, "tenant");
      const target = await find(request.ctx, access, kind, id);
      const value = generate("sip-password");
      const place = (devices: Device[]): number => devices.findIndex(({ username }) => username === device);
      const edits = async (view: Parameters<Parameters<typeof writeOne>[2]["edits"]>[0]) => {
        const { devices } = ((await view.get(kind.kind, target.id))?.body ?? { devices: [] }) as Extension;
        if (place(devices) < 0) throw notFound("device", device.slice(0, 64));
        const patch = {
          devices: devices.map((each) => (each.username === device ? { ...each, password: value } : each)),
        };
        return [{ op: "update" as const, kind, id: target.id, patch, pointer: "" }];
      };
      return writeOne(
        request,
        access,
        { edits, summary: `rotate the password of device ${device}` },
        async (outcome) => {
          const resource = outcome.draft.changes[0]?.after ?? target;
          const pointer = `/devices/${place((resource.body as Extension).devices)}/password`;
          const secrets = [{ kind: kind.kind, id: resource.id, pointer, value }];
          const body = await presentWith(request.ctx, outcome.head, kind, resource, secrets);
          return { status: 200, body, headers: { ETag: `"${resource.version}"` } };
        },
      );
    },
  },
];
