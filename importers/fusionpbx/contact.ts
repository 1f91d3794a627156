// Contacts and their speed dials.
import { type Domain, line, phoneNumber } from "./domain.ts";
import type { Row } from "./ledger.ts";

/** Each phone of a contact is a contact here, and a speed dial where it has one. */
export function contacts(domain: Domain): () => void {
  return () => {
    const seen = new Set<string>();
    for (const row of domain.rows("v_contacts")) {
      const parts = ["given", "middle", "family"].map((part) => line(row, `contact_name_${part}`, 64));
      const company = line(row, "contact_organization", 64);
      const name = parts.filter(Boolean).join(" ").slice(0, 64) || row.text("contact_nickname") || company;
      const phones = domain.rowsOf("v_contact_phones", "contact_uuid", row.uuid);
      const carried = phones.filter((phone) => contact(domain, phone, name ?? null, company, seen));
      if (carried.length > 0) row.carried();
      else row.refused(name ? "has no phone number that was carried" : "has neither a name nor a company");
    }
  };
}

function contact(domain: Domain, row: Row, name: string | null, company: string | null, seen: Set<string>): boolean {
  const code = row.text("phone_country_code")?.replace(/^\+/, "");
  const text = row.text("phone_number") ?? "";
  const number = phoneNumber(
    code && !text.startsWith("+") ? `+${code}${text.replace(/^0+/, "")}` : text,
    domain.settings.country,
  );
  if (name === null) row.refused("its contact has neither a name nor a company");
  else if (number === undefined)
    row.refused(`${text.slice(0, 40) || "no number"} is no phone number in ${domain.settings.country}`);
  else if (seen.has(number)) row.refused(`another contact has the number ${number}`);
  else {
    seen.add(number);
    domain.add("contact", { number, name, company: company === name ? null : company }, row);
    speedDial(domain, row, number, name);
    return true;
  }
  return false;
}

/** FusionPBX dials them as *0 and the number. */
function speedDial(domain: Domain, row: Row, number: string, name: string): void {
  const digits = row.text("phone_speed_dial");
  if (digits === undefined) return;
  const dialled = `*0${digits}`;
  if (!/^\d{1,7}$/.test(digits)) row.lost("phone_speed_dial", "a speed dial here has up to 7 digits after *0");
  else if (domain.items.some((item) => item.kind === "speed-dial" && item.body.number === dialled))
    row.lost("phone_speed_dial", "another contact has this speed dial");
  else domain.addAside("speed-dial", { number: dialled, name, target: number }, row);
}
