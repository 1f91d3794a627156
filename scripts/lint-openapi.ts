// The linter of the OpenAPI document, run by `npm run check`: Redocly's rules, where a warning counts as an error.

import { openapi } from "../functions/api/openapi/document.ts";
import { routesOf } from "../functions/api/routes.ts";
import { identityRoutes } from "../functions/identity/routes.ts";

/** What is used of the linter; written here so that types can be checked without it. */
type Linter = {
  createConfig(config: object): Promise<unknown>;
  lintFromString(options: { source: string; config: unknown; absoluteRef?: string }): Promise<Found[]>;
};
type Found = {
  ruleId: string;
  severity: string;
  message: string;
  location: { pointer?: string; source: { absoluteRef: string } }[];
};

const rules = {
  "operation-operationId": "error",
  "operation-description": "error",
  "operation-tag-defined": "error",
  "operation-singular-tag": "error",
  "operation-parameters-unique": "error",
  "parameter-description": "error",
  "tag-description": "error",
  "tags-alphabetical": "off",
  "no-invalid-media-type-examples": "error",
  "no-invalid-schema-examples": "error",
  "no-invalid-parameter-examples": "error",
  "no-unused-components": "error",
  "response-contains-header": { severity: "error", names: { "2xx": ["X-Request-Id"] } },
  // an installation of one's own is localhost or an example here
  "no-server-example.com": "off",
};

/** Every warning and error, one line each. */
export async function lint(document: object): Promise<string[]> {
  const name: string = "@redocly/openapi-core";
  const { createConfig, lintFromString } = (await import(name)) as Linter;
  const config = await createConfig({ extends: ["recommended-strict"], rules });
  const found = await lintFromString({ source: JSON.stringify(document), config, absoluteRef: "openapi.json" });
  return found.map(({ ruleId, message, location }) => `${location[0]?.pointer ?? ""}  ${message} (${ruleId})`);
}

if (import.meta.main) {
  const found = await lint(openapi([...(await routesOf(async () => [])), ...identityRoutes()], "https://api.example"));
  for (const line of found) console.error(line);
  if (found.length > 0) process.exit(1);
}
