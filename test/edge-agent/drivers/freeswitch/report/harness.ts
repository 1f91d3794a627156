// A report with a real folder for CDR files and a spool that keeps what it is given in memory; recordings are played into it without a socket.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { onTestFinished, vi } from "vitest";
import type { CallRecord, EdgeEvent, LiveCall } from "../../../../../core/wire-events.ts";
import { edgeEvent } from "../../../../../core/wire-events.ts";
import { createDecoder, type EslEvent } from "../../../../../edge-agent/drivers/freeswitch/esl/event.ts";
import { createFramer } from "../../../../../edge-agent/drivers/freeswitch/esl/framer.ts";
import { createReport, type ReportOptions } from "../../../../../edge-agent/drivers/freeswitch/report/report.ts";
import { recorded, recordedFile } from "../../../../support/esl-server.ts";
import { temporaryFolder } from "../../../../support/folder.ts";
import { createPbx } from "../../../../support/pbx.ts";

export const pbx = createPbx();

/** The events of a scenario. */
export function eventsOf(scenario: string): EslEvent[] {
  const events: EslEvent[] = [];
  const decode = createDecoder();
  createFramer((frame) => events.push(decode(frame)))(recorded(scenario));
  return events;
}

/** The CDR files that the scenario left. */
export function cdrsOf(scenario: string): { name: string; text: string }[] {
  const lines = recordedFile(scenario, "cdr.jsonl.gz").trim().split("\n");
  return lines.map((line) => JSON.parse(line));
}

export function writeCdrs(dir: string, cdrs: { name: string; text: string }[]): void {
  mkdirSync(dir, { recursive: true });
  for (const { name, text } of cdrs) writeFileSync(join(dir, name), text);
}

type Reported = Omit<EdgeEvent, "id" | "at"> & { id?: string; at?: string; patienceSeconds?: number };

export function harness(more: Partial<ReportOptions> = {}) {
  const cdrDir = more.cdrDir ?? join(temporaryFolder(), "cdr");
  const reported: Reported[] = [];
  const log = { info: vi.fn(), warn: vi.fn(), error: vi.fn() };
  const report = createReport({
    documents: pbx.documents,
    report: async (event) => {
      edgeEvent.parse({ id: "evt_x", at: new Date().toISOString(), ...event });
      reported.push(event);
    },
    log,
    waits: { sweep: 50 },
    ...more,
    cdrDir,
  });
  onTestFinished(() => report.stop());
  return {
    report,
    reported,
    log,
    cdrDir,
    records: () => reported.flatMap((event) => (event.type === "call.completed" ? [event.data as CallRecord] : [])),
    lives: () => reported.flatMap((event) => (event.type === "call.updated" ? [event.data as LiveCall] : [])),
    play(events: EslEvent[]) {
      for (const event of events) report.onEvent(event);
    },
  };
}
