import { createSocket } from "node:dgram";
import type { AddressInfo } from "node:net";
import { afterEach, expect, it } from "vitest";
import { createPings } from "../../../../edge-agent/drivers/freeswitch/front-pings.ts";
import type { Host } from "../../../../edge-agent/drivers/freeswitch/phone.ts";
import { parseSip, response } from "../../../support/sip.ts";

const stops: (() => void)[] = [];
afterEach(() => {
  for (const stop of stops.splice(0)) stop();
});

/** A host that answers, until it is told not to. */
async function host(address: string) {
  const socket = createSocket("udp4");
  await new Promise<void>((resolve) => socket.bind(0, address, resolve));
  stops.push(() => socket.close());
  const asked: string[] = [];
  const is = { address, port: (socket.address() as AddressInfo).port, silent: false, asked };
  socket.on("message", (data, from) => {
    asked.push(data.toString());
    if (!is.silent) socket.send(response(parseSip(data.toString()), "200 OK"), from.port, from.address);
  });
  return is;
}
function pinging(hosts: () => Host[], onTurn: () => void = () => undefined) {
  const pings = createPings({ hosts, from: "127.0.0.1", onTurn, everyMs: 10 });
  pings.start();
  stops.push(pings.stop);
  return pings;
}

it("a host that says nothing any more is known to, and again when it speaks", async () => {
  const [first, second] = [await host("127.0.0.2"), await host("127.0.0.3")];
  const pings = pinging(() => [first, second]);
  await expect.poll(() => second.asked.length).toBeGreaterThan(5);
  expect([first, second].map(pings.answers)).toEqual([true, true]);
  first.silent = true;
  await expect.poll(() => [first, second].map(pings.answers)).toEqual([false, true]);
  first.silent = false;
  await expect.poll(() => [first, second].map(pings.answers)).toEqual([true, true]);
  expect(first.asked[0]).toMatch(new RegExp(`^OPTIONS sip:127.0.0.2:${first.port} SIP/2.0\r\n`));
});

it("a host that nobody knows anything of answers, as far as one knows", () => {
  expect(pinging(() => []).answers({ address: "127.0.0.9", port: 1 })).toBe(true);
});

it("the only one is not asked: there is no choice", async () => {
  const only = await host("127.0.0.2");
  let turns = 0;
  pinging(
    () => [only],
    () => void turns++,
  );
  await expect.poll(() => turns).toBeGreaterThan(5);
  expect(only.asked).toEqual([]);
});
