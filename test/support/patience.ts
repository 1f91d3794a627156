// Conditions are waited for as long as a busy machine may need; a test that fails waits longer, one that passes does not. Runs before each file, also where files
// share a process.
import { vi } from "vitest";

const { waitFor } = vi;
if (waitFor.name !== "patient")
  vi.waitFor = function patient(condition, options) {
    return waitFor(condition, typeof options === "number" ? options : { timeout: 10_000, ...options });
  };
