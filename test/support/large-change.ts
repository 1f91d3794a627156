// A change of a document that is larger than a transaction, and the document before it, for tests of who dies over it. Without the test runner, so that a
// process of its own can make it.
import type { Owner } from "../../core/owner.ts";
import { byPlural, kindOf } from "../../core/registry.ts";
import type { Body, Kind } from "../../core/resources/kind.ts";
import type { Context } from "../../functions/context.ts";
import { editsOf } from "../../functions/document/apply.ts";
import { openView } from "../../functions/document/view.ts";
import { type Outcome, write } from "../../functions/document/write.ts";
import type { Operation } from "../../functions/store/store.ts";
import { accessTo, actor } from "./context.ts";

export const numbers = (from: number, count: number): string[] =>
  Array.from({ length: count }, (_, n) => String(from + n));

/** `stocked`: those of the lines that are in the inventory of the account above, `stock`. */
export type Fixture = { owner: Owner; lines: string[]; newLines: string[]; stock: Owner; stocked: string[] };
const kindsOf = (...plurals: string[]): Kind[] => plurals.flatMap((plural) => byPlural(plural) ?? []);

export async function apply(ctx: Context, owner: Owner, document: Body, prune: Kind[] = [], also?: () => Operation[]) {
  return write(ctx, await accessTo(ctx, owner), {
    actor,
    edits: (view, head) => editsOf(ctx, head, view, document, prune),
    ...(also && { also: async () => also() }),
  });
}

/** What the document says before. */
export const before = ({ lines: held }: Fixture): Body => ({
  extensions: numbers(1000, 8).map((number) => ({ number, displayName: "before" })),
  "voicemail-boxes": numbers(8000, 6).map((number) => ({ number })),
  "phone-numbers": held.map((number) => ({ number, destination: { kind: "extension", ref: "1000" } })),
});

/** The large change: creates, updates, rotates a password, deletes, and gives two boxes each other's number. */
export async function change(ctx: Context, { owner, newLines }: Fixture, also?: () => Operation[]): Promise<Outcome> {
  const view = openView(ctx.store, owner);
  const box = async (number: string) => (await view.byKey(kindOf("voicemail-box"), number))?.id;
  const [one, two] = [await box("8000"), await box("8001")];
  const document = {
    extensions: [
      ...numbers(1000, 8).map((number) => ({ number, displayName: "after" })),
      { number: "1007", devices: [{ username: "1007", password: "Secret-Secret-1" }] },
      ...numbers(2000, 24).map((number) => ({ number, displayName: "new", voicemailBox: "8001" })),
    ].filter(({ number }, index) => number !== "1007" || index === 8),
    "voicemail-boxes": [
      { id: one, number: "8001" },
      { id: two, number: "8000" },
    ],
    "phone-numbers": newLines.map((number) => ({ number, destination: { kind: "extension", ref: "2000" } })),
  };
  return apply(ctx, owner, document, kindsOf("voicemail-boxes", "phone-numbers"), also);
}
