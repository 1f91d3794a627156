// What CloudFront does with each request before it looks for who answers it: JavaScript for its viewer-request function, where SST's router puts it in
// front of its own. Also asked for by sst.config.ts.
import { frontHeaders } from "../functions/access/front-headers.ts";
import { livePath } from "../functions/live/path.ts";

/** SST's router knows prefixes alone, so streams of live views get one; it takes it off again. */
export const livePrefix = "/v1/live";

/**
 * `secret` proves to the functions that what the front says is its own: the viewer's address. `streams`: whether there is a function for live views;
 * who asks for a stream of one is passed on to that.
 */
export function viewerRequest(secret: string, streams: boolean): string {
  if (!/^[A-Za-z0-9]{32,}$/.test(secret)) throw new Error("the front's secret must be 32 letters and digits or more");
  const live = livePath.replaceAll("/", "\\/").replace("{tenant}", "[^\\/]+");
  return `
const asked = event.request;
asked.headers["${frontHeaders.secret}"] = { value: "${secret}" };
asked.headers["${frontHeaders.viewer}"] = { value: event.viewer.ip };${
    streams
      ? `
if (/^${live}$/.test(asked.uri) && asked.headers.accept && asked.headers.accept.value.includes("text/event-stream")) asked.uri = "${livePrefix}" + asked.uri;`
      : ""
  }
`;
}
