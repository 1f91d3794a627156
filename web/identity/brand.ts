// Whose console this is: the name, logo and colour at this host, and whether one may sign up.
import { useQuery } from "@tanstack/react-query";
import { useLayoutEffect } from "react";
import { send } from "../api/client.ts";

export type Brand = {
  name: string;
  logo: string | null;
  color: string | null;
  signUp: { templates: string[]; review: boolean } | null;
};

/** Undefined while it is not known. Buttons have its colour from then on. */
export function useBrand(): Brand | undefined {
  const { data, isError } = useQuery({
    queryKey: ["brand"],
    queryFn: ({ signal }) => send<Brand>("GET", "/v1/identity/brand", { signal }),
    staleTime: Number.POSITIVE_INFINITY,
  });
  const color = data?.color;
  useLayoutEffect(() => {
    const { style } = document.documentElement;
    for (const name of ["--color-fill", "--color-fill-hover"])
      if (color) style.setProperty(name, color);
      else style.removeProperty(name);
  }, [color]);
  return isError ? { name: "Dialplane", logo: null, color: null, signUp: null } : data;
}
