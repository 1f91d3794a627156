// docs/webhooks.md and the types of events that there are. What it tells its reader to type, test/docs/guides.test.ts types.
import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { types } from "../../../functions/events/event.ts";

const page = readFileSync(new URL("../../../docs/webhooks.md", import.meta.url), "utf8");

it("the page names every type that is no kind's", () => {
  const named = new Set(
    [...page.matchAll(/`([a-z-]+)\.([a-z-]+)`((?:, `\.[a-z-]+`)*)/g)].flatMap(([, subject, first, rest = ""]) =>
      [first, ...[...rest.matchAll(/\.([a-z-]+)/g)].map(([, word]) => word)].map((word) => `${subject}.${word}`),
    ),
  );
  for (const type of types) if (!/\.(created|updated|deleted)$/.test(type)) expect(named, type).toContain(type);
});
