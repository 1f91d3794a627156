import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { answerConfiguration } from "../../../../edge-agent/drivers/freeswitch/configuration.ts";
import { exact, inert, number, token } from "../../../../edge-agent/drivers/freeswitch/inert.ts";
import { reply } from "../../../../edge-agent/drivers/freeswitch/lookup.ts";
import { freeswitchConfig } from "../../../support/freeswitch-config.ts";
import { createPbx, idOf } from "../../../support/pbx.ts";
import { expandable, preprocess } from "./preprocessor.ts";
import { body, dialled, fromCarrier, type Request, read } from "./requests.ts";

const config = freeswitchConfig();

const evil = [
  ...["${system touch /tmp/x}", "$${hostname}", "$\\{x}", "\\$\\${x}", "${", "$${", "x-pre-process", "X-PRE-PROCESS"],
  ...[
    '<X-PRE-PROCESS cmd="exec-set" data="a=id"/>',
    "<!--#exec id-->",
    "<?xml?>",
    "<include>",
    "-->",
    "]]>",
    "&#36;{x}",
  ],
  ...[
    "\r\n",
    "\n",
    "\u0000",
    '"',
    "'",
    "\\",
    "`",
    ",",
    ";",
    "|",
    "^^:",
    "{a=b}",
    "[a=b]",
    "<sip:x@y>",
    "$1",
    "%",
    "\u202e",
  ],
  ...[
    "\ud800",
    "\u2028",
    "&",
    "&amp;",
    "a=b",
    "_:_",
    "x-\u0000pre-process",
    "$\u0000{a}",
    "x\u202a-pre-process",
    "$$\u202a{x}",
  ],
];
const text = fc.array(fc.oneof(fc.constantFrom(...evil), fc.string({ unit: "binary", maxLength: 6 })), {
  maxLength: 8,
});
const hostile = text.map((parts) => parts.join(""));

/** Parsed with and without the preprocessor the same, and every line still there. */
function survives(xml: string) {
  const parsed = read(xml);
  const processed = preprocess(xml);
  expect(processed.split("\n")).toHaveLength(xml.split("\n").length);
  expect(processed).toBe(xml);
  return parsed;
}

describe("an attribute's value", () => {
  it("arrives exactly, whatever printable it holds, and nothing acts on its line", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom(..."$${}x-preocsX-PRS<>&\"'\\;,[]^ aé€😀"), maxLength: 60 }),
        (value) => {
          const xml = `<param name="a" value="${exact(value)}"/>`;
          expect(survives(xml).params.a).toBe(value);
        },
      ),
    );
  });

  it("of any bytes at all is one line", () => {
    fc.assert(fc.property(hostile, (value) => void survives(`<param name="a" value="${exact(value)}"/>`)));
  });
});

