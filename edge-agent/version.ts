// Which release this agent is of.
import manifest from "../package.json" with { type: "json" };

export const { version } = manifest;
