// Conditions are waited for as long as a busy machine may need; a test that fails waits longer, one that passes does not. Runs before each file, also where files
// share a process.
import { vi } from "vitest";

const { waitFor } = vi;
// where all goes through threads and sockets it takes its time
const times = process.env.THROUGH === "template" ? 4 : 1;
if (waitFor.name !== "patient")
  vi.waitFor = function patient(condition, options) {
    const { timeout = 10_000, ...more } = typeof options === "number" ? { timeout: options } : (options ?? {});
    return waitFor(condition, { ...more, timeout: timeout * times });
  };
