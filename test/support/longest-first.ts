// The order of test files: those that take longest begin first, so that at the end no processor waits for a long one that began late. On a clean clone nothing
// else tells how long they take.
import { BaseSequencer, type TestSpecification } from "vitest/node";

/** In the order in which they begin; all others come after them. */
const longest = [
  "web/console",
  "web/flow",
  "web/account",
  "local/start",
  "store/dynamodb",
  "docs/guides",
  "web/audit",
  "web/list",
  "web/kinds",
  "local/convergence",
  "edge-agent/agent",
  "store/differential",
  "functions/document/large",
  "functions/api/strangers",
  "infra/booted",
  "infra/bundles",
  "web/portal",
  "web/live",
  "web/calls",
  "web/operator",
  "infra/stack",
  "edge-agent/drivers/freeswitch/field-coverage",
  "edge-agent/drivers/freeswitch/esl/esl",
  "engines/kamailio/start",
  "engines/kamailio/outage",
  "engines/pool",
  "engines/calls",
  "engines/freeswitch/queue",
  "engines/freeswitch/feature-code",
  "engines/freeswitch/voicemail",
  "engines/freeswitch/menu",
  "engines/freeswitch/ring-group",
  "engines/freeswitch/music",
  "engines/freeswitch/outbound",
  "engines/end-to-end",
  "engines/freeswitch/recording",
  "engines/freeswitch/others-call",
  "engines/start",
  "engines/browser-phone",
  "engines/first-run",
  "engines/front",
  "engines/freeswitch/conference",
];

export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification): number => {
      const at = longest.findIndex((name) => moduleId.endsWith(`/test/${name}.test.ts`));
      return at < 0 ? longest.length : at;
    };
    const group = ({ project }: TestSpecification): number => project.config.sequence.groupOrder;
    return (await super.sort(files)).toSorted((a, b) => group(a) - group(b) || rank(a) - rank(b));
  }
}
