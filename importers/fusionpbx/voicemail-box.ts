// Voicemail boxes with their PINs.
import { z } from "zod";
import { mailAddress } from "../../core/text.ts";
import { type Domain, line } from "./domain.ts";
import type { Row } from "./ledger.ts";
import { secret } from "./secret.ts";

export function voicemailBoxes(domain: Domain): () => void {
  const declared = domain.rows("v_voicemails").flatMap((row) => {
    const number = row.text("voicemail_id") ?? "";
    if (!row.flag("voicemail_enabled", true)) row.refused("the box is switched off");
    else if (!/^\d{2,8}$/.test(number)) row.refused(`voicemail_id ${number}: numbers here have 2 to 8 digits`);
    else if (domain.target(`*99${number}`)) row.refused(`another box has the number ${number}`);
    else {
      domain.alias(`*99${number}`, { kind: "voicemail-box", ref: number });
      return [{ row, number }];
    }
    return [];
  });
  return () => {
    for (const { row, number } of declared) {
      const pin = secret(row, "voicemail_password", "pin");
      if (row.text("greeting_id") && row.peek("greeting_id") !== "0")
        row.lost("greeting_id", "its audio is not in the dump");
      domain.add(
        "voicemail-box",
        {
          number,
          label: line(row, "voicemail_description", 64),
          ...(pin !== undefined && { pin }),
          email: email(row),
          emailAudio: attaches(row),
          keepAfterEmail: row.flag("voicemail_local_after_email", true),
        },
        row,
      );
    }
  };
}

function attaches(row: Row): boolean {
  const old = row.flag("voicemail_attach_file", false);
  const how = row.text("voicemail_file") ?? (old ? "attach" : "");
  if (how !== "attach" && how !== "" && how !== "link")
    row.lost("voicemail_file", "a message is attached or it is not");
  if (how === "link") row.lost("voicemail_file", "mails hold no links here: nothing is attached");
  return how === "attach";
}

function email(row: Row): string | null {
  const all =
    row
      .text("voicemail_mail_to")
      ?.split(/[\s,;]+/)
      .filter(Boolean) ?? [];
  const good = all.filter((address) => z.safeParse(mailAddress, address).success);
  if (all.length !== 1 && all.length > 0)
    row.lost("voicemail_mail_to", `one address alone: ${good[0] ?? "none is valid"}`);
  else if (good.length < all.length) row.lost("voicemail_mail_to", "is no mail address");
  return good[0] ?? null;
}
