import { spawn } from "node:child_process";
import { statSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { eventBatch } from "../../core/wire-events.ts";
import type { Cloud } from "../../edge-agent/cloud.ts";
import { CloudError } from "../../edge-agent/cloud.ts";
import { deliver } from "../../edge-agent/deliver.ts";
import { silent } from "../../edge-agent/log.ts";
import { openSpool, type Spool } from "../../edge-agent/spool.ts";
import { temporaryFolder } from "../support/folder.ts";

const done = (n: number, detail: string | null = null) => ({
  type: "command.done" as const,
  data: { command: `cmd_${n}`, ok: true, detail },
});
const commandsOf = (body: string): string[] =>
  eventBatch.parse(JSON.parse(body)).events.flatMap(({ data }) => ("command" in data ? [data.command] : []));
const idsOf = (body: string): string[] => eventBatch.parse(JSON.parse(body)).events.map(({ id }) => id);

/** Everything in the spool, accepted batch after batch. */
function drain(spool: Spool): string[] {
  const bodies: string[] = [];
  for (let batch = spool.next(); batch; batch = spool.next()) {
    bodies.push(batch.body);
    spool.accepted(batch.batch);
  }
  return bodies;
}

/** A cloud that takes batches as `answer` says. */
function takes(answer: (body: string) => void): Cloud {
  const unused = () => Promise.reject(new Error("unused"));
  return {
    get: unused,
    post: unused,
    send: (_, __, body = "") =>
      new Promise((ok) => {
        answer(body);
        ok("");
      }),
  };
}

describe("the spool", () => {
  test("keeps the order of the calls and gives ids and times", async () => {
    const spool = openSpool(":memory:", silent);
    await Promise.all(Array.from({ length: 60 }, (_, n) => spool.report(done(n))));
    const bodies = drain(spool);
    expect(bodies.map((body) => commandsOf(body).length)).toEqual([25, 25, 10]);
    expect(bodies.flatMap(commandsOf)).toEqual(Array.from({ length: 60 }, (_, n) => `cmd_${n}`));
    expect(bodies.flatMap(idsOf).every((id) => /^evt_[0-9A-HJKMNP-TV-Z]{26}$/.test(id))).toBe(true);
    expect(bodies.map((body) => eventBatch.parse(JSON.parse(body)).batch)).toEqual([1, 2, 3]);
  });

  test("stores the same id once", async () => {
    const spool = openSpool(":memory:", silent);
    await Promise.all([spool.report({ ...done(1), id: "evt_a" }), spool.report({ ...done(2), id: "evt_a" })]);
    await spool.report({ ...done(3), id: "evt_a" });
    expect(spool.size()).toBe(1);
    expect(drain(spool).flatMap(commandsOf)).toEqual(["cmd_1"]);
    expect(spool.size()).toBe(0);
  });

  test("resends a batch byte for byte, also after a restart, whatever was reported since", async () => {
    const file = join(temporaryFolder(), "spool.db");
    const first = openSpool(file, silent);
    await first.report(done(1));
    const batch = first.next();
    await first.report(done(2));
    expect(first.next()).toEqual(batch);
    first.close();
    const second = openSpool(file, silent);
    onTestFinished(() => second.close());
    expect(second.generation).toBe(first.generation);
    expect(second.next()).toEqual(batch);
    second.accepted(1);
    expect(second.next()).toMatchObject({ batch: 2 });
  });

  test("never uses a batch's number again, not even after all were accepted and a restart", async () => {
    const file = join(temporaryFolder(), "spool.db");
    const first = openSpool(file, silent);
    await first.report(done(1));
    drain(first);
    first.close();
    const second = openSpool(file, silent);
    onTestFinished(() => second.close());
    await second.report(done(2));
    expect(second.next()?.batch).toBe(2);
  });

  test("makes smaller batches of larger events, and one of a very large one", async () => {
    const spool = openSpool(":memory:", silent);
    const sizes = [10, 150_000, 150_000, 900_000, 10];
    await Promise.all(sizes.map((size, n) => spool.report(done(n, "x".repeat(size)))));
    expect(drain(spool).map(commandsOf)).toEqual([["cmd_0", "cmd_1"], ["cmd_2"], ["cmd_3"], ["cmd_4"]]);
  });

  test("sets aside an event that the protocol does not know, and goes on", async () => {
    const spool = openSpool(":memory:", silent);
    const odd = { type: "command.done", data: { command: 7 } } as unknown as ReturnType<typeof done>;
    await Promise.all([spool.report(done(1)), spool.report(odd), spool.report(done(2))]);
    expect(drain(spool).flatMap(commandsOf)).toEqual(["cmd_1", "cmd_2"]);
  });

  test("writes what was reported when it is closed, and lies in a file for this user alone", async () => {
    const file = join(temporaryFolder(), "spool.db");
    const first = openSpool(file, silent);
    const reported = first.report(done(1));
    first.close();
    await reported;
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const second = openSpool(file, silent);
    onTestFinished(() => second.close());
    expect(second.size()).toBe(1);
  });

  test("loses nothing that it said was on disk when it is killed with -9, again and again", {
    timeout: 30_000,
  }, async () => {
    const file = join(temporaryFolder(), "spool.db");
    const promised: string[] = [];
    for (const round of [1, 2, 3]) {
      const child = spawn(
        process.execPath,
        [
          "--disable-warning=ExperimentalWarning",
          join(import.meta.dirname, "../support/spool-child.ts"),
          file,
          String(round),
        ],
        {
          stdio: ["ignore", "pipe", "inherit"],
        },
      );
      const gone = new Promise((resolve) => child.once("close", resolve));
      let seen = 0;
      for await (const line of createInterface({ input: child.stdout })) {
        if (!/^evt_\d_\d{6}$/.test(line)) continue;
        promised.push(line);
        if (++seen === 40 * round) child.kill("SIGKILL");
      }
      await gone;
    }
    const spool = openSpool(file, silent);
    onTestFinished(() => spool.close());
    const kept = drain(spool).flatMap(idsOf);
    expect(new Set(kept).size).toBe(kept.length);
    expect(promised.filter((id) => !kept.includes(id))).toEqual([]);
    for (const round of [1, 2, 3]) {
      const own = kept.filter((id) => id.startsWith(`evt_${round}_`));
      expect(own).toEqual([...own].sort());
    }
  });
});

describe("delivery", () => {
  test("sends what cannot be taken now again, the same bytes, and nothing else before it", async () => {
    const spool = openSpool(":memory:", silent);
    const seen: string[] = [];
    let refusals = 2;
    const cloud = takes((body) => {
      seen.push(body);
      if (refusals-- > 0) throw new CloudError(503, "not now");
    });
    await spool.report(done(1));
    const delivery = deliver({ spool, cloud, log: silent, retryMilliseconds: 1 });
    await spool.report(done(2));
    await vi.waitFor(() => expect(spool.size()).toBe(0));
    expect(seen.length).toBe(4);
    expect(new Set(seen.slice(0, 3)).size).toBe(1);
    expect(seen.slice(2).flatMap(commandsOf)).toEqual(["cmd_1", "cmd_2"]);
    await delivery.stop();
  });

  test.each([409, 400, 422])("sets aside a batch that is answered %i, and goes on with the next", async (status) => {
    const spool = openSpool(":memory:", silent);
    const taken: string[] = [];
    const cloud = takes((body) => {
      if (commandsOf(body).includes("cmd_1")) throw new CloudError(status, "never");
      taken.push(...commandsOf(body));
    });
    const delivery = deliver({ spool, cloud, log: silent, retryMilliseconds: 1 });
    await spool.report(done(1));
    await spool.report(done(2));
    await vi.waitFor(() => expect(taken).toEqual(["cmd_2"]));
    expect(spool.size()).toBe(0);
    expect(spool.setAsideCount()).toBe(1);
    await delivery.stop();
  });

  test.each([401, 403, 404, 408, 429, 500, 0])("keeps a batch that is answered %i", async (status) => {
    const spool = openSpool(":memory:", silent);
    const cloud = takes(() => {
      throw new CloudError(status, "not now");
    });
    await spool.report(done(1));
    const delivery = deliver({ spool, cloud, log: silent, retryMilliseconds: 1 });
    await delivery.stop();
    expect([spool.size(), spool.setAsideCount()]).toEqual([1, 0]);
  });

  const seenBy = (patience: number) => {
    const spool = openSpool(":memory:", silent);
    const seen: string[][] = [];
    const delivery = deliver({
      spool,
      cloud: takes((body) => void seen.push(commandsOf(body))),
      log: silent,
      patience,
    });
    onTestFinished(() => delivery.stop());
    return { spool, seen };
  };
  const patient = (n: number) => ({ ...done(n), patienceSeconds: 60 });

  test("has what may wait go along with the first that may not, in the order of the calls", async () => {
    const { spool, seen } = seenBy(3600);
    await spool.report(patient(1));
    await spool.report(patient(2));
    await spool.report(done(3));
    await vi.waitFor(() => expect(spool.size()).toBe(0));
    expect(seen).toEqual([["cmd_1", "cmd_2", "cmd_3"]]);
    await spool.report(patient(4));
    await spool.report(done(5));
    await vi.waitFor(() => expect(spool.size()).toBe(0));
    expect(seen.slice(1)).toEqual([["cmd_4", "cmd_5"]]);
  });

  test("sends what may wait once a batch is full of it, and otherwise in time", async () => {
    const { spool, seen } = seenBy(3600);
    for (let n = 0; n < 24; n++) await spool.report(patient(n));
    expect(seen).toEqual([]);
    await spool.report(patient(24));
    await vi.waitFor(() => expect(seen.map((commands) => commands.length)).toEqual([25]));
    const other = seenBy(0.02);
    await other.spool.report(patient(1));
    await vi.waitFor(() => expect(other.seen).toEqual([["cmd_1"]]));
  });
});
