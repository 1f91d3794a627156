// What this host knows of a tenant's people at the moment: who is on a call, and who called for help lately.

export type People = {
  /** By extension id. */
  onCall(extension: string): boolean;
  inEmergency(extension: string): boolean;
  /** Whether one of those for whom `isOne` holds called an emergency number. */
  anyInEmergency(isOne: (extension: string) => boolean): boolean;
  /** It called an emergency number just now. */
  calledEmergency(extension: string): void;
};

/** The emergency services call back, and must get through (as in RFC 7090). */
const callBackMs = 3_600_000;
const kept = 10_000;

/** An agent that is started again has forgotten who called for help. */
export function createPeople(onCall: (extension: string) => boolean, now: () => number = Date.now): People {
  /** The one who called last comes last. */
  const called = new Map<string, number>();
  const inEmergency = (extension: string): boolean =>
    now() - (called.get(extension) ?? Number.NEGATIVE_INFINITY) < callBackMs;
  return {
    onCall,
    inEmergency,
    anyInEmergency: (isOne) => [...called.keys()].some((extension) => inEmergency(extension) && isOne(extension)),
    calledEmergency(extension) {
      called.delete(extension);
      called.set(extension, now());
      const [first] = called.keys();
      if (called.size > kept && first !== undefined) called.delete(first);
    },
  };
}

export const nobody: People = {
  onCall: () => false,
  inEmergency: () => false,
  anyInEmergency: () => false,
  calledEmergency: () => undefined,
};
