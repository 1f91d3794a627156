import { expect, test } from "vitest";
import { inOrder } from "../../web/phone/candidates.ts";
import { dialled } from "../../web/phone/phone.ts";

const sdp = [
  "v=0",
  "m=audio 9 UDP/TLS/RTP/SAVPF 111 0",
  "a=candidate:1 1 udp 2122194687 10.8.0.2 38423 typ host generation 0 network-id 3 network-cost 50",
  "a=candidate:2 1 udp 2122063615 192.0.2.2 34238 typ host generation 0 network-id 1",
  "a=candidate:3 1 udp 2122267903 2001:db8::2 53951 typ host generation 0 network-id 4 network-cost 50",
  "a=candidate:4 1 tcp 1518214911 192.0.2.2 9 typ host tcptype active",
  "a=ice-ufrag:x",
  "",
].join("\r\n");

test("the network that a browser prefers comes first in its offer, and nothing else moves", () => {
  const lines = inOrder(sdp).split("\r\n");
  const others = (text: string) => text.split("\r\n").filter((line) => !line.startsWith("a=candidate"));
  expect(lines.filter((line) => line.startsWith("a=candidate")).map((line) => line[12])).toEqual(["2", "3", "1"]);
  expect(others(inOrder(sdp))).toEqual(others(sdp));
  expect(inOrder("v=0\r\n")).toBe("v=0\r\n");
});

test("a number is dialled as people write it", () => {
  expect(["+1 (202) 555-0123", "10 01", "*97", "01/23.45"].map(dialled)).toEqual([
    "+12025550123",
    "1001",
    "*97",
    "012345",
  ]);
});
