// Voicemail boxes between FreeSWITCH and the cloud. FreeSWITCH's own list is the truth: whenever something happens to a box, it is read and compared with
// what the cloud was told, which lies in the box's folder. So it ends at the same, whatever was missed or done twice.
import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import type { Logger } from "pino";
import { z } from "zod";
import { idOf, type Owner, tenantOwner } from "../../../core/owner.ts";
import type { Failure } from "../../../core/wire.ts";
import type { Documents } from "../../documents.ts";
import type { Change, CommandResult, Report } from "../../driver.ts";
import type { Media } from "../../media.ts";
import { boxAccount, boxFolder, namesIn } from "./box.ts";
import type { EslEvent } from "./esl/event.ts";
import { token } from "./inert.ts";
import { type Message, readMessages } from "./messages.ts";

export type Mailboxes = {
  onEvent(event: EslEvent): void;
  /** Every box that ever had a message: what was missed is told, what could not be brought up is tried again. */
  sweep(): Promise<void>;
  /** Nobody finds the messages of a box that is gone, not even who gets its number. Resolves with what did not take. */
  empty(owner: Owner, changes: Change[]): Promise<Failure[]>;
  /** The same for all boxes that a tenant ever had here. */
  forget(owner: Owner): Promise<Failure[]>;
  /** `voicemail.read` and `voicemail.delete`. Throws with the reason. */
  command(owner: Owner, name: string, given: Record<string, unknown>): Promise<CommandResult>;
};

export type MailboxesOptions = {
  esl: { api(command: string): Promise<string> };
  documents: Documents;
  media: Media;
  report: Report;
  log: Pick<Logger, "warn" | "error">;
  dir: string;
};

const retryMs = 30_000;

type Box = { owner: Owner; tenant: string; id: string; account: string; folder: string };
const told = z.record(z.string(), z.object({ read: z.boolean(), file: z.string().optional() }));
type Told = z.output<typeof told>;

