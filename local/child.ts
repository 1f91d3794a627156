// A child process that is started again when it ends by itself, sooner at first, later if it keeps ending.
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { connect } from "node:net";

export type Child = { stop(): Promise<void> };

export function supervise(name: string, args: string[], environment: Record<string, string>): Child {
  let stopping = false;
  let startedAt = 0;
  let delayMs = 250;
  let timer: NodeJS.Timeout | undefined;
  let ended: Promise<void> = Promise.resolve();
  let kill = (_signal: NodeJS.Signals): void => {};

  function start(): void {
    startedAt = Date.now();
    const child = spawn(process.execPath, ["--disable-warning=ExperimentalWarning", ...args], {
      env: { ...process.env, ...environment },
      // a group of its own, so that Ctrl-C reaches it through us alone; the channel tells it when we are gone
      detached: true,
      stdio: ["ignore", "inherit", "inherit", "ipc"],
    });
    kill = (signal) => void child.kill(signal);
    ended = new Promise((resolve) => {
      child.on("error", (error) => console.error(`${name}: ${error.message}`));
      child.on("close", (code, signal) => {
        resolve();
        if (stopping) return;
        delayMs = Date.now() - startedAt > 10_000 ? 250 : Math.min(delayMs * 2, 10_000);
        console.error(`${name} ended (${signal ?? code}); starting it again in ${delayMs} ms`);
        timer = setTimeout(start, delayMs);
      });
    });
  }
  start();
  return {
    async stop() {
      stopping = true;
      clearTimeout(timer);
      kill("SIGTERM");
      const last = setTimeout(() => kill("SIGKILL"), 8000);
      await ended;
      clearTimeout(last);
    },
  };
}

/** An engine that runs; `exited` resolves when it runs no more. */
type Engine = { exited: Promise<unknown>; stop(): Promise<void> };

/** Keeps an engine running until stopped: a second after it ended it is started again. Rejects if its first start does. */
export async function superviseEngine(name: string, start: () => Promise<Engine>): Promise<Child> {
  let running = await start();
  let stopping = false;
  const watch = async (): Promise<void> => {
    for (;;) {
      await running.exited;
      if (stopping) return;
      console.error(`${name} ended; starting it again`);
      await new Promise((resolve) => setTimeout(resolve, 1000));
      if (stopping) return;
      running = await start().catch((error) => {
        console.error(String(error));
        return running;
      });
    }
  };
  void watch();
  return {
    async stop() {
      stopping = true;
      await running.stop();
    },
  };
}

/** Resolves when something accepts connections on this port of loopback; throws after `timeoutMs`. */
export async function accepting(port: number, timeoutMs: number, what: string): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    const open = await new Promise<boolean>((resolve) => {
      const socket = connect({ host: "127.0.0.1", port });
      socket.once("connect", () => resolve(true)).once("error", () => resolve(false));
      socket.once("connect", () => socket.destroy());
    });
    if (open) return;
    if (Date.now() > deadline)
      throw new Error(
        `${what} did not answer on port ${port} within ${timeoutMs / 1000} s; its messages above say why`,
      );
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** Resolves when the file is there; throws after `timeoutMs`. */
export async function appears(file: string, timeoutMs: number, what: string): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  while (!existsSync(file)) {
    if (Date.now() > deadline)
      throw new Error(`${what} did not enrol within ${timeoutMs / 1000} s; its messages above say why`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
