// A code spoken to a phone outside, over the tenant's trunks, to show whose phone it is.
import { z } from "zod";
import { idOf, type Owner } from "../../../core/owner.ts";
import { legsOutside } from "../../../core/routing/outside.ts";
import { begin } from "../../../core/routing/resolve.ts";
import { suspensionOf } from "../../../core/routing/suspension.ts";
import type { CommandResult } from "../../driver.ts";
import type { CommandParts } from "./commands.ts";
import { isTrunkFailure } from "./disposition.ts";
import { number, token } from "./inert.ts";
import { towards } from "./ring.ts";
import { hearing, soundOf } from "./sound.ts";
import { carrierLeg } from "./trunk.ts";
import { variables } from "./variables.ts";

const seconds = { ring: 30, progress: 4, spoken: 60 };
/** How often it is said, with so much silence between. */
const times = 3;
const pause = "silence_stream://900";
const shape = z.object({ number: z.string().regex(/^\+\d{4,15}$/), code: z.string().regex(/^\d{4,8}$/) });

/** Resolves once the phone was taken up. Throws with the reason where it was not. */
export async function sayCode(
  { esl, documents, host, present }: CommandParts,
  owner: Owner,
  given: Record<string, unknown>,
): Promise<CommandResult> {
  const read = shape.safeParse(given);
  if (!read.success) throw new Error("the command has no usable number or code");
  const { number: to, code } = read.data;
  const config = documents.config(owner);
  if (!config) throw new Error("the tenant is gone");
  if (suspensionOf(config)) throw new Error("the tenant is suspended");
  const call = { from: { kind: "outside", number: null, name: null }, to, at: new Date(), verifies: true } as const;
  const legs = legsOutside(begin(config, { ...call, ...present(owner) }), to, null);
  if (typeof legs === "string") throw new Error(legs);
  const digits = soundOf([{ digits: code }], hearing(config, host, { leg: "" }))?.replace("file_string://", "") ?? "";
  const said = `file_string://${Array<string>(times).fill(digits).join(`!${pause}!`)}`;
  const domain = token(config.settings.domain);
  let cause = "";
  for (const carrier of legs) {
    const target = carrierLeg({ domain }, carrier, {
      ...towards(carrier),
      [variables.tenant]: token(idOf(owner)),
      [variables.direction]: "outbound",
      [variables.dialled]: number(to),
      leg_timeout: String(seconds.ring),
      leg_progress_timeout: String(seconds.progress),
      outbound_redirect_fatal: "true",
      sip_copy_custom_headers: "false",
    });
    // an application's argument ends at its first bracket, and tones have some: it is played to the parked leg
    const answer = await esl.bgapi(`originate '{ignore_early_media=true}${target}' &park()`, seconds.ring + 15);
    const [, ok, text = ""] = /^([+-](?:OK|ERR))\s*(\S*)/.exec(answer.trim()) ?? [];
    if (ok === "+OK") {
      await esl.api(`sched_hangup +${seconds.spoken} ${token(text)} NORMAL_CLEARING`);
      await esl.api(`uuid_broadcast ${token(text)} ${said} aleg`);
      return { ok: true, detail: null };
    }
    cause = text;
    if (!isTrunkFailure(cause)) break;
  }
  throw new Error(`the phone was not reached: ${cause}`);
}
