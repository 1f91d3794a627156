import type { Domain } from "./domain.ts";

/** Recordings as prompts, without their audio: files are not in the dump. */
export function prompts(domain: Domain): () => void {
  for (const row of domain.rows("v_recordings")) {
    const file = row.text("recording_filename");
    if (file === undefined) {
      row.refused("has no file");
      continue;
    }
    const name = domain.name("prompt", row, "recording_name", file.slice(0, 64));
    domain.addPrompt(file, name);
    row.lost("recording_filename", `upload this file as the audio of prompt ${name}`);
    domain.add("prompt", { name }, row);
  }
  return () => {};
}
