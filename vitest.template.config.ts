// The API's tests through the synthesized template: the same files, but their control plane is the bundled handlers, fed with events of API Gateway, the
// table's stream, queues and clocks, on DynamoDB Local and fauxqs. What can't be is named, with the reason, in test/infra/boot/outside.ts.
import { defineConfig } from "vitest/config";
import { filesThrough } from "./test/infra/boot/outside.ts";
import base, { throughTemplate } from "./vitest.config.ts";

export default defineConfig({
  test: {
    ...base.test,
    projects: [
      {
        extends: true,
        test: {
          ...throughTemplate,
          name: "template",
          include: filesThrough(),
        },
      },
    ],
  },
});
