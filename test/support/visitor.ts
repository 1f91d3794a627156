// A browser as far as sessions go: it keeps the cookie, and says with each request that a page of the console's own asks.

import { vi } from "vitest";
import type { Mail, Mailer } from "../../functions/mail/mail.ts";
import type { Reply, TestControl } from "./control.ts";

export type Visitor = {
  /** The token of its session; null: it has none. */
  token: string | null;
  call(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Reply>;
};

export function visitor(control: TestControl, token: string | null = null): Visitor {
  const self: Visitor = {
    token,
    async call(method, path, body, headers = {}) {
      const cookie: Record<string, string> =
        self.token === null ? {} : { cookie: `a=b; __Host-dialplane=${self.token}` };
      const own = { "sec-fetch-site": "same-origin", ...cookie, ...headers };
      const reply = await control.call(method, path, body, { key: null, headers: own });
      const [, set] = /^__Host-dialplane=([\w-]*);/.exec(reply.headers.get("set-cookie") ?? "") ?? [];
      if (set !== undefined) self.token = set === "" ? null : set;
      return reply;
    },
  };
  return self;
}

/** Takes mail, and hands it out by address. */
export function mailbox(): {
  mailer: Mailer;
  all: Mail[];
  next(to: string): Promise<Mail>;
  tokenFor(to: string): Promise<string>;
} {
  const all: Mail[] = [];
  const next = (to: string): Promise<Mail> =>
    vi.waitFor(
      () => {
        const at = all.findIndex((mail) => mail.to === to);
        if (at < 0) throw new Error(`no mail to ${to}`);
        return all.splice(at, 1)[0] as Mail;
      },
      { timeout: 20_000, interval: 10 },
    );
  return {
    mailer: { send: async (mail) => void all.push(mail) },
    all,
    next,
    tokenFor: async (to) => /#(\S+)/.exec((await next(to)).text)?.[1] ?? "",
  };
}

export const goodPassword = "five quiet otters rowing";

/** Somebody who accepted an invitation: signed in, and a member. */
export async function newPerson(
  control: TestControl,
  mails: ReturnType<typeof mailbox>,
  member: { email: string; role: string; name?: string; tenantId?: string; accountId?: string },
): Promise<{ who: Visitor; memberId: string; session: Record<string, unknown> }> {
  const made = await control.call("POST", "/v1/members", { name: "Ada", invite: true, ...member });
  if (made.status !== 201) throw new Error(made.text);
  const token = await mails.tokenFor(member.email);
  const who = visitor(control);
  const reply = await who.call("POST", "/v1/identity/invitation/accept", { token, password: goodPassword });
  if (reply.status !== 200) throw new Error(reply.text);
  return { who, memberId: String(made.body.id), session: reply.body };
}
