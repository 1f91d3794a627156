import { createServer, type Server } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { answer, reply } from "../../../../edge-agent/drivers/freeswitch/lookup.ts";
import { notFound } from "../../../../edge-agent/drivers/freeswitch/xml.ts";
import { freeswitchConfig } from "../../../support/freeswitch-config.ts";
import { createPbx } from "../../../support/pbx.ts";
import { auth, body, read, recorded, scenarios } from "./requests.ts";

const config = freeswitchConfig();
const pbx = createPbx();
const log = { error: vi.fn() };
const lookups = { documents: pbx.documents, config, log };
pbx.acme.number("+15550100", { kind: "extension", ref: pbx.acme.ext(1001) });
pbx.acme.trunk(1, { inboundAddresses: ["127.0.0.9"] });

/** As this configuration would have made FreeSWITCH ask: the recording's profile and variables have other names. */
function ours(request: Record<string, string>): Record<string, string> {
  const changed = { ...request };
  if (changed.sip_profile === "internal") changed.sip_profile = "phones";
  if (changed.profile === "internal") changed.profile = "phones";
  const public_ = changed["Caller-Context"] === "public";
  if (changed.variable_sofia_profile_name) changed.variable_sofia_profile_name = public_ ? "carriers" : "phones";
  const tenant = [pbx.acme, pbx.globex].find(({ domain }) => domain === changed.variable_user_context);
  if (tenant) changed.variable_dp_tenant = tenant.id;
  return changed;
}

describe("every request that a real FreeSWITCH made", () => {
  it.each(scenarios)("is answered well-formed: %s", (scenario) => {
    for (const request of recorded(scenario)) {
      const parsed = read(reply(body(ours(request)), lookups));
      expect(["result", request.section]).toContain(parsed.section);
    }
    expect(log.error).not.toHaveBeenCalled();
  });

  const outcomes = (scenario: string, section: string) =>
    recorded(scenario)
      .filter((request) => request.section === section)
      .map((request) => read(reply(body(ours(request)), lookups)));

  it("register_digest: known users of known domains alone are found", () => {
    const asked = recorded("register_digest").filter(({ action }) => action === "sip_auth");
    for (const request of asked) {
      const known = ["1001", "1002", "1003"].includes(request.user ?? "") && request.domain === "acme.test";
      expect(read(reply(body(ours(request)), lookups)).notFound).toBe(!known);
    }
  });

  it("call_answered: rings the extension that was dialled", () => {
    const [dialplan] = outcomes("call_answered", "dialplan");
    expect(dialplan?.actions).toContain("bridge sofia/phones/1002%acme.test");
  });

  it("call_unknown_number: ends with 404", () => {
    const [dialplan] = outcomes("call_unknown_number", "dialplan");
    expect(dialplan?.actions.at(-1)).toBe("hangup UNALLOCATED_NUMBER");
  });

  it("inbound_did: rings the number's extension, whoever the gateway says it is", () => {
    const [dialplan] = outcomes("inbound_did", "dialplan");
    expect(dialplan?.actions).toContain("bridge sofia/phones/1001%acme.test");
  });

  it("chat: messages are refused", () => {
    expect(outcomes("chat", "chatplan").every(({ notFound }) => notFound)).toBe(true);
  });

  it("startup: the configurations that FreeSWITCH can't do without are there", () => {
    const found = recorded("startup").filter((request) => !read(reply(body(ours(request)), lookups)).notFound);
    expect(found.map(({ key_value }) => key_value)).toEqual(
      expect.arrayContaining(["sofia.conf", "voicemail.conf", "conference.conf", "acl.conf", "callcenter.conf"]),
    );
  });
});

describe("over HTTP", () => {
  let server: Server;
  let url: string;
  beforeAll(async () => {
    server = createServer((request, response) => answer(lookups, request, response));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  });
  afterAll(() => server.close());
  const post = async (text: string | Uint8Array<ArrayBuffer>) =>
    (await fetch(url, { method: "POST", body: text })).text();

  it("answers a phone's REGISTER with its HA1 and never with a password", async () => {
    const xml = await post(body(auth("REGISTER", "1001", "acme.test")));
    expect(read(xml).params["a1-hash"]).toMatch(/^[0-9a-f]{32}$/);
    expect(xml).not.toMatch(/password|pw-1-1001|cacheable/);
  });

  it.each([
    ["nothing", ""],
    ["noise", "\u0000\u0001%%%&&&===&=&%zz=%"],
    ["no form", '{"section":"directory"}'],
    ["half an escape", "section=directory&user=%"],
    ["bytes that are no UTF-8", "section=dialplan&Caller-Context=%ff%fe"],
    ["an unknown section", "section=constructor"],
    ["an unknown configuration", "section=configuration&key_value=__proto__"],
    ["10 MB", `section=directory&user=${"x".repeat(10_000_000)}`],
  ])("answers not found to %s", async (_, text) => {
    expect(await post(text)).toBe(notFound);
  });

  it("reads a body of separators alone as fast as any other", async () => {
    const timed = async (text: string): Promise<number> => {
      const start = performance.now();
      await post(text);
      return performance.now() - start;
    };
    const plain = await timed(`section=directory&user=${"x".repeat(250_000)}`);
    expect(await timed("&".repeat(250_000))).toBeLessThan(20 * plain + 200);
  });

  it("answers not found to raw bytes", async () => {
    expect(await post(Uint8Array.from({ length: 4096 }, (_, i) => i % 256))).toBe(notFound);
  });

  it("survives a client that goes away in the middle of a request", async () => {
    const socket = connect(Number(new URL(url).port), "127.0.0.1");
    await new Promise<void>((resolve) => socket.on("connect", resolve));
    socket.write("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\nsection=");
    socket.destroy();
    expect(await post(body(auth("REGISTER", "1001", "acme.test")))).toContain("a1-hash");
  });

  it("answers not found, and says why in the log, where answering fails", () => {
    const broken = {
      ...lookups,
      documents: {
        ...pbx.documents,
        tenantByDomain: () => {
          throw new Error("disk");
        },
      },
    };
    expect(reply(body(auth("REGISTER", "1001", "acme.test")), broken)).toBe(notFound);
    expect(log.error).toHaveBeenCalledOnce();
    log.error.mockClear();
  });
});
