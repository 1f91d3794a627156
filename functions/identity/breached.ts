// Whether a password was found out elsewhere, asked of a range service as Have I Been Pwned's: it is told five of the forty digits of the password's SHA-1, which
// hundreds share, and answers with all that begin so. A service that does not answer keeps nobody out.
import { hash } from "node:crypto";
import type { Context } from "../context.ts";

export type Breached = Context["breached"];
type Fetch = (url: string, options: { headers: Record<string, string>; signal: AbortSignal }) => Promise<Response>;

const timeoutMs = 2000;

/** `base`: what the five digits are put after, as in https://api.pwnedpasswords.com/range/. */
export const breachedAt =
  (base: string, failed: (error: unknown) => void, ask: Fetch = fetch): Breached =>
  async (password) => {
    const digest = hash("sha1", password).toUpperCase();
    try {
      // padded: how long the answer is tells nothing of what was asked either
      const headers = { "Add-Padding": "true", "User-Agent": "dialplane" };
      const answer = await ask(base + digest.slice(0, 5), { headers, signal: AbortSignal.timeout(timeoutMs) });
      if (!answer.ok) throw new Error(`the service answered ${answer.status}`);
      const lines = (await answer.text()).split("\n").map((line) => line.trim().split(":"));
      return lines.some(([rest, times]) => rest === digest.slice(5) && Number(times) > 0);
    } catch (error) {
      failed(error);
      return false;
    }
  };
