// The edge's Debian packages, as scripts/build-edge made them: `npm run deploy` brings them to the bucket, `npm start` has them in dist/edge.
import { hash } from "node:crypto";
import { z } from "zod";
import type { Context } from "../context.ts";
import * as keys from "../keys.ts";
import { notFound, Problem, unauthenticated } from "../problem.ts";

const one = z.object({
  file: z.string(),
  version: z.string(),
  arch: z.enum(["amd64", "arm64"]),
  sha256: z.string(),
  bytes: z.int(),
});
export type EdgePackage = z.output<typeof one>;
const index = z.object({ latest: z.string(), packages: z.array(one) });

/** Where they lie in the store of audio. No owner's id is like it. */
export const releasesPrefix = "releases/";
export const indexFile = "index.json";
const urlSeconds = 600;

/** All of them; none where nobody brought any. */
export async function listPackages({ media }: Pick<Context, "media">): Promise<z.output<typeof index>> {
  const bytes = await media.get(`${releasesPrefix}${indexFile}`);
  return bytes ? index.parse(JSON.parse(new TextDecoder().decode(bytes))) : { latest: "", packages: [] };
}

/** What says that there are none, and what to do. */
export const noPackages = (): Problem =>
  new Problem(
    "not_found",
    "This control plane has no package of the edge agent: whoever runs it makes one with npm run build:edge and, in the cloud, brings it there with npm run deploy.",
  );

/** A URL to fetch it, for a while. Throws `not_found`. */
export async function packageUrl(ctx: Context, file: string): Promise<{ url: string; found: EdgePackage }> {
  const { packages } = await listPackages(ctx);
  if (packages.length === 0) throw noPackages();
  const found = packages.find((each) => each.file === file);
  if (!found) throw notFound("package", file.slice(0, 100));
  return { url: await ctx.media.downloadUrl(`${releasesPrefix}${file}`, urlSeconds), found };
}

/** Packages are for hosts that join: throws `unauthenticated` without a join token of the last day, used or not. */
export async function checkJoinToken(ctx: Context, authorization: string | undefined): Promise<void> {
  const token = /^Bearer (dpj_[\w-]{1,100})$/.exec(authorization ?? "")?.[1];
  const item = token && (await ctx.store.get(keys.joinToken(hash("sha256", token))));
  if (!item || Number(item.expires) * 1000 <= ctx.now().getTime())
    throw unauthenticated("The join token is unknown or older than a day; make a new one with POST /v1/edges.");
}

/** As sha256sum reads them. */
export const sums = (packages: EdgePackage[]): string =>
  packages.map(({ sha256, file }) => `${sha256}  ${file}\n`).join("");

/** One word to a POSIX shell. */
export const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;

/** The one line that is pasted on a host, by root or who may become root. */
export const installCommand = (publicUrl: string, token: string): string =>
  `curl -fsSL ${quoted(`${publicUrl}/install`)} | sh -s -- ${quoted(token)}`;
