// Where the control plane is and by which key: from the environment, else from a file of profiles that only its owner may read.
import { chmodSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { Usage } from "./exit.ts";

export type Profile = { url: string; key: string };
type Profiles = Record<string, Profile>;
export type Env = Record<string, string | undefined>;

export const fileOf = (env: Env): string =>
  join(env.XDG_CONFIG_HOME || join(env.HOME ?? homedir(), ".config"), "dialplane", "profiles.json");

/** None where there is no file. Throws Usage for one that can't be read. */
export function readProfiles(env: Env): Profiles {
  const file = fileOf(env);
  try {
    return JSON.parse(readFileSync(file, "utf8")) as Profiles;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return {};
    throw new Usage(`${file} can't be read: ${(error as Error).message}. Remove it and sign in again.`);
  }
}

/** Adds the profile, or with null takes it away. */
export function writeProfile(env: Env, name: string, profile: Profile | null): void {
  const file = fileOf(env);
  const { [name]: _, ...others } = readProfiles(env);
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  // never whole for others, not for a moment
  const next = `${file}.${process.pid}`;
  writeFileSync(next, `${JSON.stringify(profile ? { ...others, [name]: profile } : others, null, 2)}\n`, {
    mode: 0o600,
  });
  chmodSync(next, 0o600);
  renameSync(next, file);
}

export const nameIn = (env: Env, wanted: string | undefined): string => wanted ?? env.DIALPLANE_PROFILE ?? "default";

/** `--profile` and `--url` before the environment, the environment before the file. Throws Usage where nothing says. */
export function profileOf(env: Env, options: { profile?: string | undefined; url?: string | undefined }): Profile {
  const stored = Object.entries(readProfiles(env)).find(([name]) => name === nameIn(env, options.profile))?.[1];
  if (options.profile !== undefined && !stored)
    throw new Usage(`There is no profile ${JSON.stringify(options.profile)}; make it with dialplane login --profile.`);
  const given = options.profile === undefined ? env : {};
  const url = options.url ?? given.DIALPLANE_URL ?? stored?.url;
  // a stored key is for its own place alone
  const key = given.DIALPLANE_API_KEY ?? (stored && url === stored.url ? stored.key : undefined);
  if (url === undefined || key === undefined)
    throw new Usage("Not signed in; run dialplane login, or set DIALPLANE_URL and DIALPLANE_API_KEY.");
  return { url: urlOf(url), key };
}

/** Without a slash at the end. Throws Usage. */
export function urlOf(text: string): string {
  if (!URL.canParse(text) || !/^https?:$/.test(new URL(text).protocol))
    throw new Usage(`${JSON.stringify(text)} is no URL; send one as in https://pbx.example.`);
  return text.replace(/\/+$/, "");
}
