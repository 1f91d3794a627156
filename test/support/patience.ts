// Conditions are waited for as long as a busy machine may need; a test that fails waits longer, one that passes does not.
import { vi } from "vitest";

const waitFor = vi.waitFor;
vi.waitFor = (condition, options) =>
  waitFor(condition, typeof options === "number" ? options : { timeout: 10_000, ...options });
