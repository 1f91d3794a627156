// Conferences. Conference centres, one number for many rooms, have no counterpart.
import type { Domain } from "./domain.ts";
import { contextOf } from "./ring-group.ts";
import { secret } from "./secret.ts";

export function conferences(domain: Domain): () => void {
  const declared = domain.rows("v_conferences").flatMap((row) => {
    if (!row.flag("conference_enabled", true)) {
      row.refused("the conference is switched off");
      return [];
    }
    const name = domain.name(
      "conference",
      row,
      "conference_name",
      `Conference ${row.peek("conference_extension") ?? ""}`.trim(),
    );
    return [
      { row, name, extensionNumber: domain.claim(row, "conference_extension", { kind: "conference", ref: name }) },
    ];
  });
  return () => {
    for (const { row, name, extensionNumber } of declared) {
      contextOf(domain, row, "conference_context");
      const pin = secret(row, "conference_pin_number", "pin", "the conference has none here");
      const flags = row.text("conference_flags")?.split("|") ?? [];
      if (flags.some((flag) => flag !== "mute")) row.lost("conference_flags", "of the flags, mute alone is kept");
      domain.add(
        "conference",
        { name, extensionNumber, ...(pin !== undefined && { pin }), muteOnEntry: flags.includes("mute") },
        row,
      );
    }
  };
}
