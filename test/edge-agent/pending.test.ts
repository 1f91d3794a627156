import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { openState, type State } from "../../edge-agent/state.ts";
import { createTenant, type Document, extensionBody, ulidOf } from "../support/document.ts";
import { temporaryFolder } from "../support/folder.ts";

function open(file = ":memory:"): State {
  const state = openState(file);
  onTestFinished(() => state.close());
  return state;
}

function follow(state: State, document: Document): void {
  for (const delta of document.deltas) state.apply(delta);
}

const ext = (n: number) => `ext_${ulidOf(n)}`;

describe("what the driver has to do", () => {
  test("survives the agent, and leads a resource from where the driver left it along every step to where it is now", () => {
    const file = join(temporaryFolder(), "state.db");
    const state = openState(file);
    const acme = createTenant(1, 1);
    follow(state, acme);
    const first = state.pending.take(acme.owner);
    if (first) state.pending.settle(first, []);
    state.apply(acme.write({ kind: "extension", id: ext(1000), body: extensionBody("1002") }));
    state.apply(acme.write({ kind: "extension", id: ext(1000), body: extensionBody("1003") }));
    state.close();
    const again = open(file);
    expect(again.pending.owners()).toEqual([acme.owner]);
    const work = again.pending.take(acme.owner);
    expect(work?.rounds).toMatchObject([
      [{ id: ext(1000), before: { number: "1001" }, after: { number: "1002" } }],
      [{ id: ext(1000), before: { number: "1002" }, after: { number: "1003" } }],
    ]);
    expect(work?.standing).toEqual(acme.standing);
  });

  test("comes to nothing only if nothing was ever to be done", () => {
    const state = open();
    const acme = createTenant(1, 1);
    follow(state, acme);
    const first = state.pending.take(acme.owner);
    if (first) state.pending.settle(first, []);
    state.apply(acme.write({ kind: "extension", id: ext(5), body: extensionBody("1005") }));
    state.apply(
      acme.write(
        { kind: "extension", id: ext(5), body: undefined },
        { kind: "extension", id: ext(6), body: extensionBody("1006") },
      ),
    );
    expect(
      state.pending
        .take(acme.owner)
        ?.rounds.map((round) => round.map(({ id, before, after }) => [id, before?.number, after?.number])),
    ).toEqual([
      [[ext(5), undefined, "1005"]],
      [
        [ext(5), "1005", undefined],
        [ext(6), undefined, "1006"],
      ],
    ]);
  });

  test("while the driver works, what changes meanwhile is left for its next run, and the ack says what is in place", () => {
    const state = open();
    const acme = createTenant(1, 1);
    follow(state, acme);
    const first = state.pending.take(acme.owner);
    state.apply(acme.write({ kind: "extension", id: ext(1000), body: extensionBody("1002") }));
    if (first) state.pending.settle(first, []);
    expect(state.pending.dueAcks(9)).toMatchObject([{ revision: 1 }]);
    const second = state.pending.take(acme.owner);
    expect(second?.rounds).toMatchObject([[{ before: { number: "1001" }, after: { number: "1002" } }]]);
    if (second) state.pending.settle(second, []);
    expect(state.pending.dueAcks(9)).toMatchObject([{ revision: 2 }]);
    expect(state.pending.owners()).toEqual([]);
  });

  test("a failure that a later try can mend stays, one that it can't does not; both are told", () => {
    const state = open();
    const acme = createTenant(1, 1);
    follow(state, acme);
    const failure = { kind: "extension", id: ext(1000), reason: "engine away" };
    const work = state.pending.take(acme.owner);
    if (!work) throw new Error("nothing pending");
    state.pending.settle(work, [{ ...failure, retry: true }]);
    expect(state.pending.has(acme.owner)).toBe(true);
    expect(state.pending.dueAcks(9)).toMatchObject([{ failures: [{ reason: "engine away" }] }]);
    expect(state.pending.failing()).toEqual([acme.owner]);
    state.pending.settle(work, [{ ...failure, retry: false }]);
    expect(state.pending.has(acme.owner)).toBe(false);
    state.pending.note(acme.owner, []);
    expect(state.pending.failing()).toEqual([]);
  });

  test("an accepted ack is due again only when it would say something new", () => {
    const state = open();
    const acme = createTenant(1, 1);
    follow(state, acme);
    const settle = () => {
      const work = state.pending.take(acme.owner);
      if (work) state.pending.settle(work, []);
    };
    settle();
    const due = state.pending.dueAcks(9);
    state.apply(acme.write({ kind: "extension", id: ext(2), body: extensionBody("1002") }));
    settle();
    state.pending.accepted(due);
    expect(state.pending.dueAcks(9)).toMatchObject([{ revision: 2 }]);
    state.pending.accepted(state.pending.dueAcks(9));
    state.pending.note(acme.owner, []);
    expect(state.pending.dueAcks(9)).toEqual([]);
  });
});
