// What a tenant that is gone for good left on a host: messages, greetings and recordings go, and nobody else's.
import { existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { tenantOwner } from "../../../../core/owner.ts";
import type { Documents } from "../../../../edge-agent/documents.ts";
import { createMailboxes } from "../../../../edge-agent/drivers/freeswitch/mailboxes.ts";
import { createRecordings } from "../../../../edge-agent/drivers/freeswitch/recordings.ts";
import type { Media } from "../../../../edge-agent/media.ts";
import { temporaryFolder } from "../../../support/folder.ts";

const id = (n: number, prefix = "ten") => `${prefix}_01ARZ3NDEKTSV4RRFFQ69G5FA${n}`;
const owner = tenantOwner(id(1));
const log = { warn: () => undefined, error: () => undefined };
/** Neither is asked for anything. */
const [documents, media] = [{} as Documents, {} as Media];

function host(api: (command: string) => Promise<string>) {
  const dir = temporaryFolder();
  const put = (path: string) => {
    mkdirSync(dirname(join(dir, path)), { recursive: true });
    writeFileSync(join(dir, path), "x");
  };
  for (const tenant of [id(1), id(2)]) {
    put(`voicemail/${tenant}/${id(1, "vmb")}/msg_1.wav`);
    put(`voicemail/${tenant}/${id(1, "vmb")}/greeting_1.wav`);
    put(`voicemail/${tenant}/${id(2, "vmb")}/told.json`);
    put(`recordings/${tenant}/one.wav`);
  }
  const parts = { esl: { api }, documents, media, report: () => Promise.resolve(), log };
  const mailboxes = createMailboxes({ ...parts, dir: join(dir, "voicemail") });
  const recordings = createRecordings({ ...parts, dir: join(dir, "recordings") });
  const there = (of: string) => ["voicemail", "recordings"].map((what) => existsSync(join(dir, what, of)));
  return { dir, mailboxes, recordings, there };
}

test("all boxes are emptied and all files removed, of that tenant alone", async () => {
  const asked: string[] = [];
  const { mailboxes, recordings, there } = host(async (command) => {
    asked.push(command);
    return "+OK";
  });
  expect(await mailboxes.forget(owner)).toEqual([]);
  await recordings.forget(owner);
  expect(there(id(1))).toEqual([false, false]);
  expect(there(id(2))).toEqual([true, true]);
  expect(asked).toEqual([1, 2].map((n) => `vm_delete ${id(n, "vmb")}@phones`));
  // once more does no harm
  expect(await mailboxes.forget(owner)).toEqual([]);
  await recordings.forget(owner);
});

test("while FreeSWITCH is away the boxes stay, and it is said so, to be tried again", async () => {
  const { dir, mailboxes } = host(() => Promise.reject(new Error("FreeSWITCH is not connected")));
  const failures = await mailboxes.forget(owner);
  expect(failures).toMatchObject([1, 2].map((n) => ({ kind: "voicemail-box", id: id(n, "vmb"), retry: true })));
  expect(readdirSync(join(dir, "voicemail", id(1)))).toHaveLength(2);
});
