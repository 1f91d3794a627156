// What of the API's tests can't run through the booted template, and why. Everything else of test/functions does, in `npm run test:slow` or by itself by `npm run test:template`.
import { globSync, readFileSync } from "node:fs";

const faults =
  "it puts faults into the store of this process; boot/aws.ts injects them into AWS instead (booted.test.ts)";
const receivers =
  "its webhooks go to receivers on this machine, which the cloud allows nobody; booted.test.ts has one outside";
const handlers = "it calls functions of this process";
const http = "it speaks HTTP/1.1 by hand, which API Gateway does before there is an event";

/** Whole files, below test/functions. */
const files: Record<string, string> = {
  "access/idempotency": faults,
  "audit/audit": faults,
  "api/founding": faults,
  "api/handler": handlers,
  "api/live": `${handlers}; an HTTP API hands on no stream before its end`,
  "api/long": handlers,
  "deletion/purge": `${receivers}; it looks into SQLite's file`,
  "document/epochs": "it takes a backup of SQLite's file and puts it back; docs/deploy.md has the drill with a table",
  "document/killed": handlers,
  "document/lent": faults,
  "document/write": faults,
  "edges/install": "its hosts fetch with curl, which reaches no API Gateway here",
  "edges/names": "its DNS zone is of this process; booted.test.ts writes into Route 53's stand-in",
  "edges/own-domain": "its tenants' domains have DNS in this process; the functions ask the world's",
  "identity/routes": receivers,
  "identity/sso": "its identity provider is on this machine, which the cloud asks nothing",
  "mail/voicemail": "it stops a control plane and starts another on its folder",
  "publisher/publisher": handlers,
  "sandbox/sandbox": receivers,
  "webhooks/property": faults,
  "webhooks/webhooks": receivers,
};

const s3 = "it asks for what S3 itself refuses";
const settings = "it changes the settings of a running process";
const counts = "it counts what this process reads";
const feed = "it listens to the store of this process";

/** Tests of other files, by how their names begin. */
const tests: Record<string, string> = {
  "of 10 MB is 413 at once": http,
  "that is not UTF-8 is 400": http,
  "with a hostile segment is 404": http,
  "in raw bytes, dots and absolute forms": http,
  "too many of them are 431": http,
  "Host may be anything": http,
  "a key works from its networks alone": settings,
  "a header of the caller's own is not believed": settings,
  "a large file goes by a URL that takes these bytes alone": s3,
  "a URL to listen is for one object and one verb": s3,
  "at a bare address there is none": "it is of an installation at a bare address",
  "our own front says who called": settings,
  "a page of twenty of a large account reads": counts,
  "the last use is known to the minute": feed,
};

export const filesOutside: string[] = Object.keys(files).map((name) => `test/functions/${name}.test.ts`);

/** The files that ask a control plane, and can ask this one. All others are the same whatever is booted. */
export const filesThrough = (): string[] =>
  globSync("test/functions/**/*.test.ts")
    .filter((file) => readFileSync(file, "utf8").includes("testControl(") && !filesOutside.includes(file))
    .sort();

/** Why the test can't run through the template, if so. */
export const whyOutside = (name: string): string | undefined =>
  Object.entries(tests).find(([beginning]) => name.startsWith(beginning))?.[1];
