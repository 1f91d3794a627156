// Acting for a company below one's account, and leaving it again.
import { send } from "../api/client.ts";
import { toast } from "../part/toast.tsx";
import { go } from "../router.tsx";
import { type PersonSession, setPerson } from "../session/session.ts";

const path = "/v1/identity/session/impersonation";

/** Throws ApiProblem. */
export async function openCompany(tenantId: string, role: string): Promise<void> {
  const session = await send<PersonSession>("POST", path, { body: { tenantId, role } });
  go(`/tenants/${tenantId}`);
  setPerson(session);
}

/** `why` is shown where it was not his wish. Throws ApiProblem. */
export async function leaveCompany(why?: string): Promise<void> {
  const session = await send<PersonSession>("DELETE", path);
  go("/");
  setPerson(session);
  if (why) toast(why);
}
