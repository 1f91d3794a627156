// Loads a bundle as Lambda does, in a process of its own that can't reach any network, and prints what its handler answered to each event, as JSON; `schemas`:
// how many of zod's its import made.
import { Socket } from "node:net";
import { pathToFileURL } from "node:url";
import { gatewayEvent } from "../support/gateway.ts";
import { standInForStreams } from "./boot/awslambda.ts";

Socket.prototype.connect = () => {
  throw new Error("a bundle reached for the network");
};

standInForStreams();

let schemas = 0;
const { defineProperty } = Object;
Object.defineProperty = (of, name, property) => {
  if (name === "_zod") schemas++;
  return defineProperty(of, name, property);
};

const [file = "", ...paths] = process.argv.slice(2);
const begun = performance.now();
const { handler } = await import(pathToFileURL(file).href);
const importMs = performance.now() - begun;
const made = { importMs, schemas };
const answers: unknown[] = [];
for (const path of paths) answers.push(await handler(path === "" ? { Records: [] } : gatewayEvent("GET", path)));
process.stdout.write(JSON.stringify({ ...made, answers }));
