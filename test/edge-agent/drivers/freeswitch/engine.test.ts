import { afterEach, describe, expect, it, vi } from "vitest";
import { createEngine } from "../../../../edge-agent/drivers/freeswitch/engine.ts";
import { noFront } from "../../../../edge-agent/drivers/freeswitch/front.ts";
import { fingerprint } from "../../../../edge-agent/drivers/freeswitch/gateway.ts";
import { createPbx, idOf } from "../../../support/pbx.ts";

const id = idOf("trk", 1);
const step = { do: "gateway", id, for: { kind: "trunk", id } } as const;

/** Answers of an event socket for one gateway, and the commands that came. */
function scene(answers: {
  there: boolean;
  phones?: boolean;
  fingerprint?: string;
  startgw?: string;
  killed?: boolean;
}) {
  const pbx = createPbx();
  pbx.acme.trunk(1, { name: "t" });
  const commands: string[] = [];
  const state = { ...answers };
  const api = async (command: string): Promise<string> => {
    commands.push(command);
    if (command.includes("killgw")) {
      if (state.killed !== false) {
        state.there = false;
        queueMicrotask(() =>
          engine.onEvent({
            name: "CUSTOM",
            subclass: "sofia::gateway_delete",
            headers: { Gateway: id },
            body: undefined,
          }),
        );
      }
      return "+OK gateway marked for deletion.\n";
    }
    if (command.includes("startgw")) {
      const trunk = pbx.documents.trunk(id);
      if (trunk && state.startgw === undefined)
        Object.assign(state, { there: true, fingerprint: fingerprint(trunk, pbx.documents, "key") });
      return state.startgw ?? "+OK start gateway complete\n";
    }
    if (/ profile phones/.test(command)) return state.phones === false ? "Invalid Profile!\n" : "<profile>";
    if (command.startsWith("callcenter_config")) return "name\n+OK\n";
    if (command === "sofia xmlstatus gateway") return `<name>${id}</name>`;
    if (command.startsWith("sofia_gateway_data")) return state.there ? (state.fingerprint ?? "") : "";
    return state.there ? "<gateway>" : "Invalid Gateway!\n";
  };
  const engine = createEngine({
    esl: { api, up: true },
    documents: pbx.documents,
    adding: { domains: new Set() },
    key: "key",
    registered: () => true,
    engaged: () => false,
    front: noFront,
  });
  const did = () =>
    commands.filter((command) => /killgw|startgw/.test(command)).map((command) => command.split(" ")[3]);
  return { pbx, engine, did };
}

afterEach(() => vi.useRealTimers());

describe("a trunk's gateway", () => {
  it("that is new is started", async () => {
    const { engine, did } = scene({ there: false });
    await engine.carryOut(step);
    expect(did()).toEqual(["startgw"]);
  });

  it("that changed is killed, awaited, and started", async () => {
    const { engine, did } = scene({ there: true, fingerprint: "old" });
    await engine.carryOut(step);
    expect(did()).toEqual(["killgw", "startgw"]);
  });

  it("that is as it should be is left alone", async () => {
    const { pbx, engine, did } = scene({ there: false });
    await engine.carryOut(step);
    await engine.carryOut(step);
    pbx.acme.trunk(1, { name: "another name", priority: 7, inboundAddresses: ["192.0.2.1"] });
    await engine.carryOut(step);
    expect(did()).toEqual(["startgw"]);
  });

  it("that is gone or disabled is killed", async () => {
    for (const change of ["gone", "disabled"]) {
      const { pbx, engine, did } = scene({ there: true, fingerprint: "old" });
      if (change === "gone") pbx.acme.noTrunk(1);
      else pbx.acme.trunk(1, { enabled: false });
      await engine.carryOut(step);
      expect(did()).toEqual(["killgw"]);
    }
  });

  it("that FreeSWITCH does not start fails with what it says", async () => {
    const { engine } = scene({ there: false, startgw: "-ERR cannot add gateway\n" });
    await expect(engine.carryOut(step)).rejects.toThrow("-ERR cannot add gateway");
  });

  it("that does not show its new settings fails", async () => {
    vi.useFakeTimers();
    const { engine } = scene({ there: false, startgw: "+OK start gateway complete\n" });
    const failed = expect(engine.carryOut(step)).rejects.toThrow("did not come up");
    await vi.advanceTimersByTimeAsync(10_000);
    await failed;
  });

  it("that will not go fails", async () => {
    vi.useFakeTimers();
    const { engine } = scene({ there: true, fingerprint: "old", killed: false });
    const failed = expect(engine.carryOut(step)).rejects.toThrow("still there");
    await vi.advanceTimersByTimeAsync(10_000);
    await failed;
  });
});

describe("the comparison with the engine", () => {
  it("finds what is wrong with trunks while the profile of phones is down, and says that it is", async () => {
    const { engine, pbx } = scene({ there: true, fingerprint: "old", phones: false });
    pbx.acme.put("queue", "q", { name: "q", agents: [{ extension: pbx.acme.ext(1002) }] });
    const { steps, down } = await engine.differences();
    expect(down).toBe("phones");
    expect(steps.map((one) => `${one.do} ${one.for.id}`)).toEqual([
      `gateway ${id}`,
      `queue ${pbx.acme.idOf("queue", "q")}`,
      `agent ${pbx.acme.ext(1002)}`,
    ]);
  });

  it("finds that domains are missing where the profile runs", async () => {
    const { engine } = scene({ there: true, fingerprint: "old" });
    const { steps, down } = await engine.differences();
    expect(down).toBeUndefined();
    expect(steps.map((one) => one.do)).toEqual(["gateway", "alias", "alias"]);
  });
});

it("a password is no part of what the engine shows of a gateway", () => {
  const pbx = createPbx();
  pbx.acme.trunk(1, { username: "a", password: "password-1" });
  const first = pbx.documents.trunk(id);
  if (!first) throw new Error("no trunk");
  const before = fingerprint(first, pbx.documents, "key");
  pbx.acme.trunk(1, { username: "a", password: "password-2" });
  const second = pbx.documents.trunk(id) ?? first;
  expect(before).toMatch(/^[0-9a-f]{16}$/);
  expect(fingerprint(second, pbx.documents, "key")).not.toBe(before);
  expect(fingerprint(second, pbx.documents, "other key")).not.toBe(fingerprint(second, pbx.documents, "key"));
});