export function createMailboxes({ esl, documents, media, report, log, dir }: MailboxesOptions): Mailboxes {
  const running = new Map<string, Promise<void>>();
  const again = new Set<string>();

  function boxOf(owner: Owner, id: string): Box | undefined {
    if (!documents.config(owner)?.get("voicemail-box", id)) return undefined;
    return { owner, tenant: idOf(owner), id, account: boxAccount(id), folder: boxFolder(dir, idOf(owner), id) };
  }

  const list = async (box: Box): Promise<Message[]> =>
    readMessages(await esl.api(`vm_list ${box.account} xml`), box.folder, box.id);

  /** One run at a time for a box; what happens meanwhile makes another. */
  function bringInStep(box: Box): Promise<void> {
    const now = running.get(box.id);
    if (now) {
      again.add(box.id);
      return now;
    }
    const run = compare(box)
      .catch((error: unknown) => {
        log.warn({ box: box.id, error: String(error) }, "a box's messages could not be told; they will be");
        setTimeout(() => void bringInStep(box), retryMs).unref();
      })
      .finally(() => {
        running.delete(box.id);
        if (again.delete(box.id)) void bringInStep(box);
      });
    running.set(box.id, run);
    return run;
  }

  async function compare(box: Box): Promise<void> {
    const { tenant, id: boxId } = box;
    const known = readTold(box);
    const there = await list(box);
    for (const message of there) {
      const { id, read } = message;
      const before = known[id];
      if (before?.read === read) continue;
      if (before) await report({ type: "voicemail.updated", data: { id, tenant, box: boxId, read } });
      else await receive(box, message);
      keep(box, known, { [id]: { read, file: basename(message.file) } });
    }
    const gone = ([id, { file }]: [string, Told[string]]) =>
      !there.some((message) => message.id === id) && !(file !== undefined && existsSync(join(box.folder, file)));
    // FreeSWITCH may have lost its list: what it deleted is gone from the disk too
    for (const [id] of Object.entries(known).filter(gone)) {
      await report({ type: "voicemail.deleted", data: { id, tenant, box: boxId } });
      delete known[id];
      keep(box, known, {});
    }
  }

  async function receive(
    { tenant, id: box }: Box,
    { id, file, from, receivedAt, seconds, read }: Message,
  ): Promise<void> {
    const { bytes } = await media.upload({ tenant, kind: "message", id }, file);
    await report({ type: "voicemail.received", data: { id, tenant, box, from, receivedAt, seconds, bytes, read } });
  }

  async function emptyOne(owner: Owner, id: string): Promise<Failure[]> {
    const folder = boxFolder(dir, idOf(owner), id);
    try {
      await esl.api(`vm_delete ${boxAccount(id)}`);
      for (const message of Object.keys(readTold({ folder })))
        await report({ type: "voicemail.deleted", data: { id: message, tenant: idOf(owner), box: id } });
      rmSync(folder, { recursive: true, force: true });
      return [];
    } catch (error) {
      const reason = `its messages could not be deleted: ${String(error)}`;
      return [{ kind: "voicemail-box", id, reason, retry: true }];
    }
  }

  return {
    onEvent({ subclass, headers }) {
      if (subclass !== "vm::maintenance" || headers["VM-Action"] !== "mwi-update") return;
      const found = documents.voicemailBox(headers["VM-User"] ?? "");
      const box = found && boxOf(found.owner, found.id);
      if (box) void bringInStep(box);
    },
    async sweep() {
      for (const tenant of namesIn(dir).filter((name) => name.startsWith("ten_")))
        for (const id of namesIn(join(dir, tenant))) {
          const box = boxOf(tenantOwner(tenant), id);
          if (box) await bringInStep(box);
        }
    },
    async empty(owner, changes) {
      const failures: Failure[] = [];
      for (const { kind, id, before, after } of changes)
        if (kind === "voicemail-box" && before && !after) failures.push(...(await emptyOne(owner, id)));
      return failures;
    },
    async forget(owner) {
      const folder = join(dir, token(idOf(owner)));
      const failures: Failure[] = [];
      for (const id of namesIn(folder)) failures.push(...(await emptyOne(owner, id)));
      if (failures.length === 0) rmSync(folder, { recursive: true, force: true });
      return failures;
    },
    async command(owner, name, given) {
      const wanted = z.object({ box: z.string(), message: z.string(), read: z.boolean().optional() }).parse(given);
      const box = boxOf(owner, wanted.box);
      if (!box) throw new Error("the box is gone");
      const message = (await list(box)).find(({ id }) => id === wanted.message);
      // what is gone needs no deleting
      if (!message && name === "voicemail.delete") return { ok: true, detail: null };
      if (!message) throw new Error("the message is gone");
      const command =
        name === "voicemail.delete"
          ? `vm_delete ${box.account} ${token(message.uuid)}`
          : `vm_read ${box.account} ${wanted.read === false ? "unread" : "read"} ${token(message.uuid)}`;
      const answer = (await esl.api(command)).trim();
      if (!answer.startsWith("+OK")) throw new Error(`FreeSWITCH says ${answer.slice(0, 200)}`);
      await bringInStep(box);
      return { ok: true, detail: null };
    },
  };
}

const toldFile = ({ folder }: Pick<Box, "folder">): string => join(folder, "told.json");

/** Nothing where it can't be read: then all is told again, which the cloud counts once. */
function readTold(box: Pick<Box, "folder">): Told {
  try {
    return told.parse(JSON.parse(readFileSync(toldFile(box), "utf8")));
  } catch {
    return {};
  }
}

function keep(box: Box, known: Told, more: Told): void {
  Object.assign(known, more);
  const part = `${toldFile(box)}.part`;
  writeFileSync(part, JSON.stringify(known), { mode: 0o600 });
  renameSync(part, toldFile(box));
}
