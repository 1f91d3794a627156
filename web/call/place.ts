// Calls that the console has made: an extension's phones ring first, then what it dials.
import type { ShownCommand } from "../../functions/edges/commands.ts";
import { send } from "../api/client.ts";
import { tenantPath } from "../api/queries.ts";
import { heard } from "../i18n/heard.ts";
import { t, text } from "../i18n/t.ts";

const askEveryMs = 500;

/** Resolves once the phone was taken up. `to` left out: one hears oneself. Throws ApiProblem, or an Error with a sentence of what became of it. */
export async function placeCall(tenant: string, call: { from: string; to?: string }): Promise<void> {
  await settled(tenant, await send<ShownCommand>("POST", `${tenantPath(tenant)}/calls`, { body: call }));
}

/** Resolves once the edge has carried it out. Throws as `placeCall` does. */
export async function settled(tenant: string, sent: ShownCommand): Promise<void> {
  let command = sent;
  while (command.state === "pending") {
    await new Promise((resolve) => setTimeout(resolve, askEveryMs));
    command = await send<ShownCommand>("GET", `${tenantPath(tenant)}/commands/${command.id}`);
  }
  if (command.state !== "done") throw new Error(sentenceOf(command));
}

/** An edge's reasons, as it tells them. */
const reasons: Record<string, string> = {
  "the extension has no phone registered": text("No phone of this extension is logged in."),
  "the extension's phone was not taken up": text("Nobody took the phone up."),
  "the extension's phone is busy": text("The phone is busy."),
  "the extension's phone declined": text("The phone declined the call."),
  "the tenant is suspended": text("The company is suspended: it makes no calls."),
};

function sentenceOf({ state, detail }: ShownCommand): string {
  if (state === "expired") return t("No telephone host answered; try again in a minute.");
  const known = detail !== null && Object.hasOwn(reasons, detail) ? reasons[detail] : undefined;
  return known ? t(known) : t("The call did not come about: {reason}", { reason: heard(detail ?? "") });
}
