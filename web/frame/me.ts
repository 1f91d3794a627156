// Who is signed in and what he may, as the API says it.
import { useQuery } from "@tanstack/react-query";
import { send } from "../api/client.ts";

export type Me = {
  id: string;
  name: string;
  scopes: string[];
  accountId: string | null;
  tenantId: string | null;
  member: {
    id: string;
    name: string;
    role: string;
    /** The extension that is his own. */
    extension: { id: string; number: string; displayName: string | null } | null;
  } | null;
};

export const useMe = () =>
  useQuery({ queryKey: ["me"], queryFn: ({ signal }) => send<Me>("GET", "/v1/me", { signal }), staleTime: 60_000 });

/** Whether scopes allow `extensions:read`; while they are not known, yes. The API has the last word. */
export function may(me: Me | undefined, scope: string | null): boolean {
  if (!me || scope === null) return true;
  const [what = "", verb = ""] = scope.split(":");
  return me.scopes.some((held) => {
    if (held === "*") return true;
    const [heldWhat, heldVerb] = held.split(":");
    return (heldWhat === "*" || heldWhat === what) && (heldVerb === "*" || heldVerb === verb);
  });
}
