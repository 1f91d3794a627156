import { describe, expect, it } from "vitest";
import { stepsFor } from "../../../../edge-agent/drivers/freeswitch/steps.ts";
import { createPbx, idOf } from "../../../support/pbx.ts";

const pbx = createPbx();
const { acme } = pbx;
const device = (username: string, secret: number) => ({
  label: "Phone",
  username,
  password: { secret: `sec_${String(secret).padStart(26, "0")}#1` },
});
const extension = (devices: unknown[], more: Record<string, unknown> = {}) => ({
  number: "1001",
  enabled: true,
  devices,
  ...more,
});
const steps = (kind: string, before: Record<string, unknown> | undefined, after: Record<string, unknown> | undefined) =>
  stepsFor(acme.owner, [{ kind, id: "x_1", before, after }], pbx.documents).map(({ for: _, ...step }) => step);
const flush = (user: string) => ({ do: "flush", user, domain: "acme.test" });
const [desk, mobile] = [device("1001", 1), device("mobile", 2)];

describe("an extension", () => {
  it.each<[string, unknown, unknown, string[]]>([
    ["is new", undefined, extension([desk]), []],
    ["is gone", extension([desk, mobile]), undefined, ["1001", "mobile"]],
    ["is disabled", extension([desk]), extension([desk], { enabled: false }), ["1001"]],
    ["is enabled again", extension([desk], { enabled: false }), extension([desk]), []],
    ["lost a device", extension([desk, mobile]), extension([desk]), ["mobile"]],
    ["has a device under another name", extension([mobile]), extension([device("desk", 2)]), ["mobile"]],
    ["has a new password", extension([desk, mobile]), extension([device("1001", 3), mobile]), ["1001"]],
    ["has its password back as it is", extension([desk]), extension([device("1001", 1)]), []],
    [
      "has another name and other labels",
      extension([desk]),
      extension([{ ...desk, label: "x" }], { displayName: "A" }),
      [],
    ],
  ])("that %s", (_, before, after, flushed) => {
    const [was, is] = [before, after] as (Record<string, unknown> | undefined)[];
    expect(steps("extension", was, is)).toEqual(flushed.map(flush));
  });
});

describe("a tenant", () => {
  it("that is new gets its alias", () => {
    expect(steps("tenant", undefined, { domain: "new.test" })).toEqual([{ do: "alias", domain: "new.test" }]);
  });

  it("that changed its domain loses the old one's registrations, first", () => {
    expect(steps("tenant", { domain: "old.test" }, { domain: "new.test" })).toEqual([
      { do: "flush", user: undefined, domain: "old.test" },
      { do: "alias", domain: "new.test" },
    ]);
  });

  it("that is gone loses them all at once, not one by one", () => {
    const gone = [
      { kind: "extension", id: "ext_1", before: extension([desk]), after: undefined },
      { kind: "tenant", id: "ten_1", before: { domain: "old.test" }, after: undefined },
    ];
    const found = stepsFor(idOf("T#ten", 99) as typeof acme.owner, gone, pbx.documents);
    expect(found).toMatchObject([{ do: "flush", user: undefined, domain: "old.test" }]);
  });

  it("that changed anything else needs nothing", () => {
    expect(steps("tenant", { domain: "acme.test", name: "a" }, { domain: "acme.test", name: "b" })).toEqual([]);
  });
});

it("a trunk's gateway is looked at after the registrations", () => {
  const changes = [
    { kind: "trunk", id: idOf("trk", 1), before: undefined, after: { name: "t" } },
    { kind: "extension", id: "ext_1", before: extension([desk]), after: undefined },
  ];
  expect(stepsFor(acme.owner, changes, pbx.documents).map((step) => step.do)).toEqual(["flush", "gateway"]);
});

it.each(["phone-number", "voicemail-box", "account", "something-new"])("a %s needs nothing", (kind) => {
  expect(steps(kind, { name: "a" }, { name: "b" })).toEqual([]);
});

describe("queues", () => {
  const scene = () => {
    const pbx = createPbx();
    const { acme } = pbx;
    acme.put("queue", "q", { name: "q", agents: [{ extension: acme.ext(1002) }] });
    const queue = acme.idOf("queue", "q");
    const of = (kind: string, id: string, before?: Record<string, unknown>, after?: Record<string, unknown>) =>
      stepsFor(acme.owner, [{ kind, id, before, after }], pbx.documents)
        .filter((step) => step.do === "queue" || step.do === "agent")
        .map((step) => `${step.do} ${"id" in step ? step.id : ""}`);
    return { acme, queue, of, body: extension([desk]) };
  };

  it("are brought in step when they change, and when their tenant's domain does", () => {
    const { acme, queue, of } = scene();
    expect(of("queue", queue, {}, {})).toEqual([`queue ${queue}`]);
    expect(of("queue", queue, {}, undefined)).toEqual([`queue ${queue}`]);
    expect(of("tenant", acme.id, { domain: "old.test" }, { domain: "acme.test" })).toEqual([`queue ${queue}`]);
    expect(of("tenant", acme.id, { domain: "acme.test", name: "a" }, { domain: "acme.test", name: "b" })).toEqual([]);
  });

  it("are brought in step when what an agent can do changes; for anything else of him, he alone", () => {
    const { acme, queue, of, body } = scene();
    const skilled = { ...body, skills: [{ skill: "french", level: 3 }] };
    expect(of("extension", acme.ext(1002), body, skilled)).toEqual([`queue ${queue}`]);
    expect(of("extension", acme.ext(1002), body, { ...body, enabled: false })).toEqual([`queue ${queue}`]);
    expect(of("extension", acme.ext(1002), body, { ...body, doNotDisturb: true })).toEqual([`agent ${acme.ext(1002)}`]);
    expect(of("extension", acme.ext(1001), body, skilled)).toEqual([]);
  });
});
