// The lookup server of the agent on a given state, alone in its process; and, without a state, a bare node:http server that answers a constant.
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { Documents } from "../edge-agent/documents.ts";
import { createLegs } from "../edge-agent/drivers/freeswitch/legs.ts";
import { answer } from "../edge-agent/drivers/freeswitch/lookup.ts";
import { createPeople } from "../edge-agent/drivers/freeswitch/people.ts";
import { openState } from "../edge-agent/state.ts";

const [file = "", size = "0"] = process.argv.slice(2);
const constant = Buffer.alloc(Number(size), "x");
const config = {
  sipAddress: "127.0.0.1",
  sipPort: 5060,
  carriersPort: 5080,
  front: { address: "127.0.0.1", port: 5062 },
  browsers: null,
  externalAddress: null,
  pingSeconds: 30,
  esl: { host: "127.0.0.1", port: 8021, password: "x" },
  cdrDir: "/tmp",
  voicemailDir: "/tmp",
  recordingsDir: "/tmp",
  promptsDir: "/tmp",
  lampsFile: "/lamps",
  soundsDir: null,
};
const lookups = file ? lookupsOf(openState(file).documents) : undefined;
const server = createServer((request, response) => {
  if (lookups) return answer(lookups, request, response);
  request.resume();
  request.on("end", () => {
    response.writeHead(200, { "content-type": "text/xml; charset=utf-8", "content-length": constant.length });
    response.end(constant);
  });
});
/** As the driver's, on a host where nobody is on a call. */
function lookupsOf(documents: Documents) {
  const legs = createLegs(documents);
  return { documents, config, log: { error: console.error }, legs, people: createPeople(legs.onCall) };
}
server.listen(0, "127.0.0.1", () => process.send?.({ port: (server.address() as AddressInfo).port }));
