// An extension: a person's number in a tenant, with the devices that ring.
import { z } from "zod";
import { lazy } from "../lazy.ts";
import { line } from "../text.ts";
import { onward } from "./destination.ts";
import { defineKind } from "./kind.ts";
import { language } from "./locale.ts";
import { reference, secret } from "./marks.ts";
import { member } from "./member.ts";
import { internalNumber } from "./number.ts";
import { e164 } from "./phone-number-format.ts";
import { skillLevel, skillName } from "./queue.ts";

export const username = z
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

const schema = lazy(() =>
  z.strictObject({
    number: internalNumber,
    displayName: line(64).nullable().default(null).describe("The name that others see"),
    enabled: z
      .boolean()
      .default(true)
      .describe(
        "A disabled extension can neither register, call nor be called; but its phones still reach the emergency services",
      ),
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
    externalCallerName: line(64).nullable().default(null).describe("The name shown with it"),
    emergencyCallerId: e164
      .nullable()
      .default(null)
      .describe("The number shown to emergency services; one of the tenant's phone numbers. Else externalCallerId"),
    emergencyLocation: line(256).nullable().default(null).describe("Where this phone is: street, floor, room"),
    forward: z
      .strictObject({
        always: onward().describe("All calls go here, its devices don't ring"),
        busy: onward(),
        noAnswer: onward(),
        notRegistered: onward().describe("None of its devices is there; without one, as noAnswer"),
      })
      .default({ always: null, busy: null, noAnswer: null, notRegistered: null })
      .describe(
        "Where its calls go, in the place of voicemail. Forwards to the outside are paid by this extension, with its permission",
      ),
    doNotDisturb: z.boolean().default(false).describe("Its devices don't ring: calls go on as if it were busy"),
    callWaiting: z
      .boolean()
      .default(true)
      .describe("False: while it is on a call, further calls find it busy, and queues offer it none"),
    followMe: z
      .strictObject({
        enabled: z.boolean().default(false),
        confirm: z.boolean().default(true).describe("Numbers outside must press 1 to take the call"),
        members: z.array(member).max(10).default([]).describe("Ring together with its devices, each after its delay"),
      })
      .default({ enabled: false, confirm: true, members: [] }),
    recording: z.enum(["off", "inbound", "outbound", "all"]).default("off").describe("Which of its calls are recorded"),
    recordOnDemand: z
      .enum(["off", "own", "pause", "all"])
      .default("off")
      .describe(
        "What its codes do during a call, and the API for it. own: start, pause and stop recordings; pause: pause those that settings began; all: both",
      ),
    outbound: z
      .strictObject({
        permission: z
          .enum(["internal", "national", "international"])
          .default("international")
          .describe("How far it may call. Emergency calls always go"),
        countries: z
          .array(z.string().regex(/^[A-Z]{2}$/, "must be an ISO 3166-1 alpha-2 country, as in US"))
          .max(250)
          .nullable()
          .default(null)
          .describe("International calls only to these; null: to any"),
        pin: secret("pin", false).nullable().optional().describe("Asked before each call to the outside"),
      })
      .default({ permission: "international", countries: null }),
    supervisor: z.boolean().default(false).describe("May listen to, whisper into and join others' calls"),
    pickupGroup: line(32).nullable().default(null).describe("Calls of the same group may be picked up"),
    hotDeskPin: secret("pin", false)
      .nullable()
      .optional()
      .describe("Asked at another's phone to make it one's own for a while"),
    skills: z
      .array(z.strictObject({ skill: skillName, level: skillLevel }))
      .max(20)
      .default([])
      .describe("What it can do as an agent of queues"),
    language: language.nullable().default(null).describe("The tenant's if null"),
  }),
);

export const extension = defineKind({
  kind: "extension",
  plural: "extensions",
  prefix: "ext",
  at: ["tenant"],
  about: "A person's number in a tenant, with the devices that ring.",
  schema,
  key: "number",
  dialable: "number",
  filters: ["number", "displayName", "enabled"],
  search: ["number", "displayName"],
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
  check(body) {
    const flaws = [];
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

export type Extension = z.output<ReturnType<typeof schema>>;
