// What every refusal must look like, whatever was refused.
import { expect } from "vitest";
import type { Reply, TestControl } from "./control.ts";

/** A problem document of one of these statuses, whole, and nothing of our inside in it. */
export function expectProblemOf(control: TestControl, reply: Reply, statuses: number[]): void {
  expect(reply.headers.get("content-type"), reply.text).toBe("application/problem+json");
  expect(statuses, reply.text.slice(0, 500)).toContain(reply.status);
  const { type, code, title, status, detail, requestId } = reply.body;
  expect(type).toBe(`${control.url}/problems/${String(code).replaceAll("_", "-")}`);
  expect(status).toBe(reply.status);
  expect(String(title)).not.toBe("");
  expect(String(detail)).not.toBe("");
  expect(requestId).toMatch(/^req_/);
  expect(reply.text).not.toMatch(/node_modules|\.ts:\d+| {4}at /);
}
