// An EC2 instance as far as its user data sees one: a root folder of its own where cloud-init's files are written, stand-ins for the programs that it calls,
// and over HTTP the metadata service, AWS's command line and the way to the control plane. The script itself, the shell and its tools are the real ones.
import { spawn } from "node:child_process";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { gunzipSync } from "node:zlib";
import { onPath } from "../../support/skip.ts";
import type { CloudConfig } from "./evaluate.ts";

const tools = ["cat", "chmod", "date", "dpkg", "env", "find", "head", "jq", "mkdir", "rm", "sh", "sleep", "touch"];
/** Of the machine's own. */
const shared = ["dev", "usr/bin", "usr/lib", "usr/lib64"].filter((each) => existsSync(`/${each}`));
const standIns = ["aws", "apt-get", "dpkg", "systemctl"];

/** Whether there is what it takes. */
export const isThere =
  process.getuid?.() === 0 && ["unshare", "chroot", "jq", "curl"].every((each) => onPath(each) !== undefined);

export type Call = { program: string; args: string[] };
/** What a program prints, or why it fails. */
export type Answer = { says?: string; fails?: string };
export type World = {
  /** What each call of a stand-in answers; nothing by default. */
  program(call: Call): Answer | Promise<Answer>;
  metadata(path: string): string | undefined;
  /** What stands at https:// this, with everything that was sent; the control plane, packages. */
  web(request: {
    method: string;
    host: string;
    path: string;
    headers: Record<string, string>;
    body: string;
  }): Promise<{ status: number; body: string }>;
};

export type Machine = {
  root: string;
  calls: Call[];
  /** The file in its root; undefined where there is none. */
  read(path: string): string | undefined;
  /** Runs what the unit runs, to its end; with what it printed. */
  run(): Promise<{ code: number | null; output: string }>;
  /** Ends what runs, as if the power went. */
  end(): Promise<void>;
  /** The same, and removes everything. */
  stop(): Promise<void>;
};

/** Boots it on the user data: its files are written, `runcmd` is called. `settings` replaces what waits for long. */
export async function boot(
  { config }: { config: CloudConfig },
  world: World,
  settings: Record<string, string> = {},
): Promise<Machine> {
  const root = mkdtempSync(join(tmpdir(), "dialplane-"));
  const calls: Call[] = [];
  const server = createServer((request, response) => {
    void serve(request)
      .catch((error: unknown) => ({ status: 500, body: String(error) }))
      .then(({ status, body }) => response.writeHead(status).end(body));
  });

  async function serve(request: IncomingMessage): Promise<{ status: number; body: string }> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks).toString();
    const [, what, ...rest] = (request.url ?? "").split("/");
    if (what === "program") {
      const [program = "", ...args] = body.split("\0").slice(0, -1);
      calls.push({ program, args });
      const { says, fails } = await world.program({ program, args });
      return fails === undefined ? { status: 200, body: says ?? "" } : { status: 409, body: fails };
    }
    if (what === "latest") {
      const isAsked = request.method === "PUT" && rest.join("/") === "api/token";
      if (isAsked) return { status: 200, body: "session" };
      const found =
        request.headers["x-aws-ec2-metadata-token"] === "session" ? world.metadata(rest.slice(1).join("/")) : undefined;
      return found === undefined ? { status: 404, body: "" } : { status: 200, body: found };
    }
    const [host = "", ...path] = rest;
    return world.web({
      method: request.method ?? "",
      host,
      path: `/${path.join("/")}`,
      headers: request.headers as Record<string, string>,
      body,
    });
  }
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const at = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  const write = (path: string, content: string | Uint8Array, mode: number): void => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), content, { mode });
    chmodSync(join(root, path), mode);
  };
  for (const folder of [
    ...shared,
    "tmp",
    "var/lib",
    "stand-ins",
    "usr/share/keyrings",
    "etc/apt/auth.conf.d",
    "etc/apt/sources.list.d",
  ])
    mkdirSync(join(root, folder), { recursive: true });
  for (const link of ["bin", "lib", "lib64"]) symlinkSync(`usr/${link}`, join(root, link));
  for (const tool of tools) symlinkSync(onPath(tool) ?? "", join(root, "stand-ins", tool));
  for (const program of standIns) {
    rmSync(join(root, "stand-ins", program), { force: true });
    write(`stand-ins/${program}`, standIn(program, at), 0o755);
  }
  write("stand-ins/curl", httpsAt(`${at}/web`), 0o755);
  for (const { path, permissions, encoding, content } of config.write_files) {
    const bytes = Buffer.from(content, "base64");
    write(path, encoding === "b64" ? bytes : gunzipSync(bytes), Number.parseInt(permissions, 8));
  }
  for (const [name, value] of Object.entries(settings)) write(`etc/dialplane-host/${name}`, value, 0o600);
  const [, unit = ""] =
    /^ExecStart=(.+)$/m.exec(readFileSync(join(root, "etc/systemd/system/dialplane-host.service"), "utf8")) ?? [];
  calls.push(...config.runcmd.map(([program = "", ...args]) => ({ program, args })));

  const running = new Set<ReturnType<typeof spawn>>();
  async function end(): Promise<void> {
    for (const child of running) {
      const ended = new Promise((done) => child.once("close", done));
      if (child.pid) process.kill(-child.pid, "SIGKILL");
      await ended;
    }
  }
  return {
    root,
    calls,
    read: (path) => (existsSync(join(root, path)) ? readFileSync(join(root, path), "utf8") : undefined),
    async run() {
      const binds = shared.map((each) => `mount --rbind /${each} "$1/${each}"`);
      const inside = [...binds, 'exec chroot "$1" "$2"'].join(" && ");
      const child = spawn("unshare", ["--mount", "--propagation", "private", "sh", "-c", inside, "sh", root, unit], {
        env: { PATH: `/stand-ins:${process.env.PATH}`, AWS_EC2_METADATA_SERVICE_ENDPOINT: at },
        detached: true,
      });
      running.add(child);
      let output = "";
      for (const stream of [child.stdout, child.stderr]) stream?.on("data", (data) => (output += data));
      const code = await new Promise<number | null>((done) => child.once("close", done));
      running.delete(child);
      return { code, output };
    },
    end,
    async stop() {
      await end();
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
      rmSync(root, { recursive: true, force: true });
    },
  };
}

/** Tells what it was called with, and does as it is told. */
const standIn = (program: string, at: string): string => `#!/bin/sh
said=$(printf '%s\\0' ${program} "$@" | /usr/bin/curl -s --data-binary @- -w '\\n%{http_code}' ${at}/program)
status=\${said##*
}
said=\${said%
*}
[ "$status" = 200 ] || { printf '%s\\n' "$said" >&2; exit 254; }
[ -z "$said" ] || printf '%s\\n' "$said"
`;

/** curl, to which every https:// is one place. */
const httpsAt = (at: string): string => `#!/bin/sh
for each; do
  shift
  case $each in https://*) each="${at}/\${each#https://}" ;; esac
  set -- "$@" "$each"
done
exec /usr/bin/curl "$@"
`;
