// Which microphone, speaker and bell the phone uses; remembered by this browser.
import { useSyncExternalStore } from "react";

/** Ids of the browser's devices; "" is its own choice. */
export type Devices = { microphone: string; speaker: string; bell: string };

const place = "dialplane.phone.devices";
const none: Devices = { microphone: "", speaker: "", bell: "" };
const listeners = new Set<() => void>();
let chosen = read();

function read(): Devices {
  try {
    const kept = JSON.parse(localStorage.getItem(place) ?? "{}") as Partial<Devices>;
    const text = (value: unknown): string => (typeof value === "string" ? value : "");
    return { microphone: text(kept.microphone), speaker: text(kept.speaker), bell: text(kept.bell) };
  } catch {
    return none;
  }
}

export const devices = (): Devices => chosen;

export function choose(change: Partial<Devices>): void {
  chosen = { ...chosen, ...change };
  localStorage.setItem(place, JSON.stringify(chosen));
  for (const listener of listeners) listener();
}

export const onChosen = (listener: () => void): (() => void) => {
  listeners.add(listener);
  return () => listeners.delete(listener);
};

export const useDevices = (): Devices => useSyncExternalStore(onChosen, devices);

/** A device that is gone is no hindrance: then the browser takes another. */
export const microphone = (): MediaStreamConstraints => ({
  audio: {
    echoCancellation: true,
    noiseSuppression: true,
    autoGainControl: true,
    ...(chosen.microphone !== "" && { deviceId: { ideal: chosen.microphone } }),
  },
  video: false,
});

type Sink = { setSinkId?: (id: string) => Promise<void> };

/** Plays through that device, where the browser can choose. */
export async function sendTo(target: Sink, device: string): Promise<void> {
  await target.setSinkId?.(device).catch(() => undefined);
}
