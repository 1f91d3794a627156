// The list of kinds. A new kind of resource is added here and nowhere else; everything that is derived starts from this list.

import type { z } from "zod";
import { account } from "./resources/account.ts";
import { extension } from "./resources/extension.ts";
import type { Kind } from "./resources/kind.ts";
import { phoneNumber } from "./resources/phone-number.ts";
import { tenant } from "./resources/tenant.ts";
import { trunk } from "./resources/trunk.ts";
import { voicemailBox } from "./resources/voicemail-box.ts";

const kinds = {
  extension,
  "phone-number": phoneNumber,
  trunk,
  "voicemail-box": voicemailBox,
  tenant,
  account,
} as const;

export type KindName = keyof typeof kinds;
export type BodyOf<K extends KindName> = z.output<(typeof kinds)[K]["schema"]>;

/** A resource as documents hold it. */
export type Resource<K extends KindName = KindName> = { kind: K; id: string; body: BodyOf<K> };

export const isKindName = (name: string): name is KindName => Object.hasOwn(kinds, name);

/** The kind of that name, its schema's type widened: for code that serves every kind alike. */
export const kindOf = (name: KindName): Kind => kinds[name] as unknown as Kind;

/** Every kind that an owner of this sort may hold, in the order of the list. */
export const kindsAt = (sort: "tenant" | "account"): Kind[] => all.filter((kind) => kind.at.includes(sort));

export const all: Kind[] = Object.keys(kinds).map((name) => kindOf(name as KindName));

export const byPlural = (plural: string): Kind | undefined => all.find((kind) => kind.plural === plural);
