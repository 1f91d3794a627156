// Gateways as trunks: a domain's own, and those without a domain as the account's.
import { z } from "zod";
import { host } from "../../core/resources/network.ts";
import { type Body, line, seconds } from "./domain.ts";
import type { Row } from "./ledger.ts";
import { secret } from "./secret.ts";

const codecNames: Record<string, string> = { opus: "opus", g722: "g722", pcmu: "pcmu", pcma: "pcma" };

/** A trunk's body, or undefined; then the row is refused. `fresh` makes the name one that no other trunk has. */
export function trunk(row: Row, fresh: (wanted: string) => string): Body | undefined {
  const proxy = (row.text("proxy") ?? row.text("realm") ?? "").replace(/^sips?:/i, "").toLowerCase();
  const [, inner, v6, portText] =
    /^(?:([^:[\]]+)|\[([0-9a-f:.]+)\])(?::(\d{1,5}))?$/.exec(proxy.split(";")[0] ?? "") ?? [];
  const address = z.safeParse(host, inner ?? v6 ?? "");
  if (!address.success) {
    row.refused(`the proxy ${proxy.slice(0, 80) || "is empty:"} is no host name or address`);
    return undefined;
  }
  const wanted = line(row, "gateway", 64) ?? address.data;
  const name = fresh(wanted);
  if (name !== wanted) row.lost("gateway", `another trunk has this name: it is ${name} here`);
  const username = row.text("username");
  if (username !== undefined && !/^[A-Za-z0-9._+@-]{1,64}$/.test(username))
    row.lost("username", "a user name here is of letters, digits and ._+@-");
  const user = username !== undefined && /^[A-Za-z0-9._+@-]{1,64}$/.test(username) ? username : null;
  const password = secret(row, "password", "password", "set the trunk's password yourself");
  const wants = row.flag("register", true);
  if (wants && (user === null || password === undefined))
    row.lost("register", "registering needs a user name and a password: it is off here");
  same(row, "realm", inner ?? v6);
  same(row, "from_domain", inner ?? v6);
  same(row, "from_user", username);
  same(row, "auth_username", username);
  same(row, "extension", username);
  const channels = row.count("channels");
  const ping = row.count("ping");
  return {
    name,
    enabled: row.flag("enabled", true),
    host: address.data,
    port: portText === undefined ? null : Number(portText),
    transport: transport(row),
    username: user,
    ...(password !== undefined && { password }),
    register: wants && user !== null && password !== undefined,
    codecs: codecs(row),
    maxChannels: channels ? Math.min(channels, 10_000) : null,
    pingSeconds: ping ? seconds(row, "ping", 10, 3600, 30) : null,
  };
}

/** A field that says no more than another one. */
function same(row: Row, column: string, other: string | undefined): void {
  if (row.peek(column)?.toLowerCase() === other?.toLowerCase()) row.text(column);
}

function transport(row: Row): string {
  const given = row.text("register_transport")?.toLowerCase() ?? "udp";
  if (["udp", "tcp", "tls"].includes(given)) return given;
  row.lost("register_transport", "is udp, tcp or tls here");
  return "udp";
}

function codecs(row: Row): string[] {
  const given =
    row
      .text("codec_prefs")
      ?.split(",")
      .map((name) => name.trim().toLowerCase().split("@")[0] ?? "") ?? [];
  const known = [...new Set(given.flatMap((name) => codecNames[name] ?? []))];
  if (given.some((name) => !codecNames[name])) row.lost("codec_prefs", "codecs here are opus, g722, pcmu and pcma");
  return known;
}
