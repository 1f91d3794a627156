// An extension: a person's number in a tenant, with the devices that ring.
import { z } from "zod";
import { isEmergency } from "../routing/emergency.ts";
import { line } from "../text.ts";
import { defineKind } from "./kind.ts";
import { reference, secret } from "./marks.ts";
import { e164 } from "./phone-number-format.ts";

const username = z
  .string()
  .regex(
    /^[a-z0-9][a-z0-9._-]{0,31}$/,
    "must be 1 to 32 of a-z, 0-9, dot, underscore and hyphen, beginning with a letter or digit",
  );

export const device = z.strictObject({
  label: line(64).default("Phone").describe("What the console calls it"),
  username: username.describe(
    "The SIP user name, unique in the tenant. One of digits alone must be the extension's number",
  ),
  password: secret("sip-password", true)
    .optional()
    .describe("The SIP password: send one, or leave it out and one is made and shown once"),
});
export type Device = z.output<typeof device>;

const schema = z.strictObject({
  number: z.string().regex(/^\d{2,8}$/, "must be 2 to 8 digits"),
  displayName: line(64).nullable().default(null).describe("The name that others see"),
  enabled: z.boolean().default(true).describe("A disabled extension can neither register, call nor be called"),
  devices: z.array(device).min(1, "needs at least one device").max(10),
  ringSeconds: z.int().min(5).max(120).default(25).describe("How long its devices ring before the call goes on"),
  voicemailBox: reference("voicemail-box")
    .nullable()
    .default(null)
    .describe("Takes calls that are not answered; without one they end"),
  externalCallerId: e164
    .nullable()
    .default(null)
    .describe("The number shown on calls to the outside; one of the tenant's phone numbers"),
});

export const extension = defineKind({
  kind: "extension",
  plural: "extensions",
  prefix: "ext",
  at: ["tenant"],
  about: "A person's number in a tenant, with the devices that ring.",
  schema,
  key: "number",
  dialable: true,
  filters: ["number", "displayName", "enabled"],
  prepare(input, before) {
    if (input.devices === undefined) return { ...input, devices: [{ username: input.number }] };
    if (!before || input.devices !== before.devices) return input;
    // the device that bears the extension's number follows it
    const devices = (before.devices as Device[]).map((d) =>
      d.username === before.number ? { ...d, username: input.number } : d,
    );
    return { ...input, devices };
  },
  claims: (body) => body.devices.filter((d) => !/^\d+$/.test(d.username)).map((d) => `device#${d.username}`),
  check(body, { country }) {
    const flaws = [];
    if (isEmergency(body.number, country))
      flaws.push({ pointer: "/number", detail: `${body.number} is an emergency number; choose another` });
    const seen = new Set<string>();
    for (const [index, { username }] of body.devices.entries()) {
      const pointer = `/devices/${index}/username`;
      if (/^\d+$/.test(username) && username !== body.number)
        flaws.push({
          pointer,
          detail: `a user name of digits must be the extension's number, ${body.number}; use a letter to tell devices apart`,
        });
      if (seen.has(username))
        flaws.push({ pointer, detail: `${username} is the user name of two devices; choose another` });
      seen.add(username);
    }
    return flaws;
  },
});

export type Extension = z.output<typeof schema>;
