// The API reference as tests read it: its operations, its schemas compiled, and whether an answer is as it says.
import { expect } from "vitest";
import { z } from "zod";
import type { Reply, TestControl } from "./control.ts";

export type Schema = Record<string, unknown>;
export type Content = { schema: Schema; example?: unknown };
export type Response = { description: string; headers: Record<string, Schema>; content?: Record<string, Content> };
export type Operation = {
  operationId: string;
  tags: string[];
  summary: string;
  description: string;
  security: Record<string, string[]>[];
  parameters: { name: string; in: string; required: boolean; description?: string; schema: Schema }[];
  requestBody?: { content: Record<string, Content> };
  responses: Record<string, Response>;
};
export type Document = {
  openapi: string;
  info: { title: string; version: string };
  servers: { url: string }[];
  security: Record<string, string[]>[];
  paths: Record<string, Record<string, Operation>>;
  tags: { name: string; description: string }[];
  components: {
    schemas: Record<string, Schema>;
    responses: Record<string, Response>;
    headers: Record<string, Schema>;
    securitySchemes: Record<string, Schema>;
  };
};

export type Reference = {
  document: Document;
  /** By `get /v1/me`. */
  operations: [string, Operation][];
  compiled(schema: Schema): z.ZodType;
  /** Fails unless the answer's status, headers and body are as the document says. */
  expectAsDocumented(name: string, reply: Reply): void;
};

/** The document as the control plane gives it out, refusals put in the place of references to them. */
export async function readReference(control: TestControl): Promise<Reference> {
  const document = (await control.call("GET", "/openapi.json", undefined, { key: null })).body as unknown as Document;
  const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]): [string, Operation] => [`${method} ${path}`, operation]),
  );
  for (const [, { responses }] of operations)
    for (const [status, response] of Object.entries(responses))
      if ("$ref" in response)
        responses[status] = document.components.responses[String(response.$ref).split("/").at(-1) ?? ""] as Response;

  const inPlace = (text: string): string =>
    text.replaceAll(/"\$ref":"#\/components\/schemas\/(\w+)"/g, (_, name: string) =>
      inPlace(JSON.stringify(document.components.schemas[name])).slice(1, -1),
    );
  const known = new Map<string, z.ZodType>();
  /** zod reads back what it wrote; what a reference to the document's components leads to is put in its place first. */
  const compiled = (schema: Schema): z.ZodType => {
    const text = JSON.stringify(schema);
    const found = known.get(text) ?? z.fromJSONSchema(JSON.parse(inPlace(text)));
    known.set(text, found);
    return found;
  };

  const expectAsDocumented = (name: string, reply: Reply): void => {
    const operation = operations.find(([known]) => known === name)?.[1];
    const response = operation?.responses[reply.status];
    if (!response) expect.fail(`${name}: ${reply.status} is not documented: ${reply.text.slice(0, 500)}`);
    for (const header of ["ETag", "Location"])
      if (reply.status < 400)
        expect.soft(reply.headers.has(header), `${name} ${header}`).toBe(Object.hasOwn(response.headers, header));
    // limits are a key's
    const limits = operation?.security.some((one) => "apiKey" in one) ? ["RateLimit", "RateLimit-Policy"] : [];
    const wanted = reply.status === 401 ? ["WWW-Authenticate"] : limits;
    for (const header of ["X-Request-Id", ...wanted]) {
      expect(reply.headers.has(header), `${name} ${header}`).toBe(true);
      expect(response.headers, name).toHaveProperty(header);
    }
    const content = Object.entries(response.content ?? {})[0];
    if (!content) {
      expect(reply.text, name).toBe("");
      return;
    }
    expect(reply.headers.get("content-type"), name).toBe(content[0]);
    const result = compiled(content[1].schema).safeParse(/json/.test(content[0]) ? reply.body : reply.text);
    expect(result.error?.issues ?? [], `${name}: ${reply.text.slice(0, 2000)}`).toEqual([]);
  };
  return { document, operations, compiled, expectAsDocumented };
}
