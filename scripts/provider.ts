// Who looks after many companies, and somebody who signs up: people with passwords, and what they see. Nothing of it is in a sandbox, as mails go to them.
import { readFileSync } from "node:fs";
import type { Page } from "playwright-core";
import type { Mail } from "../functions/mail/mail.ts";
import type { Shot } from "./company.ts";

const password = "five quiet otters rowing";
const email = "rhea@harbour.example";
const logo = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 8"><path fill="#0b6e4f" d="M0 0h8v8H0z"/><path fill="#fff" d="M2 2h1v4H2zM5 2h1v4H5zM3 3.5h2v1H3z"/></svg>`;
const companies = [
  ...["Alder Architects", "Bergmann Dental", "Cedar Bakery", "Dockside Marine", "Elm Street Vets", "Fjord Travel"],
  ...["Granite Legal", "Hazel Florists", "Iris Optics", "Juniper Books", "Kestrel Couriers", "Linden Accounting"],
  ...["Maple Garage", "Nadir Logistics", "Oak Cinema", "Poplar Physio", "Quarry Stone", "Riverside Clinic"],
  ...["Spruce Timber", "Tern Sailing", "Umber Paints", "Vale Dairy", "Willow Spa", "Yew Antiques"],
];

/** Makes the provider and its companies; resolves with the pages to take. Throws where the API refuses anything. */
export async function provider(url: string, key: string, mails: Mail[]): Promise<Shot[]> {
  const calling =
    (bearer: string) =>
    async (method: string, path: string, body?: unknown): Promise<Record<string, unknown>> => {
      const answer = await fetch(`${url}/v1${path}`, {
        method,
        headers: { authorization: `Bearer ${bearer}`, "content-type": "application/json" },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      });
      if (!answer.ok) throw new Error(`${method} ${path}: ${await answer.text()}`);
      return answer.status === 204 ? {} : ((await answer.json()) as Record<string, unknown>);
    };
  const operator = calling(key);
  const { accountId: top } = await operator("GET", "/me");
  const applied = await fetch(`${url}/v1/accounts/${top}/apply`, {
    method: "POST",
    headers: { authorization: `Bearer ${key}`, "content-type": "application/yaml" },
    body: readFileSync(new URL("../docs/templates/en.yaml", import.meta.url), "utf8"),
  });
  if (!applied.ok) throw new Error(await applied.text());
  for (const number of ["+12025550150", "+12025550151"])
    await operator("POST", `/accounts/${top}/phone-numbers`, { number });
  const signUp = { templates: ["office", "help desk", "clinic"], areaPrefix: "+1202" };
  await operator("PUT", `/accounts/${top}/brand`, { name: "Dialplane", signUp });

  const { id: account } = await operator("POST", "/accounts", { name: "Harbour Telecom" });
  const made = await operator("POST", "/api-keys", { name: "Billing", scopes: ["*"], accountId: account });
  const own = calling(String(made.key));
  const at = `/accounts/${account}`;
  await own("POST", `${at}/plans`, { name: "Office 10", extensions: 10, phoneNumbers: 3, concurrentCalls: 4 });
  await own("POST", `${at}/plans`, { name: "Office 50", extensions: 50, phoneNumbers: 10, concurrentCalls: 15 });
  const ids: string[] = [];
  for (const [n, name] of companies.entries()) {
    const people = Array.from({ length: 2 + (n % 7) }, (_, k) => ({ number: String(1001 + k) }));
    const plan = n % 3 === 0 ? "Office 50" : "Office 10";
    ids.push(String((await own("POST", "/tenants", { name, plan, document: { extensions: people } })).id));
  }
  await own("POST", `/tenants/${ids[4]}/suspend`, { reason: "The invoice of October" });
  await own("DELETE", `/tenants/${ids.at(-1)}`);
  await own("PUT", `/tenants/${ids[1]}/limits`, {
    plan: "Office 10",
    extensions: 6,
    dailySpend: { amount: 25, currency: "USD" },
  });
  for (let n = 60; n < 66; n++) await own("POST", `${at}/phone-numbers`, { number: `+120255501${n}` });
  await own("POST", `${at}/phone-numbers/+12025550161/assign`, { tenantId: ids[2] });
  await own("PUT", `${at}/brand`, {
    ...{ name: "Harbour Telecom", color: "#0b6e4f", replyTo: "help@harbour.example" },
    logo: `data:image/svg+xml;base64,${Buffer.from(logo).toString("base64")}`,
  });
  await own("POST", "/members", { email, name: "Rhea Marsh", role: "owner", accountId: account, invite: true });
  await post(url, "/identity/invitation/accept", { token: (await linkTo(mails, email)).split("#")[1], password });

  const by = async (page: Page): Promise<void> => {
    if (await signedIn(page)) return;
    await page.goto("/");
    await page.getByLabel("Email address").fill(email);
    await page.getByLabel("Password", { exact: true }).fill(password);
    await page.keyboard.press("Enter");
    await page.getByRole("button", { name: "Account" }).first().waitFor();
  };
  const section = (path: string, about: string): Shot => ({
    ...{ name: `account-${path}`, about, path: `${at}/${path}`, by },
  });
  return [
    { name: "sign-up", about: "Signing up", path: "/sign-up", by: nobody, size: { width: 1280, height: 1180 } },
    { name: "forgotten", about: "A forgotten password", path: "/forgotten", by: nobody },
    ...newcomer(mails),
    { name: "companies", about: "A provider's companies", path: "/", by },
    {
      ...{ name: "company", about: "One of them, without leaving the list", path: `/?tenant=${ids[1]}`, by },
      async before(page) {
        await page.getByRole("dialog").getByRole("button", { name: "Open as this company" }).waitFor();
      },
    },
    section("usage", "What they use"),
    section("limits", "What may be used"),
    section("numbers", "Numbers to give out"),
    section("plans", "Plans"),
    { ...section("brand", "A brand of one's own"), size: { width: 1280, height: 1400 } },
    section("sign-ups", "Who asked to sign up"),
    section("deleted", "What can be restored"),
    section("members", "Who looks after them"),
    section("webhooks", "Webhooks"),
    section("audit", "Who did what"),
    { name: "signing-in", about: "How its people sign in", path: "/signing-in", by },
    { name: "security", about: "How one signs in oneself", path: "/account/security", by },
    { name: "phone-companies", about: "A provider's companies on a phone", path: "/", by, size: phone },
    {
      ...{ name: "acting", about: "Looking as a company does", path: `/?tenant=${ids[2]}`, by },
      async before(page) {
        await page.getByRole("button", { name: "Open as this company" }).click();
        await page.getByRole("region", { name: "Acting for a company" }).waitFor();
        await page.getByText("Nobody is on the phone.").waitFor();
      },
    },
  ];
}

