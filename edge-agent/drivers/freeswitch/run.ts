// An installed FreeSWITCH as a child of the agent: found, checked for its modules, started on our configuration, stopped cleanly.
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, realpathSync } from "node:fs";
import { connect } from "node:net";
import { delimiter, dirname, join } from "node:path";

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
  exited: Promise<{ code: number | null; signal: string | null }>;
  stop(): Promise<void>;
};

/**
 * Starts FreeSWITCH on the configuration in `confDir` with everything it writes under `dataDir`, and resolves when its event socket answers.
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
  const child = spawn(program, ["-nonat", "-nf", "-nc", ...folders(dataDir, confDir, moduleFolder(program))], {
    stdio: "ignore",
  });
  const exited = new Promise<{ code: number | null; signal: string | null }>((resolve) => {
    child.on("error", () => resolve({ code: null, signal: null }));
    child.on("exit", (code, signal) => resolve({ code, signal }));
  });
  let ended = false;
  void exited.then(() => {
    ended = true;
  });
  const deadline = Date.now() + (options.timeoutSeconds ?? 30) * 1000;
  while (!(await answers(esl))) {
    if (ended || Date.now() > deadline) {
      child.kill("SIGKILL");
      throw new Error(`FreeSWITCH ${ended ? "ended" : "does not answer"}; its log says:\n${lastLines(dataDir)}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return { pid: child.pid ?? 0, exited, stop: () => stop(child, exited) };
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
async function stop(child: ChildProcess, exited: Promise<unknown>): Promise<void> {
  child.kill("SIGTERM");
  const timer = setTimeout(() => child.kill("SIGKILL"), 10_000);
  await exited;
  clearTimeout(timer);
}
