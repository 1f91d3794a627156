// Host names, addresses and networks.
import { BlockList, isIPv4, isIPv6 } from "node:net";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { contains } from "../../../core/network.ts";
import { cidr, domain, host } from "../../../core/resources/network.ts";

/** What node itself says. */
function node(network: string, address: string): boolean {
  const [base = "", length] = network.split("/");
  const family = isIPv4(base) ? "ipv4" : "ipv6";
  const list = new BlockList();
  if (length === undefined) list.addAddress(base, family);
  else list.addSubnet(base, Number(length), family);
  return list.check(address, isIPv4(address) ? "ipv4" : "ipv6");
}

const mapped = (address: string): boolean => /^(0{0,4}:){0,5}:?(ffff|FFFF):/.test(address) || /^::ffff:/i.test(address);
const v4 = fc.oneof(
  fc.ipV4(),
  fc
    .tuple(fc.constantFrom("10.0.0.", "192.0.2.", "0.0.0.", "255.255.255."), fc.nat(255))
    .map(([start, end]) => start + end),
);
const v6 = fc
  .oneof(
    fc.ipV6(),
    fc
      .tuple(fc.constantFrom("2001:db8::", "::", "fe80::1:", "2001:db8:0:0:0:0:0:"), fc.nat(0xffff))
      .map(([start, end]) => start + end.toString(16)),
  )
  .filter((address) => !mapped(address) && isIPv6(address));

describe("contains", () => {
  test("says what node's own block list says", () => {
    fc.assert(
      fc.property(v4, v4, fc.nat(32), (base, address, length) => {
        expect(contains(`${base}/${length}`, address)).toBe(node(`${base}/${length}`, address));
        expect(contains(base, address)).toBe(node(base, address));
      }),
      { numRuns: 300 },
    );
    fc.assert(
      fc.property(v6, v6, fc.nat(128), (base, address, length) => {
        expect(contains(`${base}/${length}`, address), `${base}/${length} ${address}`).toBe(
          node(`${base}/${length}`, address),
        );
      }),
      { numRuns: 300 },
    );
  });

  test("an address lies in itself and in everything of length 0 of its family, and in no other family", () => {
    fc.assert(
      fc.property(v4, v6, (four, six) => {
        expect([
          contains(four, four),
          contains(`${four}/32`, four),
          contains("0.0.0.0/0", four),
          contains("::/0", four),
        ]).toEqual([true, true, true, false]);
        expect([
          contains(six, six),
          contains(`${six}/128`, six),
          contains("::/0", six),
          contains("0.0.0.0/0", six),
        ]).toEqual([true, true, true, false]);
      }),
    );
  });

  test("an IPv4 peer on a dual-stack socket is itself, in either spelling", () => {
    for (const address of ["::ffff:192.0.2.7", "::FFFF:c000:207", "0:0:0:0:0:ffff:192.0.2.7"]) {
      expect(contains("192.0.2.0/24", address)).toBe(true);
      expect(contains("192.0.2.7", address)).toBe(true);
      expect(contains("192.0.3.0/24", address)).toBe(false);
      expect(contains("::ffff:192.0.2.0/120", address)).toBe(true);
      expect(contains("::ffff:192.0.2.0/127", address)).toBe(false);
      expect(contains("::/0", address)).toBe(false);
    }
  });

  test("what is malformed lies nowhere, and nothing lies in it", () => {
    const bad = [
      "",
      "1.2.3",
      "1.2.3.4.5",
      "1..3.4",
      "1.2.3.",
      ".1.2.3",
      "1.2.3.256",
      "01.2.3.4",
      "0x1.2.3.4",
      "1e0.2.3.4",
      "+1.2.3.4",
      " 1.2.3.4",
      "1.2.3.4 ",
      "1,2,3,4",
      ":",
      ":::",
      "1::2::3",
      "1:::2",
      "12345::",
      "g::",
      "1:2:3:4:5:6:7",
      "1:2:3:4:5:6:7:8:9",
      "1:2:3:4:5:6:7::8",
      "::1%eth0",
      "::1.2.3",
      "::1.2.3.4.5",
      "1.2.3.4::",
      "localhost",
    ];
    for (const one of bad)
      for (const other of ["0.0.0.0/0", "::/0", "1.2.3.4", "0.0.0.0", "::", "::1", "1.2.3.0", one]) {
        expect([one, contains(other, one)]).toEqual([one, false]);
        expect([one, contains(one, other)]).toEqual([one, false]);
      }
    for (const network of [
      "1.2.3.4/",
      "1.2.3.4/33",
      "1.2.3.4/-1",
      "1.2.3.4/ 8",
      "1.2.3.4/08",
      "1.2.3.4/8/8",
      "1.2.3.4/x",
      "1.2.3.4/1e1",
      "::/129",
      "::ffff:1.2.3.4/95",
      "/0",
    ])
      expect([network, contains(network, "1.2.3.4"), contains(network, "::")]).toEqual([network, false, false]);
    fc.assert(
      fc.property(fc.string(), fc.string(), (one, other) => void expect(typeof contains(one, other)).toBe("boolean")),
    );
  });

  test("every network that a field takes is understood", () => {
    fc.assert(
      fc.property(fc.oneof(v4, v6), fc.nat(32), (base, length) => {
        const network = `${base}/${length}`;
        expect(cidr.safeParse(network).success).toBe(true);
        expect(contains(network, base)).toBe(true);
      }),
    );
  });
});

describe("host and domain", () => {
  test("take names of two labels and more, in lower case, and addresses", () => {
    for (const name of [
      "acme.example",
      "a.b.c.d.example",
      "xn--mnchen-3ya.example",
      "1.acme.example",
      "a-b.example",
      `${"a".repeat(63)}.example`,
    ])
      expect([domain.parse(name), host.parse(name)]).toEqual([name, name]);
    expect(domain.parse("ACME.Example")).toBe("acme.example");
    for (const address of ["192.0.2.1", "2001:db8::1"])
      expect([host.parse(address), domain.safeParse(address).success]).toEqual([address, false]);
  });

  test("refuse everything that could be more than a name", () => {
    for (const name of [
      "acme",
      "acme.",
      ".acme.example",
      "a..b",
      "-a.example",
      "a-.example",
      "a.-b",
      "a_b.example",
      "a b.example",
      "a.example\n",
      "a.example;x",
      "a.example/x",
      "a.1",
      "é.example",
      `${"a".repeat(64)}.example`,
      `${"a.".repeat(126)}toolong`,
      `\${x}.example`,
      "1.2.3.4.5",
      "256.1.1.1",
    ])
      expect([name, domain.safeParse(name).success]).toEqual([name, false]);
  });
});
