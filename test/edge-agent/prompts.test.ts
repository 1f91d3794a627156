import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createPrompts, type Prompts, playable, promptFile } from "../../edge-agent/prompts.ts";
import { createPbx } from "../support/pbx.ts";
import { createStock, type Stock } from "../support/stock.ts";
import { samplesOf, sine, toneIn, wavOf } from "../support/wav.ts";

describe("prompts on this host", () => {
  let pbx: ReturnType<typeof createPbx>;
  let stock: Stock;
  let dir: string;
  let prompts: Prompts;
  const create = () => createPrompts({ documents: pbx.documents, media: stock, dir });
  const name = (key: string, audio: ReturnType<Stock["put"]> | null) =>
    pbx.acme.put("prompt", key, { name: key, audio });
  const id = (key: string) => pbx.acme.idOf("prompt", key);

  beforeEach(() => {
    pbx = createPbx();
    stock = createStock();
    dir = mkdtempSync(join(tmpdir(), "dialplane-"));
    prompts = create();
  });
  afterEach(() => rmSync(dir, { recursive: true, force: true }));
  const playing = (key: string, audio: { sha256: string }) => {
    const file = playable(dir, id(key), audio.sha256);
    if (file === undefined) throw new Error("a tone is heard");
    return samplesOf(readFileSync(file));
  };

  it("are fetched, converted and there under the hash of what was uploaded", async () => {
    const audio = stock.put(wavOf(0.2, sine(500), { rate: 44_100, channels: 2 }));
    name("hello", audio);
    expect(await prompts.bring([id("hello")])).toEqual([]);
    const wav = samplesOf(readFileSync(promptFile(dir, audio.sha256)));
    expect([wav.rate, wav.channels]).toEqual([16_000, 1]);
    expect(toneIn(wav, 500)).toBeGreaterThan(0.4);
    await prompts.bring([id("hello")]);
    expect(stock.fetches).toHaveLength(1);
  });

  it("that can't be fetched are said, by name, and come with a later try; until then the old audio is played", async () => {
    const [old, fresh] = [stock.put(wavOf(0.1, sine(300))), stock.put(wavOf(0.1, sine(600)))];
    name("hello", old);
    await prompts.reconcile();
    name("hello", fresh);
    stock.broken = new Error("no route");
    expect(await prompts.bring([id("hello")])).toEqual([
      { kind: "prompt", id: id("hello"), reason: "prompt hello: audio could not be fetched: no route", retry: true },
    ]);
    expect((await prompts.reconcile()).size).toBe(1);
    expect(toneIn(playing("hello", fresh), 300)).toBeGreaterThan(0.4);
    stock.broken = undefined;
    expect(await prompts.bring([id("hello")])).toEqual([]);
    expect(toneIn(playing("hello", fresh), 600)).toBeGreaterThan(0.4);
    expect((await prompts.reconcile()).size).toBe(0);
    expect(readdirSync(dir).sort()).toEqual([`${fresh.sha256}.wav`, `${id("hello")}.wav`].sort());
  });

  it("that nobody can convert are said once and for all", async () => {
    name("noise", stock.put(Buffer.from("no audio at all")));
    expect(await prompts.bring([id("noise")])).toMatchObject([
      { retry: false, reason: expect.stringContaining("noise") },
    ]);
  });

  it("that nobody names any more are deleted, with what a killed agent left half written; one that another tenant names stays", async () => {
    const audio = stock.put(wavOf(0.1, sine(300)));
    name("mine", audio);
    pbx.globex.put("prompt", "theirs", { name: "theirs", audio });
    await prompts.reconcile();
    writeFileSync(join(dir, `${"a".repeat(64)}.wav.part`), "half");
    writeFileSync(join(dir, "not-ours.txt"), "stays");
    pbx.acme.drop("prompt", "mine");
    prompts = create();
    await prompts.reconcile();
    expect(readdirSync(dir).sort()).toEqual(
      [`${audio.sha256}.wav`, `${pbx.globex.idOf("prompt", "theirs")}.wav`, "not-ours.txt"].sort(),
    );
    pbx.globex.drop("prompt", "theirs");
    await prompts.reconcile();
    expect(readdirSync(dir)).toEqual(["not-ours.txt"]);
  });

  it("of one failing do not hold up another", async () => {
    const good = stock.put(wavOf(0.1, sine(300)));
    name("good", good);
    name("gone", { sha256: "b".repeat(64), bytes: 5, contentType: "audio/wav" });
    const found = await prompts.reconcile();
    expect([...found.keys()]).toEqual([pbx.acme.owner]);
    expect(existsSync(promptFile(dir, good.sha256))).toBe(true);
  });
});