describe("text for a channel", () => {
  it.each([
    ["O'Brien & Söhne <x>", "O\u2019Brien & Söhne <x>"],
    ['Ada "the Countess" Lovelace', "Ada \u2019\u2019the Countess\u2019\u2019 Lovelace"],
    ["Miller, John", "Miller\u201a John"],
    ["Cash $100", "Cash $100"],
    ["100% sure", "100% sure"],
    ["a%0d%0aX-Evil: 1", "a\uff050d\uff050aX-Evil: 1"],
    ["${system id}", "\uff04(system id)"],
    ["株式会社 [東京]", "株式会社 (東京)"],
  ])("%s stays readable: %s", (from, to) => {
    expect(inert(from)).toBe(to);
  });

  it("expands to nothing, ends no quote and no list, and is one line", () => {
    fc.assert(
      fc.property(hostile, (value) => {
        const out = inert(value);
        expect(expandable(out)).toBe(false);
        expect(out).not.toMatch(
          /["'\\{}[\],^\u0000-\u001f\u007f\u2028\u2029\u202a-\u202e]|x-pre-process|%[0-9a-f]{2}/i,
        );
        expect(out.isWellFormed()).toBe(true);
      }),
    );
  });

  it("a number holds nothing but what numbers are made of", () => {
    fc.assert(fc.property(hostile, (value) => void expect(number(value)).toMatch(/^[0-9A-Za-z+*#._-]{0,64}$/)));
  });

  it("a name for a command is refused where it could do more", () => {
    for (const name of ["a b", "a,b", "a/b", "a%b", "", "a\nb", "${a}", "-a"]) expect(() => token(name)).toThrow();
    expect(token("trk_01J")).toBe("trk_01J");
  });
});

describe("what tenants and callers write", () => {
  const lookup = (pbx: ReturnType<typeof createPbx>, request: Request) =>
    survives(
      reply(body(request), {
        documents: pbx.documents,
        config,
        log: { error: (detail) => expect(detail).toBeUndefined() },
      }),
    );
  const shown = (actions: string[]) => actions.filter((action) => action.startsWith("set effective_caller_id_"));

  it("a display name reaches the callee without effect", () => {
    const pbx = createPbx();
    const harmless = lookup(pbx, dialled(pbx.acme, "1001", "1002")).actions.length;
    fc.assert(
      fc.property(hostile, (displayName) => {
        pbx.acme.extension(1001, { displayName });
        const { actions } = lookup(pbx, dialled(pbx.acme, "1001", "1002"));
        expect(actions.filter(expandable)).toEqual([]);
        expect(actions).toHaveLength(harmless);
        expect(shown(actions)).toHaveLength(2);
      }),
      { numRuns: 200 },
    );
  });

  it("what is dialled, and every other field of a phone, has no effect", () => {
    const pbx = createPbx();
    fc.assert(
      fc.property(hostile, hostile, (to, name) => {
        const request = dialled(pbx.acme, "1001", to, {
          "Caller-Caller-ID-Name": name,
          variable_originate_disposition: name,
          variable_dp_node: to,
          variable_dp_dialled: name,
        });
        if (!JSON.stringify(request).isWellFormed() || !name.isWellFormed() || !to.isWellFormed()) return;
        expect(lookup(pbx, request).actions.filter(expandable)).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });

  it("a carrier's caller id has no effect", () => {
    const pbx = createPbx();
    pbx.acme.number("+15550100", { kind: "extension", ref: pbx.acme.ext(1001) });
    pbx.acme.trunk(1, { inboundAddresses: ["192.0.2.10"] });
    fc.assert(
      fc.property(hostile, hostile, (name, from) => {
        if (!name.isWellFormed() || !from.isWellFormed()) return;
        const caller = { "Caller-Caller-ID-Name": name, "Caller-Caller-ID-Number": from };
        const { actions } = lookup(pbx, fromCarrier("192.0.2.10", "+15550100", caller));
        expect(actions).toContain("bridge sofia/phones/1001%acme.test");
        expect(actions.filter(expandable)).toEqual([]);
        expect(shown(actions)).toHaveLength(2);
      }),
      { numRuns: 300 },
    );
  });

  it("a trunk's password reaches FreeSWITCH exactly", () => {
    const pbx = createPbx();
    const printable = fc.string({
      unit: fc.constantFrom(..."$${}x-preocsX-PRS<>&\"'\\;,[]^aZ9"),
      minLength: 8,
      maxLength: 64,
    });
    fc.assert(
      fc.property(printable, (password) => {
        pbx.acme.trunk(1, { username: "acme", password, register: true });
        const fields = new Map([
          ["key_value", "sofia.conf"],
          ["profile", "carriers"],
        ]);
        const xml = answerConfiguration({ config, fields, documents: pbx.documents }) ?? "";
        const parsed = survives(xml);
        expect(parsed.all("gateway")).toEqual([{ name: idOf("trk", 1) }]);
        expect(parsed.params.password).toBe(password);
      }),
      { numRuns: 100 },
    );
  });
});
