// Skips, with the reason, the tests that can't run through the booted template.
import { beforeEach } from "vitest";
import { whyOutside } from "./outside.ts";

beforeEach(({ task, skip }) => {
  const why = whyOutside(task.name);
  if (why !== undefined) skip(why);
});
