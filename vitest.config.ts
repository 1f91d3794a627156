import { defineConfig } from "vitest/config";

const execArgv = ["--disable-warning=ExperimentalWarning"];

export default defineConfig({
  test: {
    execArgv,
    setupFiles: ["test/support/patience.ts"],
    expect: { poll: { timeout: 10_000 } },
    maxWorkers: 2,
    testTimeout: 20_000,
    hookTimeout: 60_000,
    projects: [
      { extends: true, test: { name: "all", include: ["test/**/*.test.ts"], exclude: ["test/engines/**"] } },
      // one at a time: each runs a real engine and phones, whose timers are real
      {
        extends: true,
        test: { name: "engines", include: ["test/engines/**/*.test.ts"], fileParallelism: false, testTimeout: 60_000 },
      },
    ],
  },
});
