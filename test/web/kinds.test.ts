// Every kind through the console: made, changed, deleted; and with hostile text in every field that takes any. The registry is walked, so a new kind is too.
import type { Page } from "playwright-core";
import { describe, expect, test } from "vitest";
import type { Body, Kind } from "../../core/resources/kind.ts";
import { type Field, fieldsOf } from "../../web/form/field.ts";
import { english, lower } from "../../web/part/words.ts";
import { kinds } from "../../web/tenant/kinds.ts";
import { goWithin, hasBrowser, useConsole } from "../support/console.ts";
import { newTenant } from "../support/control.ts";
import { fillField, fillForm } from "../support/form.ts";
import { sampleOf } from "../support/samples.ts";

const corpus = [
  `<img src=x data-xss onerror="window.xss=1">`,
  `"><svg data-xss onload=window.xss=1>`,
  `'-window.xss-'{{7*7}}\${7*7}`,
  "<b data-xss>x</b>",
];

/** A value of another kind of the same field, as the schema accepts it. */
function otherValue(kind: Kind, body: Body): { field: Field; value: unknown } {
  const candidates = ["Edited", "1002", "*4321", "EUR", 7, 12, 40, "sequence"];
  for (const field of fieldsOf(kind)) {
    const { name, control } = field;
    if (name === kind.key && control.as !== "text") continue;
    const values =
      control.as === "check" ? [body[name] !== true] : ["text", "number"].includes(control.as) ? candidates : [];
    const value = values.find((one) => one !== body[name] && kind.schema.safeParse({ ...body, [name]: one }).success);
    if (value !== undefined) return { field, value };
  }
  throw new Error(`${kind.kind} has no field to edit`);
}

/** The body with hostile text in each place where the schema lets it stand. */
function hostileBody(kind: Kind, sample: Body, mark: number): Body {
  const body = structuredClone(kind.schema.parse(kind.prepare ? kind.prepare(sample, undefined) : sample)) as Body;
  const put = (holder: Record<string, unknown>, fields: Field[]): void => {
    for (const { name, control } of fields) {
      const before = holder[name];
      if (control.as === "group" && before) put(before as Body, control.fields);
      if (control.as === "list" && control.of.control.as === "group" && Array.isArray(before))
        for (const item of before) put(item, control.of.control.fields);
      if (control.as !== "text") continue;
      for (const text of corpus) {
        holder[name] = name === kind.key ? `${text}${mark}` : text;
        if (kind.schema.safeParse(body).success) break;
        holder[name] = before;
      }
    }
  };
  put(body, fieldsOf(kind));
  return Object.fromEntries(Object.entries(body).filter(([, value]) => value !== null && value !== undefined));
}

