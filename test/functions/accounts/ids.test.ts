// What is read without the kinds spells their ids itself.
import { expect, test } from "vitest";
import { tenantOwner } from "../../../core/owner.ts";
import { kindOf } from "../../../core/registry.ts";
import { limitsId } from "../../../functions/accounts/bounds.ts";
import { suspensionId } from "../../../functions/accounts/suspended.ts";

test("the ids of limits and of a suspension bear the prefix of their kind", () => {
  const tenant = "ten_01J00000000000000000000000";
  expect(limitsId(tenant)).toBe(tenant.replace("ten", kindOf("limits").prefix));
  expect(suspensionId(tenantOwner(tenant))).toBe(tenant.replace("ten", kindOf("suspension").prefix));
});
