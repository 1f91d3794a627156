import {
  existsSync,
  lutimesSync,
  mkdirSync,
  readdirSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { describe, expect, it, vi } from "vitest";
import { cdrsOf, eventsOf, harness, writeCdrs } from "./harness.ts";

const scenario = "lookup_failover";
const files = (dir: string): string[] =>
  existsSync(dir) ? readdirSync(dir).filter((name) => name.endsWith(".json")) : [];
const quickly = { interval: 5, timeout: 10_000 };
const isRoot = ({ text }: { text: string }) => JSON.parse(text).channel_data.direction === "inbound";

describe("CDR files", () => {
  it("stay until their record is on disk, and come again if it was not", async () => {
    let fail = true;
    const kept: unknown[] = [];
    const { report, log, cdrDir } = harness({
      waits: { legs: 50, sweep: 10, retry: 10 },
      report: async (event) => {
        if (fail) throw new Error("the disk is full");
        kept.push(event);
      },
    });
    writeCdrs(cdrDir, cdrsOf(scenario));
    report.start();
    await vi.waitFor(() => expect(log.error.mock.calls.length).toBeGreaterThan(2), quickly);
    expect(files(cdrDir)).toHaveLength(3);
    fail = false;
    await vi.waitFor(() => expect(files(cdrDir)).toEqual([]), quickly);
    expect(kept).toHaveLength(1);
  });

  it("give the same record with the same event id after a crash at any point", async () => {
    const first = harness({ report: () => new Promise(() => {}) });
    writeCdrs(first.cdrDir, cdrsOf(scenario));
    first.report.start();
    await first.report.stop();
    const second = harness({ cdrDir: first.cdrDir });
    second.report.start();
    await vi.waitFor(() => expect(files(first.cdrDir)).toEqual([]), quickly);
    // Killed after the record was on disk and before the files were deleted, all of them or but the last.
    const cdrs = cdrsOf(scenario);
    for (const left of [cdrs, cdrs.filter(isRoot)]) {
      const { report, reported, records, cdrDir } = harness({ waits: { legs: 20, sweep: 10 } });
      writeCdrs(cdrDir, left);
      report.start();
      await vi.waitFor(() => expect(reported).toHaveLength(1), quickly);
      expect(records()[0]?.id).toBe(second.records()[0]?.id);
      if (left.length === 3) expect(reported).toEqual(second.reported);
      else expect(records()[0]?.seq).toBeLessThan(3);
    }
  });

  it("are deleted with the calling leg's last, so that a crash leaves no leg alone", async () => {
    const { report, cdrDir } = harness();
    const cdrs = cdrsOf(scenario);
    const root = cdrs.find(isRoot)?.name ?? "";
    writeCdrs(cdrDir, cdrs);
    const seen: string[][] = [];
    report.start();
    await vi.waitFor(
      () => {
        seen.push(files(cdrDir));
        expect(seen.at(-1)).toEqual([]);
      },
      { interval: 1, timeout: 10_000 },
    );
    for (const left of seen) if (left.length > 0) expect(left).toContain(root);
  });

  it("of a long absence are read in the order of their writing, so that a call's legs come together", async () => {
    const { report, records, cdrDir } = harness();
    const [cdr] = cdrsOf("lookup_unknown");
    const uuids = Array.from({ length: 20 }, (_, n) => `${(n * 7) % 20}0000000-0000-4000-8000-000000000000`);
    for (const [n, uuid] of uuids.entries()) {
      const name = `${uuid}.cdr.json`;
      writeCdrs(cdrDir, [{ name, text: cdr?.text.replaceAll(cdr.name.slice(0, 36), uuid) ?? "" }]);
      utimesSync(join(cdrDir, name), n + 1, n + 1);
    }
    report.start();
    await vi.waitFor(() => expect(records()).toHaveLength(20), quickly);
    expect(records().map(({ legs }) => legs[0]?.uuid)).toEqual(uuids);
  });

  it("that are half-written are read when they are whole", async () => {
    const { report, records, cdrDir } = harness();
    const [cdr] = cdrsOf("lookup_unknown");
    if (!cdr) throw new Error("one leg");
    mkdirSync(cdrDir, { recursive: true });
    report.start();
    for (const end of [0, 1, 1000, cdr.text.length - 3]) {
      writeFileSync(join(cdrDir, cdr.name), cdr.text.slice(0, end));
      await looked(cdrDir);
    }
    expect(files(cdrDir)).toEqual([cdr.name]);
    writeFileSync(join(cdrDir, cdr.name), cdr.text);
    await vi.waitFor(() => expect(files(cdrDir)).toEqual([]), quickly);
    expect(records()).toHaveLength(1);
  });

  it("that stay broken are set aside and hold up nobody", async () => {
    const { report, records, log, cdrDir } = harness();
    const broken = [
      "",
      "{",
      "null",
      "[]",
      "{}",
      '{"variables":{}}',
      '{"channel_data":{},"variables":{"uuid":"x"}}',
      '{"channel_data":{},"variables":5}',
      `${"[".repeat(100_000)}`,
    ];
    writeCdrs(cdrDir, [
      ...broken.map((text, n) => ({ name: `broken${n}.cdr.json`, text })),
      { name: "large.cdr.json", text: " ".repeat(9_000_000) },
      ...cdrsOf("lookup_unknown"),
    ]);
    for (const n of broken.keys()) utimesSync(join(cdrDir, `broken${n}.cdr.json`), 1, 1);
    writeFileSync(join(cdrDir, "other.txt"), "not ours");
    mkdirSync(join(cdrDir, "folder.cdr.json"));
    symlinkSync("/etc/hostname", join(cdrDir, "link.cdr.json"));
    lutimesSync(join(cdrDir, "link.cdr.json"), 1, 1);
    utimesSync(join(cdrDir, "folder.cdr.json"), 1, 1);
    report.start();
    await vi.waitFor(() => expect(files(join(cdrDir, "bad"))).toHaveLength(broken.length + 1), quickly);
    await vi.waitFor(() => expect(records()).toHaveLength(1), quickly);
    await vi.waitFor(
      () => expect(readdirSync(cdrDir).sort()).toEqual(["bad", "folder.cdr.json", "link.cdr.json", "other.txt"]),
      quickly,
    );
    expect(log.error).toHaveBeenCalledTimes(broken.length + 1);
  });

  it("of a leg whose calling leg goes on wait for it", async () => {
    const { report, play, records, cdrDir } = harness({ waits: { legs: 10, sweep: 5, grace: 1 } });
    const events = eventsOf(scenario);
    const cdrs = cdrsOf(scenario);
    play(events.slice(0, 2));
    await report.onUp(engineWith(events.slice(0, 1).map(({ headers }) => headers)));
    report.start();
    writeCdrs(
      cdrDir,
      cdrs.filter((cdr) => !isRoot(cdr)),
    );
    // another leg, whose calling leg is not live, shows that it was looked for
    const [alone] = cdrsOf("lookup_answered").filter((cdr) => !isRoot(cdr));
    writeCdrs(cdrDir, alone ? [alone] : []);
    await vi.waitFor(() => expect(files(join(cdrDir, "bad"))).toEqual([alone?.name]), quickly);
    expect(files(cdrDir)).toHaveLength(2);
    expect(records()).toEqual([]);
    writeCdrs(cdrDir, cdrs.filter(isRoot));
    await vi.waitFor(() => expect(files(cdrDir)).toEqual([]), quickly);
    expect(records()).toHaveLength(1);
  });

  it("of legs whose calling leg is gone without a file are set aside, once FreeSWITCH says so", async () => {
    const { report, reported, cdrDir } = harness({ waits: { legs: 10, sweep: 5, grace: 1 } });
    writeCdrs(
      cdrDir,
      cdrsOf(scenario).filter((cdr) => !isRoot(cdr)),
    );
    report.start();
    await looked(cdrDir);
    expect(files(cdrDir)).toHaveLength(2);
    const mute = engineWith([]);
    await report.onUp({
      up: true,
      api: async (command) => {
        if (command === "show channels as json") throw new Error("no answer");
        return mute.api(command);
      },
    });
    for (let turn = 0; turn < 5; turn += 1) await looked(cdrDir);
    expect(files(cdrDir)).toHaveLength(2);
    await report.onUp(engineWith([]));
    await vi.waitFor(() => expect(files(join(cdrDir, "bad"))).toHaveLength(2), quickly);
    expect(reported).toEqual([]);
  });

  it("of an empty or missing folder trouble nobody", async () => {
    const { report, log, cdrDir } = harness();
    report.start();
    await vi.waitFor(() => expect(existsSync(join(cdrDir, "bad"))).toBe(true), quickly);
    rmSync(cdrDir, { recursive: true });
    writeCdrs(cdrDir, []);
    await report.stop();
    expect(log.warn).not.toHaveBeenCalled();
  });
});

/** Everything that is in the folder now was looked at: a stranger's file that came later is gone. */
async function looked(dir: string): Promise<void> {
  writeCdrs(dir, cdrsOf("lookup_stranger"));
  const [stranger] = cdrsOf("lookup_stranger");
  await vi.waitFor(() => expect(files(dir)).not.toContain(stranger?.name), quickly);
}

/** Answers as FreeSWITCH does when these channels are all it has. */
function engineWith(channels: Record<string, string>[]) {
  return {
    up: true,
    api: async (command: string) => {
      if (command === "show channels as json")
        return JSON.stringify({ rows: channels.map((headers) => ({ uuid: headers["Unique-ID"] })) });
      const [, uuid] = /^uuid_dump (\S+) json$/.exec(command) ?? [];
      const found = channels.find((headers) => headers["Unique-ID"] === uuid);
      return uuid ? (found ? JSON.stringify(found) : "-ERR No such channel!\n") : '<?xml version="1.0"?>\n';
    },
  };
}
