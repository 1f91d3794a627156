// Runtime state: what people set by phone, console or API. Written at the edge first, told through the spool, and heard from the pool's other edges by
// the queue; what a queue lost is found by asking the cloud.
import { ulid } from "ulid";
import type { Owner } from "../core/owner.ts";
import { runtimePage, type Runtime as Word } from "../core/wire.ts";
import { type Cloud, CloudError } from "./cloud.ts";
import type { Driver, Report } from "./driver.ts";
import type { Log } from "./log.ts";
import type { Setting, Spoken, Untold } from "./spoken.ts";

export interface Runtime {
  /** Sets fields: when this returns they are on disk and lookups answer by them. Throws where the disk takes nothing. */
  remember(owner: Owner, settings: Setting[]): void;
  /** What was said elsewhere, once or many times, in any order. */
  hear(word: Word): void;
  /** Hears what the cloud learnt since it was asked last. Rejects when it can't be asked. */
  catchUp(cloud: Cloud): Promise<void>;
}

export type RuntimeOptions = {
  spoken: Spoken;
  report: Report;
  log: Log;
  /** This edge's id. */
  edge: () => string;
  /** Told of each field's new value. */
  changed: Driver["onRuntime"];
  now?: () => Date;
};

/** Tells at once what an agent before this one set and could not tell. */
export function createRuntime({ spoken, report, log, edge, changed, now = () => new Date() }: RuntimeOptions): Runtime {
  for (const untold of spoken.untold()) tell(untold);

  function tell(untold: Untold): void {
    const { event, word } = untold;
    report({ type: "runtime.updated", id: event, at: word.at, data: word })
      .then(() => spoken.told(untold))
      .catch((error: unknown) =>
        log.error({ owner: word.owner, field: word.field, error: String(error) }, "runtime state could not be told"),
      );
  }

  function hear(word: Word): void {
    const { owner, subject, field, value } = word;
    if (spoken.hear(word)) changed(owner, subject.kind, subject.id, field, value ?? null);
  }

  return {
    remember(owner, settings) {
      const said = spoken.say(owner, settings, edge(), now(), () => `evt_${ulid()}`);
      for (const { kind, id, field, value } of settings) changed(owner, kind, id, field, value);
      for (const untold of said) tell(untold);
    },
    hear,
    async catchUp(cloud) {
      const since = spoken.heardUpTo();
      let upTo: string | undefined;
      for (let after: string | null = ""; after !== null; ) {
        const query = new URLSearchParams({ ...(since !== undefined && { since }), ...(after !== "" && { after }) });
        const page: Awaited<ReturnType<typeof runtimePage.parse>> | undefined = await cloud
          .get(`runtime?${query}`, runtimePage)
          .catch(nothingThere);
        if (!page) return;
        for (const word of page.runtime) hear(word);
        upTo ??= page.upTo;
        after = page.next;
      }
      if (upTo !== undefined) spoken.setHeardUpTo(upTo);
    },
  };
}

/** A cloud that is older than this agent keeps no runtime state. */
function nothingThere(error: unknown): undefined {
  if (error instanceof CloudError && error.status === 404) return undefined;
  throw error;
}
