// The list of kinds. A new kind of resource is added here and nowhere else; everything that is derived starts from this list.

import type { z } from "zod";
import { account } from "./resources/account.ts";
import { announcement } from "./resources/announcement.ts";
import { blockRule } from "./resources/block-rule.ts";
import { brand } from "./resources/brand.ts";
import { conference } from "./resources/conference.ts";
import { contact } from "./resources/contact.ts";
import { directory } from "./resources/directory.ts";
import { extension } from "./resources/extension.ts";
import { featureCode } from "./resources/feature-code.ts";
import type { Kind } from "./resources/kind.ts";
import { limits } from "./resources/limits.ts";
import { menu } from "./resources/menu.ts";
import { musicOnHold } from "./resources/music-on-hold.ts";
import { outboundRoute } from "./resources/outbound-route.ts";
import { pagingGroup } from "./resources/paging-group.ts";
import { parkingLot } from "./resources/parking-lot.ts";
import { phoneNumber } from "./resources/phone-number.ts";
import { placement } from "./resources/placement.ts";
import { plan } from "./resources/plan.ts";
import { prompt } from "./resources/prompt.ts";
import { queue } from "./resources/queue.ts";
import { rateTable } from "./resources/rate-table.ts";
import { ringGroup } from "./resources/ring-group.ts";
import { schedule } from "./resources/schedule.ts";
import { speedDial } from "./resources/speed-dial.ts";
import { suspension } from "./resources/suspension.ts";
import { template } from "./resources/template.ts";
import { tenant } from "./resources/tenant.ts";
import { trunk } from "./resources/trunk.ts";
import { voicemailBox } from "./resources/voicemail-box.ts";

const kinds = {
  extension,
  "ring-group": ringGroup,
  queue,
  menu,
  schedule,
  announcement,
  "voicemail-box": voicemailBox,
  conference,
  "paging-group": pagingGroup,
  "parking-lot": parkingLot,
  directory,
  "phone-number": phoneNumber,
  trunk,
  "outbound-route": outboundRoute,
  "rate-table": rateTable,
  "block-rule": blockRule,
  contact,
  "speed-dial": speedDial,
  "feature-code": featureCode,
  prompt,
  "music-on-hold": musicOnHold,
  plan,
  template,
  brand,
  limits,
  suspension,
  placement,
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

/** Whether edges hold resources of this kind; digests count those. */
export const isForEdges = (name: string): boolean => !isKindName(name) || kindOf(name).edges !== false;

/** Every kind that an owner of this sort may hold, in the order of the list. */
export const kindsAt = (sort: "tenant" | "account"): Kind[] => all.filter((kind) => kind.at.includes(sort));

export const all: Kind[] = Object.keys(kinds).map((name) => kindOf(name as KindName));

export const byPlural = (plural: string): Kind | undefined => all.find((kind) => kind.plural === plural);
