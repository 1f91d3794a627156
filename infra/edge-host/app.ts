// `npm run synth:edge-host` begins here: the template by which a reseller launches hosts in an account of his own, as one file.
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { render } from "./render.ts";

const file = fileURLToPath(new URL("../../dist/edge-host.template.json", import.meta.url));
/** Of a template that is sent as it is; larger ones are fetched from S3. */
const bodyBytes = 51_200;

const text = render();
mkdirSync(dirname(file), { recursive: true });
writeFileSync(file, text);
const bytes = Buffer.byteLength(text);
console.log(
  `${file}: ${bytes} bytes, ${bytes <= bodyBytes ? "below" : "above"} the ${bodyBytes} that CloudFormation takes without S3`,
);
