// The functions of a template, each in instances that take one event at a time, as Lambda's do.
import { createInterface } from "node:readline";
import { Worker } from "node:worker_threads";
import { region, type Template } from "./template.ts";

/** The instance was killed while it worked. */
export class Killed extends Error {}

/** What a synchronous call may carry each way. */
export const mostBytes = 6 * 1024 * 1024;

export type Lambdas = {
  /** What the function answered. Throws what it threw, and `Killed`. */
  invoke(id: string, event: unknown): Promise<unknown>;
  /** What is started from now on has a clock that is so much ahead; with `at`, what is handled from now on sees that time standing still. */
  clock: { aheadMs: number; at?(): number | undefined };
  /** The lines that functions logged, with the logical id of whose they are as `by`. */
  said: Record<string, unknown>[];
  /** Ends its instances at once, whatever they are doing; the next event gets a new one. */
  kill(id: string): Promise<void>;
  stop(): Promise<void>;
};

/** `atOnce`: instances of one function at most. `environment`: instead of what the template says. */
export type LambdaOptions = { atOnce?: number; environment?: Record<string, string> };

/** `port`: of the stand-in for AWS, which knows a function by its credentials: its logical id. */
export function createLambdas(
  template: Template,
  port: number,
  { atOnce = 1, environment = {} }: LambdaOptions = {},
): Lambdas {
  const pools = new Map<string, Pool>();
  const clock: Lambdas["clock"] = { aheadMs: 0 };
  const said: Lambdas["said"] = [];

  function start(id: string): Instance {
    const { module, exported, environment: own } = template.functions.get(id) ?? fail(id);
    const credentials = { AWS_ACCESS_KEY_ID: id, AWS_SECRET_ACCESS_KEY: "secret", AWS_SESSION_TOKEN: "token" };
    const env = { ...own, ...environment, ...credentials, AWS_REGION: region };
    const workerData = { module, exported, port, aheadMs: clock.aheadMs };
    const worker = new Worker(thread, { env, workerData, execArgv: [], stdout: true });
    createInterface({ input: worker.stdout }).on("line", (line) => {
      if (line.startsWith("{")) said.push({ ...JSON.parse(line), by: id });
    });
    return startInstance(worker);
  }

  function poolOf(id: string): Pool {
    const pool = pools.get(id) ?? createPool(() => start(id), atOnce);
    pools.set(id, pool);
    return pool;
  }

  return {
    clock,
    said,
    invoke(id, event) {
      const at = clock.at?.();
      return poolOf(id).use(at ?? Date.now() + clock.aheadMs, (instance) => instance.handle(event, at));
    },
    kill: (id) => poolOf(id).end(),
    async stop() {
      await Promise.all([...pools.values()].map((pool) => pool.end()));
    },
  };
}

const thread = new URL("lambda-thread.ts", import.meta.url);
const fail = (id: string): never => {
  throw new Error(`the template has no function ${id}`);
};

type Pool = ReturnType<typeof createPool>;

function createPool(start: () => Instance, atOnce: number) {
  const idle: Instance[] = [];
  const all = new Set<Instance>();
  const queue: (() => void)[] = [];
  let busy = 0;
  return {
    /** `now`: by the clock that the instance is to have; none goes back in time, as its ids do not. */
    async use(now: number, work: (instance: Instance) => Promise<unknown>): Promise<unknown> {
      if (busy === atOnce) await new Promise<void>((turn) => queue.push(turn));
      else busy++;
      let instance = idle.pop();
      while (instance && (instance.ended || instance.seen > now + 1000)) {
        all.delete(instance);
        void instance.end();
        instance = idle.pop();
      }
      instance ??= start();
      instance.seen = now;
      all.add(instance);
      try {
        return await work(instance);
      } finally {
        if (instance.ended) all.delete(instance);
        else idle.push(instance);
        const next = queue.shift();
        if (next) next();
        else busy--;
      }
    },
    async end(): Promise<void> {
      const ending = [...all].map((one) => one.end());
      all.clear();
      await Promise.all(ending);
    },
  };
}

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
    /** The time of its last event. */
    seen: 0,
    get ended() {
      return ended;
    },
    handle: (event: unknown, at?: number): Promise<unknown> =>
      new Promise((resolve, reject) => {
        if (ended) return reject(new Killed("the instance ended"));
        waiting.set(++count, { resolve, reject });
        worker.postMessage({ number: count, event, at });
      }),
    async end(): Promise<void> {
      over(new Killed("the instance was killed"));
      await worker.terminate();
    },
  };
}
