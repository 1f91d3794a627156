// What goes on in the tenant at this moment, as an edge sees it. Routing may look at it; the simulator knows of nothing that goes on.

/** A leg, as the engine names it. Opaque to routing. */
export type LiveLeg = string;

export type Now = {
  /** Legs that ring at extensions, the longest first. */
  ringing(): { extension: string; leg: LiveLeg }[];
  /** The leg of an answered call that this extension is on. */
  talking(extension: string): LiveLeg | undefined;
  /** What waits in a slot: the leg, and the extension whose phone that is, if it is one. */
  parked(lot: string, slot: string): { leg: LiveLeg; extension: string | undefined } | undefined;
};

export const nothing: Now = { ringing: () => [], talking: () => undefined, parked: () => undefined };
