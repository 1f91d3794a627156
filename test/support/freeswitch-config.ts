// A FreeSWITCH driver's configuration for tests; what a test cares about it says itself.
import { join } from "node:path";
import type { FreeswitchConfig } from "../../edge-agent/drivers/freeswitch/config.ts";

export const freeswitchConfig = (dir = "/", more: Partial<FreeswitchConfig> = {}): FreeswitchConfig => ({
  sipAddress: "192.0.2.1",
  sipPort: 5060,
  carriersPort: 5080,
  front: { address: "192.0.2.1", port: 5062 },
  browsers: null,
  externalAddress: null,
  pingSeconds: 30,
  esl: { host: "127.0.0.1", port: 8021, password: "secret" },
  cdrDir: join(dir, "cdr"),
  voicemailDir: join(dir, "voicemail"),
  recordingsDir: join(dir, "recordings"),
  promptsDir: join(dir, "prompts"),
  lampsFile: join(dir, "lamps"),
  soundsDir: null,
  ...more,
});
