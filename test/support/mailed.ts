// Links in mails, as they lie in the folder of a control plane on one machine.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, vi } from "vitest";

const read = new Set<string>();

/** The link in the next mail to that address. */
export const linkTo = (dataDir: string, to: string): Promise<string> =>
  vi.waitFor(
    () => {
      const folder = join(dataDir, "mail");
      const mails = existsSync(folder) ? readdirSync(folder, { recursive: true }).map(String) : [];
      for (const name of mails.filter((one) => one.endsWith("mail.txt") && !one.includes(".part"))) {
        const file = join(folder, name);
        if (read.has(file)) continue;
        const text = readFileSync(file, "utf8");
        if (!text.includes(`To: ${to}\n`)) continue;
        read.add(file);
        return /https?:\/\/\S+#\S+/.exec(text)?.[0] ?? expect.fail(text);
      }
      throw new Error(`no mail to ${to}`);
    },
    { timeout: 20_000, interval: 20 },
  );
