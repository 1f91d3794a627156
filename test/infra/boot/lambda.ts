// The functions of a template, each in an instance that takes one event at a time, as Lambda's do.
import { Worker } from "node:worker_threads";
import { region, type Template } from "./template.ts";

/** The instance was killed while it worked. */
export class Killed extends Error {}

export type Lambdas = {
  /** What the function answered. Throws what it threw, and `Killed`. */
  invoke(id: string, event: unknown): Promise<unknown>;
  /** What is started from now on has a clock that is so much ahead. */
  clock: { aheadMs: number };
  /** Ends its instance at once, whatever it is doing; the next event gets a new one. */
  kill(id: string): Promise<void>;
  stop(): Promise<void>;
};

/** `port`: of the stand-in for AWS, which knows a function by its credentials: its logical id. */
export function createLambdas(template: Template, port: number): Lambdas {
  const instances = new Map<string, Instance>();
  const clock = { aheadMs: 0 };
  const turns = new Map<string, Promise<unknown>>();

  const instanceOf = (id: string): Instance => {
    const known = instances.get(id);
    if (known && !known.ended) return known;
    const { module, exported, environment } = template.functions.get(id) ?? fail(id);
    const credentials = { AWS_ACCESS_KEY_ID: id, AWS_SECRET_ACCESS_KEY: "secret", AWS_SESSION_TOKEN: "token" };
    const env = { ...environment, ...credentials, AWS_REGION: region, LOG_LEVEL: "silent" };
    const made = startInstance(
      new Worker(thread, { env, workerData: { module, exported, port, ...clock }, execArgv: [] }),
    );
    instances.set(id, made);
    return made;
  };

  return {
    clock,
    invoke(id, event) {
      const turn = (turns.get(id) ?? Promise.resolve()).then(() => instanceOf(id).handle(event));
      turns.set(
        id,
        turn.catch(() => undefined),
      );
      return turn;
    },
    kill: async (id) => instances.get(id)?.end(),
    async stop() {
      await Promise.all([...instances.values()].map((one) => one.end()));
    },
  };
}

const thread = new URL("lambda-thread.ts", import.meta.url);
const fail = (id: string): never => {
  throw new Error(`the template has no function ${id}`);
};

type Instance = ReturnType<typeof startInstance>;

function startInstance(worker: Worker) {
  let count = 0;
  let ended = false;
  const waiting = new Map<number, { resolve(answer: unknown): void; reject(error: Error): void }>();
  const over = (error: Error): void => {
    ended = true;
    for (const { reject } of waiting.values()) reject(error);
    waiting.clear();
  };
  worker.on("message", ({ number, answer, error }: { number: number; answer?: unknown; error?: string }) => {
    const one = waiting.get(number);
    waiting.delete(number);
    if (error === undefined) one?.resolve(answer);
    else one?.reject(new Error(error));
  });
  worker.on("error", over);
  worker.on("exit", () => over(new Killed("the instance ended")));
  return {
    get ended() {
      return ended;
    },
    handle: (event: unknown): Promise<unknown> =>
      new Promise((resolve, reject) => {
        if (ended) return reject(new Killed("the instance ended"));
        waiting.set(++count, { resolve, reject });
        worker.postMessage({ number: count, event });
      }),
    async end(): Promise<void> {
      over(new Killed("the instance was killed"));
      await worker.terminate();
    },
  };
}
