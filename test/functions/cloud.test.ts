// Opening the context of a Lambda, and the work after an answer.
import { expect, test } from "vitest";
import { createBackground } from "../../functions/background.ts";
import { cloudSettings, readEnvironment } from "../../functions/cloud.ts";
import { createLog } from "../../functions/log.ts";

const environment = { TABLE: "t", STAGE: "prod", PUBLIC_URL: "https://api.example/", AWS_REGION: "eu-central-1" };

test("a good environment is read once, the address without its slash", () => {
  expect(readEnvironment(cloudSettings, environment)).toEqual({
    ...environment,
    PUBLIC_URL: "https://api.example",
    LOG_LEVEL: "info",
    TRUSTED_PROXIES: [],
  });
});

test.each([
  ["TABLE", ""],
  ["STAGE", "prod-2"],
  ["PUBLIC_URL", "http://api.example"],
  ["AWS_REGION", undefined],
  ["LOG_LEVEL", "loud"],
])("a bad %s fails at once, by its name", (name, value) => {
  expect(() => readEnvironment(cloudSettings, { ...environment, [name]: value })).toThrow(`${name}: `);
});

test("settled waits for work that begins more work, and survives work that fails", async () => {
  const background = createBackground(createLog("silent"));
  const done: string[] = [];
  const soon = () => new Promise((resolve) => setImmediate(resolve));
  background.after(
    soon().then(() => {
      done.push("first");
      background.after(soon().then(() => void done.push("second")));
    }),
  );
  background.after(Promise.reject(new Error("broken")));
  await background.settled();
  expect(done).toEqual(["first", "second"]);
});
