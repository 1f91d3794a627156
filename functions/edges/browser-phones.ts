// Browser phones: an extension's credential for ten minutes, and where it is good. The edges make the password of it by themselves, so that nothing of it is
// stored; what they are told is that the extension has another phone to ring until then.
import { createHmac } from "node:crypto";
import { browserPhoneField, browserPhoneOf, lentName, lentPassword, lentSeconds } from "../../core/browser-phone.ts";
import type { Extension } from "../../core/resources/extension.ts";
import type { Access } from "../access/access.ts";
import type { Context } from "../context.ts";
import { carriedSecrets, realm } from "../document/delta.ts";
import type { Stored } from "../document/view.ts";
import * as keys from "../keys.ts";
import { Problem } from "../problem.ts";
import { say } from "../runtime/said.ts";
import { allItems, type Operation } from "../store/store.ts";
import { readPlacement } from "./placement.ts";
import { readPool, registrars } from "./pools.ts";
import { readRoster } from "./roster.ts";

export type Lent = {
  username: string;
  authorizationUsername: string;
  domain: string;
  password: string;
  displayName: string;
  expiresAt: string;
  servers: string[];
  iceServers: { urls: string[]; username?: string | undefined; credential?: string | undefined }[];
};

/**
 * Lends `extension` a credential. `by`: who asked; `also`: what belongs into the transaction. Throws `conflict` for a disabled extension, and where no host
 * of the tenant's pool takes browser phones.
 */
export async function lend(
  ctx: Context,
  { head }: Access,
  { id, body }: Stored,
  by: string,
  also: (lent: Lent) => Operation[],
): Promise<Lent> {
  const { devices, enabled, number, displayName } = body as Extension;
  if (!enabled) throw new Problem("conflict", `The extension ${number} is disabled; enable it first.`);
  const [pool] = head.pools;
  const [known, roster, placed] = await Promise.all([
    pool === undefined ? undefined : readPool(ctx, pool),
    pool === undefined ? undefined : readRoster(ctx, pool),
    readPlacement(ctx, head.owner),
  ]);
  const servers = roster ? registrars(roster, placed).flatMap(({ webSocket }) => webSocket ?? []) : [];
  if (servers.length === 0)
    throw new Problem(
      "conflict",
      head.sandbox !== null
        ? "A sandbox has no phones; POST …/sandbox/calls makes a call in it."
        : "No host of the tenant's pool takes browser phones; an operator sets WSS_PORT and WSS_CERTIFICATE there.",
    );
  const [device] = devices;
  const named = typeof device?.password === "object" ? (device.password as { secret: string }).secret : undefined;
  const [secret] = await carriedSecrets(
    ctx,
    head.owner,
    device && named ? [{ ref: named, form: "sip-password", username: device.username }] : [],
  );
  if (!device || !secret)
    throw new Problem("conflict", `The extension ${number} has no device that could lend its own.`);
  const until = Math.floor(ctx.now().getTime() / 1000) + lentSeconds;
  const username = browserPhoneOf(device.username);
  const authorizationUsername = lentName(username, until);
  const lent: Lent = {
    ...{ username, authorizationUsername, domain: await realm(ctx, head.owner) },
    password: lentPassword(hmac, secret.value, authorizationUsername),
    displayName: displayName ?? number,
    expiresAt: new Date(until * 1000).toISOString(),
    ...{ servers: [...new Set(servers)], iceServers: known?.iceServers ?? [] },
  };
  await say(ctx, head, { kind: "extension", id }, { [browserPhoneField]: lent.expiresAt }, by, also(lent));
  return lent;
}

const hmac = (key: string, text: string): string => createHmac("sha256", key).update(text).digest("hex");

/** Writes down where browser phones reach an edge; null: nowhere. */
export const webSocketTold = (edge: string, url: string | null): Operation[] => [
  url === null ? { delete: keys.webSocket(edge) } : { put: { ...keys.webSocket(edge), url } },
];

/** Where browser phones reach any edge of this installation: what the console's Content-Security-Policy must let through. */
export async function webSockets(ctx: Pick<Context, "store">): Promise<string[]> {
  const found = new Set<string>();
  for await (const { url } of allItems((q) => ctx.store.query(q), { pk: keys.webSockets, prefix: "" }))
    found.add(String(url));
  return [...found].sort();
}
