import { afterAll, beforeAll, describe, it } from "vitest";
import { engineInstalled, type FreeswitchHost, startFreeswitch } from "../../support/freeswitch.ts";
import { createPbx } from "../../support/pbx.ts";
import { freePort, play, sipp, type Typed, went } from "../../support/sipp.ts";

describe.runIf(engineInstalled())("a menu on a real FreeSWITCH", { timeout: 40_000 }, () => {
  const pbx = createPbx();
  const { acme } = pbx;
  let host: FreeswitchHost;
  const ports = new Map<string, number>();

  beforeAll(async () => {
    acme.put("menu", "main", {
      name: "main",
      extensionNumber: "700",
      options: [
        { digits: "1", label: "Sales", destination: { kind: "extension", ref: acme.ext(1002) } },
        { digits: "12", destination: { kind: "hangup", cause: "busy" } },
      ],
      dialByExtension: true,
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
});
