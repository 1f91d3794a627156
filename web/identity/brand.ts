// Whose console this is: the name, logo and colour of the nearest brand of who is signed in, else at this host; and whether one may sign up.
import { useQuery } from "@tanstack/react-query";
import { useLayoutEffect } from "react";
import { send } from "../api/client.ts";
import { tokensOf } from "../brand/tokens.ts";
import { useSession, whose } from "../session/session.ts";

export type Brand = {
  name: string;
  logo: string | null;
  color: string | null;
  signUp: { templates: string[]; review: boolean } | null;
};

/** Undefined while it is not known. Buttons have its colour from then on. */
export function useBrand(): Brand | undefined {
  const who = whose(useSession());
  const { data, isError } = useQuery({
    queryKey: ["brand", who],
    queryFn: ({ signal }) => send<Brand>("GET", "/v1/identity/brand", { signal }),
    staleTime: Number.POSITIVE_INFINITY,
  });
  const color = data?.color;
  useLayoutEffect(() => {
    if (!color) return;
    const { style } = document.documentElement;
    const tokens = Object.entries(tokensOf(color));
    for (const [name, value] of tokens) style.setProperty(name, value);
    return () => {
      for (const [name] of tokens) style.removeProperty(name);
    };
  }, [color]);
  return isError ? { name: "Dialplane", logo: null, color: null, signUp: null } : data;
}
