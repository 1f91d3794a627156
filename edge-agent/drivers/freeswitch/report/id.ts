// A call's id, which every way of learning of it gives.
import { derivedId } from "../../../derived-id.ts";

/** A call's id: of its A leg's uuid and start (microseconds). */
export const callId = (uuid: string, startedUs: number): string =>
  derivedId("cal", Math.floor(startedUs / 1000), uuid, String(startedUs));
