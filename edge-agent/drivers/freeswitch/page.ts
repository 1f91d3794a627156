// Paging: a conference of this call's own, which calls the phones one by one, so that none waits for a late one, and ends with the caller.
import type { Page } from "../../../core/routing/paging-group.ts";
import { answered, hand, type Leg, run, set } from "./actions.ts";
import { inert, number, token } from "./inert.ts";
import { phone } from "./phone.ts";
import { autoAnswer } from "./ring.ts";
import { variables } from "./variables.ts";
import type { Xml } from "./xml.ts";

/** The conference profile for it: no sounds, and no keys, by which who is to listen could speak. */
export const pageProfile = "page";

/** A phone that does not answer by itself rings so long; FreeSWITCH takes no less. */
const ringSeconds = 10;

/**
 * mod_conference (conference_loop.c) calls each entry of the list on a thread of its own. These legs have no caller's leg: `ent_originate_aleg_uuid` ties
 * them to it as an enterprise originate does (switch_ivr_originate.c), so that all is one call.
 */
export function renderPage(leg: Leg, action: Page): Xml[] {
  const shown = number(action.from.number) || "anonymous";
  const phones = action.extensions.flatMap(({ extension, usernames }) =>
    usernames.map(
      (username) => `[${variables.toExtension}=${token(extension)}]${phone(username, leg.domain, leg.through)}`,
    ),
  );
  return [
    ...answered(leg),
    hand("outbound_redirect_fatal", "true"),
    ...autoAnswer.map(([name, value]) => hand(name, value)),
    set("ent_originate_aleg_uuid", "${uuid}"),
    set("conference_auto_outcall_export_vars", "${export_vars},ent_originate_aleg_uuid"),
    set("conference_auto_outcall_prefix", "{local_var_clobber=true,ignore_early_media=true}"),
    set("conference_auto_outcall_caller_id_number", shown),
    set("conference_auto_outcall_caller_id_name", inert(action.from.name ?? "") || shown),
    set("conference_auto_outcall_timeout", String(ringSeconds)),
    set("conference_auto_outcall_profile", pageProfile),
    set("conference_utils_auto_outcall_flags", action.twoWay ? "none" : "mute"),
    // then a tone says that he may speak; who answers later hears the rest
    set("conference_auto_outcall_maxwait", "1"),
    run("conference_set_auto_outcall", phones.join(",")),
    run("conference", `page-\${uuid}@${pageProfile}+flags{endconf}`),
    run("hangup", "NORMAL_CLEARING"),
  ];
}
