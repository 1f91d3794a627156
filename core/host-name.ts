// What a host and the control plane say to each other of the host's names and of proving them to a CA (docs/edge.md).
import * as z from "zod/mini";

/**
 * A host tells where it is reached from outside, and is told its names. `leavesOut`: one of tenants' domains that can't be proven keeps it from nothing; agents
 * of before are not told of any.
 */
export const hostNames = z.object({
  addresses: z.array(z.union([z.ipv4(), z.ipv6()])).check(z.maxLength(4)),
  leavesOut: z._default(z.boolean(), false),
});
/**
 * `directory`: the ACME directory of the CA; null: no certificates are to be got. `record`: the TXT record that proves the name, which the host may have
 * written. `delegated`: `_acme-challenge.<name>` is a CNAME to it, or is none (yet), and then the name is left out.
 */
export const hostNamed = z.object({
  directory: z.nullable(z.string()),
  names: z.array(z.object({ name: z.string(), record: z.string(), delegated: z.boolean() })),
});
export type HostNamed = z.output<typeof hostNamed>;
/** A TXT record to be written, and the answer to a dns-01 challenge (RFC 8555, 8.4). */
export const challenge = z.object({
  name: z.string().check(z.maxLength(253)),
  value: z.string().check(z.regex(/^[\w-]{43}$/)),
});
export type Challenge = z.output<typeof challenge>;
export const challengeSeen = z.object({ visible: z.boolean() });

/** Whether `name` is a CNAME that ends at `target`, by way of some others perhaps. What can't be asked leads nowhere. */
export async function leadsTo(
  name: string,
  target: string,
  resolve: (name: string) => Promise<string[]>,
): Promise<boolean> {
  for (let at = name, hops = 0; hops < 8; hops++) {
    const [next] = await resolve(at).catch(() => []);
    if (next === undefined) return false;
    at = next.toLowerCase().replace(/\.$/, "");
    if (at === target) return true;
  }
  return false;
}
