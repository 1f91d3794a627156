// A process's life, as far as those see it whom it asks for something: it dies at one of its calls, before or after that was carried out, and asks for
// nothing any more.

export type Death = { at: number; applied: boolean };
export type Pulse = ReturnType<typeof createPulse>;

/** Without a death it lives, and counts. */
export function createPulse(death?: Death) {
  let [calls, dead] = [0, false];
  const die = (): never => {
    dead = true;
    throw new Error("dead");
  };
  return {
    get calls() {
      return calls;
    },
    get dead() {
      return dead;
    },
    /** The port with these verbs of it counted. */
    through<P extends object>(port: P, ...verbs: (keyof P)[]): P {
      const counted = verbs.map((verb) => {
        const work = port[verb] as (...args: unknown[]) => Promise<unknown>;
        const wrapped = async (...args: unknown[]): Promise<unknown> => {
          if (dead) die();
          const isLast = ++calls === death?.at;
          if (isLast && !death?.applied) die();
          const answer = await work.apply(port, args);
          return isLast || dead ? die() : answer;
        };
        return [verb, wrapped] as const;
      });
      return { ...port, ...Object.fromEntries(counted) };
    },
  };
}
