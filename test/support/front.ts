// A stand-in for a Kamailio host of the pool: phones register with it, and it hands their requests to FreeSWITCH and FreeSWITCH's to them, as our Kamailio
// does (UDP, loopback); it believes every phone, as who may register is not FreeSWITCH's matter.
import { createHash, randomBytes } from "node:crypto";
import { createSocket, type Socket } from "node:dgram";
import type { Roster } from "../../core/wire.ts";
import type { Pbx } from "./pbx.ts";
import { parseSip, response } from "./sip.ts";
import { freePort } from "./sipp.ts";

type Place = { address: string; port: number };
type Request = { method: string; uri: string; lines: string[]; body: string };

export type StandIn = {
  /** Where phones find it. */
  port: number;
  /** Where FreeSWITCH does. */
  inside: Place;
  /** What FreeSWITCH sent it, and what it sent FreeSWITCH, as they were on the wire. */
  fromFreeswitch: string[];
  toFreeswitch: string[];
  /** It answers nobody, as a host that is down. */
  silent: boolean;
  /** Sends FreeSWITCH this text, from where it sends everything. */
  send(text: string): void;
  close(): void;
};

/** The roster of FreeSWITCH hosts at these places and of Kamailio hosts at those. */
export const rosterOf = (version: number, kamailios: (Place & { state?: "up" | "draining" | "down" })[]): Roster => ({
  type: "roster",
  pool: "pol_test",
  version,
  hosts: kamailios.map(({ address, port, state = "up" }, index) => ({
    ...{ id: `edg_${index}`, name: `kamailio-${index}`, engine: "kamailio", slot: index + 1, state },
    front: { address, port },
  })),
});

/** `address`: its own on loopback. `freeswitch`: where the profile `front` listens. */
export async function openStandIn(pbx: Pbx, address: string, freeswitch: () => Place): Promise<StandIn> {
  const [port, insidePort] = [await freePort(), await freePort()];
  const outside = await bind("127.0.0.1", port);
  const inside = await bind(address, insidePort);
  const route = `<sip:${address}:${insidePort};lr>`;
  const contacts = new Map<string, Place>();
  const passing = new Map<string, { socket: Socket; from: Place; vias: string[] }>();
  const standIn: StandIn = {
    port,
    inside: { address, port: insidePort },
    fromFreeswitch: [],
    toFreeswitch: [],
    silent: false,
    send: (text) => toFreeswitch(text),
    close() {
      outside.close();
      inside.close();
    },
  };

  function toFreeswitch(text: string): void {
    standIn.toFreeswitch.push(text);
    const to = freeswitch();
    inside.send(text, to.port, to.address);
  }

  outside.on("message", (data, from) => {
    if (standIn.silent) return;
    const text = data.toString("latin1");
    if (text.startsWith("SIP/2.0 ")) return back(text);
    const request = parse(text);
    const refuse = challenge(request, text);
    if (refuse !== undefined) return outside.send(refuse, from.port, from.address);
    if (request.method === "REGISTER") {
      const expires = Number(headerOf(request, "expires") ?? 300);
      const user = aor(headerOf(request, "to") ?? "");
      if (expires === 0) contacts.delete(user);
      else contacts.set(user, from);
      return outside.send(response(parseSip(text), "200 OK"), from.port, from.address);
    }
    toFreeswitch(write({ ...request, lines: handedOver(request, from) }));
  });

  inside.on("message", (data, from) => {
    if (standIn.silent) return;
    const text = data.toString("latin1");
    standIn.fromFreeswitch.push(text);
    if (text.startsWith("SIP/2.0 ")) return back(text);
    const request = parse(text);
    if (request.method === "OPTIONS") return inside.send(response(parseSip(text), "200 OK"), from.port, from.address);
    const user = aor(request.uri);
    const known = pbx.documents.tenantByDomain(user.split("@")[1] ?? "") !== undefined;
    const to = known ? contacts.get(user) : placeOf(request.uri);
    if (!to) {
      if (request.method !== "ACK")
        inside.send(response(parseSip(text), "480 Not Registered"), from.port, from.address);
      return;
    }
    outside.send(write({ ...request, lines: passed(request, inside, from) }), to.port, to.address);
  });

  /** A response gets the Vias back that its request had, and goes where that came from. */
  function back(text: string): void {
    const [line, branch = ""] = /^Via: .*branch=z9hG4bKstandin-(\w+).*\r\n/im.exec(text) ?? [];
    const request = passing.get(branch);
    if (line === undefined || !request) return;
    const { socket, from, vias } = request;
    socket.send(text.replace(line, vias.map((via) => `${via}\r\n`).join("")), from.port, from.address);
  }

  /** With our Via in the place of what it has, our Record-Route, and without Routes that lead to us. */
  function passed({ method, lines }: Request, socket: Socket, from: Place): string[] {
    const vias = lines.filter((line) => /^via:/i.test(line));
    // the same for a request that is sent again, and for the CANCEL and ACK of an INVITE (RFC 3261, 16.11)
    const branch = createHash("md5")
      .update(/branch=([^;,\s]+)/.exec(vias[0] ?? "")?.[1] ?? "")
      .digest("hex");
    passing.set(branch, { socket, from, vias });
    const here = socket === inside ? `127.0.0.1:${port}` : `${address}:${insidePort}`;
    const kept = lines.filter((line) => !/^(via|route):/i.test(line));
    const recorded = ["INVITE", "SUBSCRIBE"].includes(method) ? [`Record-Route: ${route}`] : [];
    return [`Via: SIP/2.0/UDP ${here};branch=z9hG4bKstandin-${branch}`, ...recorded, ...kept];
  }

  function handedOver(request: Request, from: Place): string[] {
    const lines = request.lines.filter((line) => !/^(x-dp-[\w-]+|(proxy-)?authorization):/i.test(line));
    const sent = passed({ ...request, lines }, outside, from);
    if (/;tag=/i.test(headerOf(request, "to") ?? "")) return sent;
    const [username = "", domain = ""] = aor(headerOf(request, "from") ?? "").split("@");
    const tenant = pbx.documents.tenantByDomain(domain)?.slice(2) ?? "";
    const who = [`X-DP-Tenant: ${tenant}`, `X-DP-Device: ${username}`, `X-DP-Source: ${from.address}`];
    const credentials = `Authorization: Digest username="${username}", realm="${domain}", nonce="front", uri="${request.uri}", response="0"`;
    return [...sent, ...who, ...(request.method === "SUBSCRIBE" ? [credentials] : [])];
  }

  return standIn;
}

