// The edge's packages on one's own machine: read from where `npm run build:edge` put them, and never from the store of audio, where the cloud has them.
import { existsSync, readFileSync, statSync } from "node:fs";
import { basename, join } from "node:path";
import { releasesPrefix } from "../functions/edges/packages.ts";
import type { Media } from "../functions/media/media.ts";

/** `media`, with what begins with `releases/` out of `folder`. */
export function withReleases(media: Media, folder: string): Media {
  const fileOf = (key: string): string | undefined => {
    if (!key.startsWith(releasesPrefix)) return undefined;
    const file = join(folder, basename(key));
    return existsSync(file) ? file : "";
  };
  return {
    ...media,
    async get(key, most) {
      const file = fileOf(key);
      if (file === undefined) return media.get(key, most);
      return file === "" ? undefined : readFileSync(file);
    },
    async head(key) {
      const file = fileOf(key);
      if (file === undefined) return media.head(key);
      return file === "" ? undefined : { bytes: statSync(file).size, contentType: "application/octet-stream" };
    },
  };
}