describe.runIf(hasBrowser)("every kind", () => {
  const { control, open, signIn, openTenant, made } = useConsole();

  /** What some kinds refer to. */
  async function ground(path: string) {
    const prompt = await made(`${path}/prompts`, { name: "ground" });
    const trunk = await made(`${path}/trunks`, { name: "ground", host: "c.example" });
    return { prompt: String(prompt.id), trunk: String(trunk.id) };
  }

  test("is made, changed and deleted in the console", { timeout: 240_000 }, async () => {
    const { page, path, at } = await openTenant();
    const of = await ground(path);
    for (const kind of kinds) {
      const sample = sampleOf(kind.plural, of);
      await goWithin(page, `${at}/${kind.plural}/new`);
      const heading = page.getByRole("heading", { level: 1, name: `New ${lower(english(kind.kind))}` });
      await heading.waitFor();
      await fillForm(page, fieldsOf(kind), sample);
      await page.getByRole("button", { name: `Create ${lower(english(kind.kind))}` }).click();
      const list = `${path}/${kind.plural}?${new URLSearchParams({ limit: "100" })}`;
      const stored = async (): Promise<(Body & { id: string }) | undefined> =>
        ((await control().call("GET", list)).body.data as unknown as (Body & { id: string })[]).find(
          (item) => item[kind.key] === sample[kind.key],
        );
      await expect.poll(stored, { message: `${kind.kind} is there` }).toBeDefined();
      // the console goes on by itself when it has the answer
      await heading.waitFor({ state: "detached" });
      const item = (await stored()) as Body & { id: string };
      await goWithin(page, `${at}/${kind.plural}/${item.id}`);
      await page.getByRole("button", { name: "Save" }).waitFor();
      const body = Object.fromEntries(fieldsOf(kind).map(({ name }) => [name, item[name] ?? undefined]));
      const { field, value } = otherValue(kind, body);
      await fillField(page, field, `/${field.name}`, value);
      await page.getByRole("button", { name: "Save" }).click();
      await page.getByText("Saved.").first().waitFor();
      // the word may still be that of the kind before
      const changed = async () => (await control().call("GET", `${path}/${kind.plural}/${item.id}`)).body[field.name];
      await expect.poll(changed, { message: `${kind.kind} ${field.name}` }).toEqual(value);
      await page.getByRole("button", { name: "Delete", exact: true }).click();
      await page.getByText("Nothing else refers to it.").waitFor();
      await page.getByRole("dialog").getByRole("button", { name: "Delete" }).click();
      await page.getByRole("heading", { level: 1, name: english(kind.plural) }).waitFor();
      expect((await control().call("GET", `${path}/${kind.plural}/${item.id}`)).status, kind.kind).toBe(404);
    }
  });

  test("shows hostile text as text: in its list, its form, the history and the palette", {
    timeout: 240_000,
  }, async () => {
    const { id: tenant, path } = await newTenant(control(), {
      name: corpus[0],
      domain: `hostile-${Date.now()}.example`,
    });
    const of = await ground(path);
    // before the console looks: a list that was just read is not read again
    const bodies = kinds.map((kind, index) => hostileBody(kind, sampleOf(kind.plural, of), index));
    const ids: unknown[] = [];
    for (const [index, kind] of kinds.entries()) ids.push((await made(`${path}/${kind.plural}`, bodies[index])).id);
    expect(JSON.stringify(bodies).split("data-xss").length - 1).toBeGreaterThan(kinds.length);
    const at = `/tenants/${tenant}`;
    const page = await open();
    await signIn(page, `${at}/overview`);
    await page.evaluate(() => {
      const seen = window as unknown as { broken: string[] };
      seen.broken = [];
      addEventListener("securitypolicyviolation", (event) => seen.broken.push(event.violatedDirective));
    });
    for (const [index, kind] of kinds.entries()) {
      await goWithin(page, `${at}/${kind.plural}`);
      await page.locator("tr[data-row] a").first().waitFor();
      await inert(page, `the list of ${kind.plural}`);
      await goWithin(page, `${at}/${kind.plural}/${ids[index]}`);
      await page.getByRole("button", { name: "Save" }).waitFor();
      await inert(page, `the page of ${kind.kind}`);
    }
    await goWithin(page, `${at}/history`);
    await page.getByRole("button", { name: "What changed" }).first().waitFor();
    for (const button of await page.getByRole("button", { name: "What changed" }).all()) await button.click();
    await inert(page, "the history");
    await page.keyboard.press("Control+k");
    await page.getByRole("combobox").fill("data-xss");
    await page.getByRole("option").filter({ hasText: "data-xss" }).first().waitFor();
    await inert(page, "the palette");
  });
});

async function inert(page: Page, where: string): Promise<void> {
  const found = await page.evaluate(() => {
    const seen = window as unknown as { broken: string[]; xss?: unknown };
    return {
      elements: document.querySelectorAll("[data-xss]").length,
      ran: seen.xss !== undefined,
      broken: seen.broken,
    };
  });
  expect(found, where).toEqual({ elements: 0, ran: false, broken: [] });
}