/** Phones of our tests expect to be asked who they are. */
function challenge({ method, lines }: Request, text: string): string | undefined {
  const bears = lines.some((line) => /^(proxy-)?authorization:/i.test(line));
  if (bears || !["REGISTER", "INVITE"].includes(method) || /^To:.*;tag=/im.test(text)) return undefined;
  const [status, header] =
    method === "REGISTER" ? ["401 Unauthorized", "WWW-Authenticate"] : ["407 Proxy", "Proxy-Authenticate"];
  const nonce = randomBytes(8).toString("hex");
  return response(parseSip(text), status, [
    `${header}: Digest realm="test", nonce="${nonce}", algorithm=MD5, qop="auth"`,
  ]);
}

function parse(text: string): Request {
  const [head = "", body = ""] = [text.slice(0, text.indexOf("\r\n\r\n")), text.slice(text.indexOf("\r\n\r\n") + 4)];
  const [line = "", ...lines] = head.split("\r\n");
  const [method = "", uri = ""] = line.split(" ");
  return { method, uri, lines, body };
}

const write = ({ method, uri, lines, body }: Request): string =>
  [`${method} ${uri} SIP/2.0`, ...lines, "", body].join("\r\n");

const headerOf = ({ lines }: Request, name: string): string | undefined =>
  lines
    .find((line) => line.toLowerCase().startsWith(`${name}:`))
    ?.slice(name.length + 1)
    .trim();

/** `user@domain` of a URI or of a header with one. */
const aor = (text: string): string => /sips?:([^@>;]+@[^>;:]+)/.exec(text)?.[1] ?? "";

const placeOf = (uri: string): Place | undefined => {
  const [, address, port] = /@?([\d.]+):(\d+)/.exec(uri) ?? [];
  return address === undefined ? undefined : { address, port: Number(port) };
};

async function bind(address: string, port: number): Promise<Socket> {
  const socket = createSocket("udp4");
  await new Promise<void>((resolve, reject) => {
    socket.on("error", reject);
    socket.bind(port, address, resolve);
  });
  return socket;
}
