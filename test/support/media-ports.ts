// Ports for FreeSWITCH's RTP. Test files run beside one another, and FreeSWITCH does not look whether a port is another's: each worker has a range of its own.
const perHost = 100;
const perWorker = 1000;
/** Above what the system deals out by itself. */
const first = 61_000;

/** A range that no other test of this run uses now. */
export function mediaPorts(): { start: number; end: number } {
  const worker = (Number(process.env.VITEST_POOL_ID ?? 1) - 1) % 4;
  const start = first + worker * perWorker + Math.floor(Math.random() * (perWorker / perHost)) * perHost;
  return { start, end: start + perHost - 1 };
}
