// What an instance does when it starts for the first time, as cloud-init reads it: files, and one unit to start. Whatever was given as a parameter is in a file
// of its own, in base64 on the way there, and in no text that a shell or a YAML reader sees.
import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { Fn } from "aws-cdk-lib";

export const settingsDir = "/etc/dialplane-host";
const program = "/usr/local/sbin/dialplane-host";
const unit = "dialplane-host.service";

/** Reads a file that goes along; without its blank lines and comments, of which the first line is none. */
const read = (name: string): string => {
  const [first, ...rest] = readFileSync(new URL(`host/${name}`, import.meta.url), "utf8").split("\n");
  return [first, ...rest.filter((line) => !/^\s*(#.*)?$/.test(line)), ""].join("\n");
};

/** Of settings, each in the file of its name. Resolves to base64, as launch templates take it; EC2 takes 16 KB of it before that. */
export function userData(settings: Record<string, string>): string {
  const file = (path: string, permissions: string, encoding: string, content: string): string =>
    `- {path: '${path}', permissions: '${permissions}', encoding: ${encoding}, content: '${content}'}`;
  const packed = (path: string, permissions: string, name: string): string =>
    file(path, permissions, "gz+b64", gzipSync(read(name), { level: 9 }).toString("base64"));
  const lines = [
    "#cloud-config",
    "write_files:",
    ...Object.entries(settings).map(([name, value]) => file(`${settingsDir}/${name}`, "0600", "b64", Fn.base64(value))),
    packed(program, "0700", "dialplane-host.sh"),
    packed(`/etc/systemd/system/${unit}`, "0644", unit),
    "runcmd:",
    "- [systemctl, daemon-reload]",
    `- [systemctl, enable, --now, --no-block, ${unit}]`,
    "",
  ];
  return Fn.base64(lines.join("\n"));
}
