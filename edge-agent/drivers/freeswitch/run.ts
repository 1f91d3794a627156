// An installed FreeSWITCH as a child of the agent: found, checked for its modules, started on our configuration, stopped cleanly.
import { spawn } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, realpathSync } from "node:fs";
import { connect } from "node:net";
import { delimiter, dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

const prefixes = ["/usr/local/freeswitch", "/opt/freeswitch", "/usr/local", "/usr"];

/** The program: `given`, else `FREESWITCH`, else on PATH, else in a usual place. Undefined where there is none. */
export function findFreeswitch(given?: string): string | undefined {
  const asked = given ?? process.env.FREESWITCH;
  if (asked) return existsSync(asked) ? asked : undefined;
  const folders = [...(process.env.PATH ?? "").split(delimiter), ...prefixes.map((prefix) => join(prefix, "bin"))];
  return folders.map((folder) => join(folder || ".", "freeswitch")).find((file) => existsSync(file));
}

/** Where the program has its modules; undefined: in its own built-in place, which we don't know. */
function moduleFolder(program: string): string | undefined {
  const prefix = dirname(dirname(realpathSync(program)));
  const candidates = [prefix, ...prefixes].flatMap((at) => [join(at, "lib/freeswitch/mod"), join(at, "mod")]);
  return candidates.find((folder) => existsSync(join(folder, "mod_commands.so")));
}

/** The modules that our configuration loads and this FreeSWITCH lacks. */
export function missingModules(program: string, confDir: string): string[] {
  const folder = moduleFolder(program);
  if (!folder) return [];
  const wanted = readFileSync(join(confDir, "freeswitch.xml"), "utf8").matchAll(/<load module="(\w+)"/g);
  return [...wanted].flatMap(([, name]) => (name && !existsSync(join(folder, `${name}.so`)) ? [name] : []));
}

export type Running = {
  pid: number;
  /** Resolves when it ended, by whatever cause. */
  exited: Promise<void>;
  stop(): Promise<void>;
};

/**
 * Starts FreeSWITCH on the configuration in `confDir` with everything it writes under `dataDir`, and resolves when its event socket answers. One that
 * an agent left running there when it was killed is taken over, with its calls.
 * Throws with the missing modules' names, or with the last lines of its log if it ends or stays silent for `timeoutSeconds`.
 */
export async function runFreeswitch(options: {
  program: string;
  confDir: string;
  dataDir: string;
  esl: { host: string; port: number };
  timeoutSeconds?: number;
}): Promise<Running> {
  const { program, confDir, dataDir, esl } = options;
  const missing = missingModules(program, confDir);
  if (missing.length > 0)
    throw new Error(`${program} lacks ${missing.join(", ")}; install them from FreeSWITCH's vendor`);
  const left = leftRunning(dataDir, confDir);
  const running = left === undefined ? start(program, dataDir, confDir) : takeOver(left);
  let ended = false;
  void running.exited.then(() => {
    ended = true;
  });
  const deadline = Date.now() + (options.timeoutSeconds ?? 30) * 1000;
  while (!(await answers(esl))) {
    if (ended || Date.now() > deadline) {
      signal(running.pid, "SIGKILL");
      throw new Error(`FreeSWITCH ${ended ? "ended" : "does not answer"}; its log says:\n${lastLines(dataDir)}`);
    }
    await sleep(50);
  }
  return { ...running, stop: () => stop(running) };
}

type Process = Pick<Running, "pid" | "exited">;

/** In a session of its own, so that Ctrl-C reaches the agent alone, which then stops FreeSWITCH in order. */
function start(program: string, dataDir: string, confDir: string): Process {
  const places = folders(dataDir, confDir, moduleFolder(program));
  const child = spawn(program, ["-nonat", "-nf", "-nc", ...places], { stdio: "ignore", detached: true });
  const exited = new Promise<void>((resolve) => {
    child.on("error", () => resolve());
    child.on("exit", () => resolve());
  });
  return { pid: child.pid ?? 0, exited };
}

/** The process that FreeSWITCH's own file names, if it is alive and on our configuration. */
function leftRunning(dataDir: string, confDir: string): number | undefined {
  try {
    const pid = Number(readFileSync(join(dataDir, "run/freeswitch.pid"), "utf8"));
    const started = readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0");
    return started.includes(confDir) ? pid : undefined;
  } catch {
    return undefined;
  }
}

function takeOver(pid: number): Process {
  const gone = async () => {
    while (signal(pid, 0)) await sleep(100);
  };
  return { pid, exited: gone() };
}

/** Whether there was such a process. */
function signal(pid: number, name: NodeJS.Signals | 0): boolean {
  try {
    return pid > 0 && process.kill(pid, name);
  } catch {
    return false;
  }
}

/** With `-conf`, FreeSWITCH wants the other folders named too; none is left to its built-in prefix but modules and grammar. */
function folders(dataDir: string, confDir: string, modules: string | undefined): string[] {
  const own = ["log", "db", "run", "temp", "storage", "recordings", "cache", "certs", "scripts", "htdocs"];
  const given = own.flatMap((name) => [`-${name}`, join(dataDir, name)]);
  for (const name of own) mkdirSync(join(dataDir, name), { recursive: true, mode: 0o700 });
  return ["-conf", confDir, ...given, ...(modules ? ["-mod", modules] : [])];
}

/** Whether FreeSWITCH's event socket greets. */
function answers({ host, port }: { host: string; port: number }): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port });
    const done = (yes: boolean) => {
      socket.destroy();
      resolve(yes);
    };
    socket.setTimeout(1000, () => done(false));
    socket.on("error", () => done(false));
    socket.on("close", () => resolve(false));
    socket.on("data", (data) => done(data.includes("auth/request")));
  });
}

function lastLines(dataDir: string): string {
  try {
    return readFileSync(join(dataDir, "log/freeswitch.log"), "utf8").split("\n").slice(-20).join("\n");
  } catch {
    return "(nothing)";
  }
}

/** SIGTERM hangs up and ends in about a second; after 10 s it is killed. */
async function stop({ pid, exited }: Process): Promise<void> {
  signal(pid, "SIGTERM");
  const timer = setTimeout(() => signal(pid, "SIGKILL"), 10_000);
  await exited;
  clearTimeout(timer);
}