const phone = { width: 390, height: 844 };
const nobody = async (): Promise<void> => {};
const signedIn = async (page: Page): Promise<boolean> =>
  (await page.context().cookies()).some(({ name }) => name === "__Host-dialplane");

/** The first steps of a company that signs up as its pictures are taken. */
function newcomer(mails: Mail[]): Shot[] {
  let count = 0;
  const by = async (page: Page): Promise<void> => {
    if (await signedIn(page)) return;
    const address = `ada${++count}@acme.example`;
    await page.goto("/sign-up");
    await page.getByLabel("Company").fill("Acme Instruments");
    await page.getByLabel("Your name").fill("Ada Lovelace");
    await page.getByLabel("Email address").fill(address);
    await page.getByLabel("New password").fill(password);
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "Look into your mail" }).waitFor();
    await page.goto(await linkTo(mails, address));
    await page.getByRole("button", { name: "Make my phone system" }).click();
    await page.waitForURL("**/start");
  };
  const step = (name: string, path: string, about: string): Shot => ({ name, path, about, by, of: "newcomer" });
  return [
    step("start-people", "start/people", "First steps: people"),
    step("start-number", "start/number", "First steps: a number"),
    step("start-phone", "start/phone", "First steps: let it ring"),
    step("first-steps", "overview", "What is left to do"),
    { ...step("phone-start", "start/people", "First steps on a phone"), size: phone },
  ];
}

async function post(url: string, path: string, body: unknown): Promise<void> {
  const headers = { "content-type": "application/json", "sec-fetch-site": "same-origin" };
  const answer = await fetch(`${url}/v1${path}`, { method: "POST", headers, body: JSON.stringify(body) });
  if (!answer.ok) throw new Error(`${path}: ${await answer.text()}`);
}

/** The link in the last mail to that address. */
async function linkTo(mails: Mail[], to: string): Promise<string> {
  for (const end = Date.now() + 20_000; Date.now() < end; await new Promise((resolve) => setTimeout(resolve, 50))) {
    const link = /https?:\/\/\S+#\S+/.exec(mails.findLast((mail) => mail.to === to)?.text ?? "")?.[0];
    if (link !== undefined) return link;
  }
  throw new Error(`no mail came to ${to}`);
}
