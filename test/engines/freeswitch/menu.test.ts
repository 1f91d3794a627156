import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { engineInstalled, type FreeswitchHost, startFreeswitch } from "../../support/freeswitch.ts";
import { createPbx } from "../../support/pbx.ts";
import { freePort, play, sipp, type Typed, went } from "../../support/sipp.ts";

describe.runIf(engineInstalled())("a menu on a real FreeSWITCH", { timeout: 40_000 }, () => {
  const pbx = createPbx();
  const { acme } = pbx;
  let host: FreeswitchHost;
  const ports = new Map<string, number>();

  beforeAll(async () => {
    acme.extension(1004, { displayName: "Bob Marley" });
    acme.put("directory", "all", { name: "all", extensionNumber: "411", tries: 1 });
    acme.put("menu", "main", {
      name: "main",
      extensionNumber: "700",
      options: [
        { digits: "1", label: "Sales", destination: { kind: "extension", ref: acme.ext(1002) } },
        { digits: "12", destination: { kind: "hangup", cause: "busy" } },
      ],
      dialByExtension: true,
      directory: acme.idOf("directory", "all"),
      timeoutSeconds: 1,
      betweenDigitsSeconds: 1,
      tries: 2,
    });
    host = await startFreeswitch(pbx);
    for (const number of [1001, 1002]) {
      const port = await freePort();
      ports.set(String(number), port);
      went(await play("register", acme.phone(number), { to: host.phones, port }));
    }
  }, 60_000);
  afterAll(() => host?.stop());

  /** Types, and talks on for `talk` ms. */
  const call = (to: string, typed: Typed, talk = 500) =>
    play(
      "call",
      { ...acme.phone(1001), to, talk: String(talk) },
      { to: host.phones, port: ports.get("1001") ?? 0, typed },
    );
  /** Types, and is hung up on. */
  const heldOut = (to: string, typed: Typed) =>
    play("call-until-bye", { ...acme.phone(1001), to }, { to: host.phones, port: ports.get("1001") ?? 0, typed });

  it.each<[string, Typed, number]>([
    ["an extension's number reaches the extension at once", [[600, "1002"]], 500],
    ["an option that others begin with is taken once nothing follows", [[600, "1"]], 2000],
    [
      "a wrong key costs a try, and the next is right",
      [
        [600, "7"],
        [400, "1002"],
      ],
      500,
    ],
  ])("%s", async (_, typed, talk) => {
    const callee = await sipp("answer", {}, { port: ports.get("1002") ?? 0 });
    went(await call("700", typed, talk));
    went(await callee.done);
  });

  it.each<[string, Typed]>([
    ["nothing typed in all tries ends the call", []],
    [
      "wrong digits in all tries end the call",
      [
        [600, "7"],
        [400, "8"],
      ],
    ],
  ])("%s", async (_, typed) => {
    went(await heldOut("700", typed));
  });

  describe("the directory", () => {
    it("offers those who are spelt alike, and the one who is accepted is called", async () => {
      const callee = await sipp("answer", {}, { port: ports.get("1002") ?? 0 });
      went(
        await call(
          "411",
          [
            [800, "262"],
            [1200, "1"],
          ],
          500,
        ),
      );
      went(await callee.done);
    });

    it("is reached from a menu, and the only one who is spelt so is called", async () => {
      const callee = await sipp("answer", {}, { port: ports.get("1002") ?? 0 });
      acme.extension(1004, { displayName: "Zoe" });
      went(
        await call(
          "700",
          [
            [600, "99"],
            [600, "262"],
          ],
          500,
        ),
      );
      went(await callee.done);
    });

    it("hangs up on who spells an unknown name", async () => {
      went(await heldOut("411", [[800, "999"]]));
    });
  });

  it("writes no PIN into FreeSWITCH's log, and leaves none on the leg", async () => {
    acme.put("conference", "board", { name: "board", extensionNumber: "800", pin: acme.secret("73510066") });
    const before = host.log().length;
    went(await call("800", [[800, "63518842#"]], 1000));
    const log = host.log().slice(before);
    expect(log).toContain("play_and_get_digits");
    expect(log).toContain("unset(dp_digits)");
    expect(log).not.toMatch(/63518842|RTP RECV DTMF/);
  });
});
