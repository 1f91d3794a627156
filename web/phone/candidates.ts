// In which order the other end is told where media may come from. FreeSWITCH stays with the first candidate that it may use for 20 seconds, whatever browsers
// nominate (switch_rtp.c, handle_ice); they nominate a network that costs less before one of a higher priority.

const line = /^a=candidate:\S+ \d+ (\S+) (\d+) /i;
const costOf = (candidate: string): number => Number(/ network-cost (\d+)/.exec(candidate)?.[1] ?? 0);
const priorityOf = (candidate: string): number => Number(line.exec(candidate)?.[2] ?? 0);

/** Those that browsers prefer first, and none for TCP, which engines don't speak. */
export function inOrder(sdp: string): string {
  const lines = sdp.split("\r\n");
  const first = lines.findIndex((one) => line.test(one));
  if (first < 0) return sdp;
  const candidates = lines
    .filter((one) => line.exec(one)?.[1]?.toLowerCase() === "udp")
    .sort((a, b) => costOf(a) - costOf(b) || priorityOf(b) - priorityOf(a));
  const isOther = (one: string): boolean => !line.test(one);
  return [...lines.slice(0, first).filter(isOther), ...candidates, ...lines.slice(first).filter(isOther)].join("\r\n");
}

/** As a modifier of SIP.js. */
export const bestFirst = async (description: RTCSessionDescriptionInit): Promise<RTCSessionDescriptionInit> =>
  description.sdp === undefined ? description : { ...description, sdp: inOrder(description.sdp) };
