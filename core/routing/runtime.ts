// What people set by phone, console or API: runtime state, not configuration. Written at the edge first; here are its fields and what they mean.
import { z } from "zod";
import type { KindName, Resource } from "../registry.ts";
import { username } from "../resources/extension.ts";
import type { Config } from "./config.ts";
import type { Node } from "./plan.ts";
import type { Sound } from "./sound.ts";

const forward = z
  .string()
  .regex(/^(\+?[0-9]{2,31})?$/, "must be a number as dialled from the extension, or empty")
  .nullable();

/** Every field by kind. `null` gives the field back to the configuration. A forward is a number as the extension dials it, or empty: then there is none. */
export const fields = {
  extension: {
    doNotDisturb: z.boolean().nullable(),
    callWaiting: z.boolean().nullable(),
    forwardAlways: forward,
    forwardBusy: forward,
    forwardNoAnswer: forward,
    followMe: z.boolean().nullable(),
    /** As an agent of all its queues. Where nobody says so: available while one of its phones is registered. */
    agent: z.enum(["available", "paused", "logged-out"]).nullable(),
    /** The user name of the device, of another extension, that it uses for a while. */
    hotDesk: username.nullable(),
  },
  schedule: { override: z.enum(["open", "closed"]).nullable() },
} as const satisfies Partial<Record<KindName, Record<string, z.ZodType>>>;

type Fields = typeof fields;
export type RuntimeKind = keyof Fields;

/** Runtime state is written; then the sounds are heard and routing goes on with `done`. */
export type Remember = {
  do: "remember";
  changes: { kind: RuntimeKind; id: string; field: string; value: unknown }[];
  sounds: Sound[];
  otherwise: Node;
};

/** The field's value, or undefined where nobody set it or it can't be understood. */
export function runtimeOf<K extends RuntimeKind, F extends keyof Fields[K] & string>(
  config: Config,
  kind: K,
  id: string,
  field: F,
): NonNullable<z.output<Fields[K][F] & z.ZodType>> | undefined {
  const value = config.runtime(kind, id, field);
  if (value === undefined || value === null) return undefined;
  const read = (fields[kind][field] as unknown as z.ZodType).safeParse(value);
  return read.success ? (read.data as NonNullable<z.output<Fields[K][F] & z.ZodType>>) : undefined;
}

/** Whether the extension is offered another call while it is on one. */
export const takesSecondCall = (config: Config, { id, body }: Pick<Resource<"extension">, "id" | "body">): boolean =>
  runtimeOf(config, "extension", id, "callWaiting") ?? body.callWaiting;

/** The schema of a field; undefined for one that there is not. */
export function fieldSchema(kind: string, field: string): z.ZodType | undefined {
  const ofKind: Record<string, z.ZodType> | undefined = Object.hasOwn(fields, kind)
    ? fields[kind as RuntimeKind]
    : undefined;
  return ofKind && Object.hasOwn(ofKind, field) ? ofKind[field] : undefined;
}
