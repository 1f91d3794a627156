// An account that takes sign-ups, with the templates that come with Dialplane and, if asked, a number to lend.
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect } from "vitest";
import type { TestControl } from "./control.ts";

const templates = fileURLToPath(new URL("../../docs/templates/en.yaml", import.meta.url));

/** The operator's own account does. */
export async function offerSignUp(control: Pick<TestControl, "call">, number?: string): Promise<void> {
  const account = String((await control.call("GET", "/v1/me")).body.accountId);
  const headers = { "content-type": "application/yaml" };
  const raw = readFileSync(templates, "utf8");
  const applied = await control.call("POST", `/v1/accounts/${account}/apply`, undefined, { headers, raw });
  expect(applied.status, applied.text).toBe(200);
  if (number !== undefined) {
    const made = await control.call("POST", `/v1/accounts/${account}/phone-numbers`, { number });
    expect(made.status, made.text).toBe(201);
  }
  const signUp = { templates: ["office", "help desk", "clinic"], areaPrefix: number?.slice(0, 5) ?? null };
  const branded = await control.call("PUT", `/v1/accounts/${account}/brand`, { name: "Dialplane", signUp });
  expect(branded.status, branded.text).toBe(200);
}
