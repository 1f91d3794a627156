// Links in mails, as they lie in a control plane's folder.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, vi } from "vitest";

/** Finds the link in the next mail to an address that nobody asked for yet. */
export function mailedLinks(dataDir: () => string): (to: string) => Promise<string> {
  const seen = new Set<string>();
  return (to) =>
    vi.waitFor(
      () => {
        const folder = join(dataDir(), "mail");
        const mails = existsSync(folder) ? readdirSync(folder, { recursive: true }).map(String) : [];
        for (const name of mails.filter(
          (one) => one.endsWith("mail.txt") && !one.includes(".part") && !seen.has(one),
        )) {
          const text = readFileSync(join(folder, name), "utf8");
          if (!text.includes(`To: ${to}\n`)) continue;
          seen.add(name);
          return /https?:\/\/\S+#\S+/.exec(text)?.[0] ?? expect.fail(text);
        }
        throw new Error(`no mail to ${to}`);
      },
      { timeout: 20_000, interval: 20 },
    );
}
