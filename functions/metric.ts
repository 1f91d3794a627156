// Figures of how things go. In the cloud a function writes them into its log in CloudWatch's embedded metric format, which makes metrics of them: nothing is
// called for it, and nobody waits.

/** Every figure, with CloudWatch's unit and what it tells; infra/dashboard.ts shows them. */
export const metrics = {
  Propagation: ["Milliseconds", "From a revision to the word of an edge that it is in place there"],
  Refused: ["Count", "Resources that an edge says did not take"],
  Behind: ["Count", "Documents of which an edge holds something else than the cloud, at its timed comparison"],
  EventAge: ["Milliseconds", "From what happened on a host to its being written down here"],
  Unsent: ["Count", "Revisions that no edge was told of at first, and the clock had to tell"],
  EdgesDown: ["Count", "Edges that fell silent, or whose engine went away"],
  CertificatesEnding: ["Count", "Signs of life of hosts whose certificate ends soon and should long be renewed"],
  MailReturned: ["Count", "Mails that came back for good, or that their readers called spam"],
  MailWithheld: ["Count", "Mails that were not sent, as mail to their address comes back"],
} as const;
export type Metric = keyof typeof metrics;

export const namespace = "Dialplane";

/** CloudWatch takes so many values of a metric in one line. */
const most = 100;

/** `write` takes fields of one line of JSON, whose time it sets itself. */
export function createMeasure(stage: string, write: (about: object, message: string) => void) {
  return (name: Metric, values: number[]): void => {
    for (let at = 0; at < values.length; at += most) {
      const [Unit] = metrics[name];
      const directive = { Namespace: namespace, Dimensions: [["Stage"]], Metrics: [{ Name: name, Unit }] };
      const about = { _aws: { Timestamp: Date.now(), CloudWatchMetrics: [directive] }, Stage: stage };
      write({ ...about, [name]: values.slice(at, at + most) }, "measured");
    }
  };
}
