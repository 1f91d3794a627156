// The tenant that a page is about, for parts deep inside it; on an account's pages the account, whose document has kinds too.
import { createContext, useContext } from "react";

export const TenantId = createContext("");
export const useTenantId = (): string => useContext(TenantId);

export const isAccountId = (owner: string): boolean => owner.startsWith("acc_");
/** Where the console shows what is of a tenant, or of an account. */
export const pageOf = (owner: string): string => `/${isAccountId(owner) ? "accounts" : "tenants"}/${owner}`;
