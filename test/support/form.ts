// A derived form filled in by its fields: what a person would type and choose for a body.
import type { Page } from "playwright-core";
import type { Field } from "../../web/form/field.ts";
import { itemOf, lower } from "../../web/part/words.ts";

export async function fillForm(page: Page, fields: Field[], body: Record<string, unknown>): Promise<void> {
  for (const field of fields)
    if (body[field.name] !== undefined) await fillField(page, field, `/${field.name}`, body[field.name]);
}

export async function fillField(page: Page, field: Field, pointer: string, value: unknown): Promise<void> {
  const { control, name } = field;
  const input = page.locator(`main [data-pointer="${pointer}"]`);
  if (control.as === "list")
    for (const [index, item] of (value as unknown[]).entries()) {
      await page
        .getByRole("button", { name: `Add ${lower(itemOf(name))}`, exact: true })
        .first()
        .click();
      await fillField(page, control.of, `${pointer}/${index}`, item);
    }
  else if (control.as === "check") await input.setChecked(value === true);
  else if (control.as === "choice" || control.as === "reference") await input.selectOption(String(value));
  else await input.fill(String(value));
}
