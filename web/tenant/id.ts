// The tenant that a page is about, for parts deep inside it.
import { createContext, useContext } from "react";

export const TenantId = createContext("");
export const useTenantId = (): string => useContext(TenantId);
