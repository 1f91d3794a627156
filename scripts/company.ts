// A company as one would have it, in a sandbox: what the screenshots show.
import type { Page } from "playwright-core";

export type Shot = {
  name: string;
  about: string;
  path: string;
  size?: { width: number; height: number };
  /** Whose key looks at it; the reseller's where it is left out. */
  as?: string;
  /** Signs a person in, in the place of a key. */
  by?(page: Page): Promise<void>;
  /** Pages of one person share a browser's profile; the path of a newcomer's is within his own tenant. */
  of?: "newcomer";
  /** What is done on the page before it is taken. */
  before?(page: Page): Promise<void>;
};

const people: [number: string, name: string][] = [
  ["1001", "Ada Lovelace"],
  ["1002", "Grace Hopper"],
  ["1003", "Alan Turing"],
  ["1004", "Barbara Liskov"],
  ["1005", "Edsger Dijkstra"],
  ["1006", "Radia Perlman"],
  ["1007", "Donald Knuth"],
  ["1008", "Frances Allen"],
  ["1009", "John Backus"],
  ["1010", "Margaret Hamilton"],
  ["1011", "Ken Thompson"],
  ["1012", "Sophie Wilson"],
];
const main = "+12025550142";
const support = "+12025550143";
const phone = { width: 390, height: 844 };

const document = {
  voicemailBoxes: people.map(([number]) => ({ number })),
  extensions: people.map(([number, displayName], n) => ({
    ...{ number, displayName, voicemailBox: number, externalCallerId: n % 3 === 0 ? support : main },
    ...(n === 8 && { enabled: false }),
  })),
  ringGroups: [
    {
      ...{ name: "Reception", extensionNumber: "600", afterwards: { kind: "voicemail-box", ref: "1001" } },
      members: [{ extension: "1001" }, { extension: "1002", delaySeconds: 10 }],
    },
  ],
  queues: [
    {
      ...{
        name: "Support",
        extensionNumber: "610",
        announcePosition: true,
        announceEverySeconds: 45,
        maxWaitSeconds: 600,
      },
      agents: ["1003", "1004", "1005", "1006"].map((extension, n) => ({ extension, tier: n < 2 ? 1 : 2 })),
      afterwards: { kind: "voicemail-box", ref: "1003" },
    },
  ],
  menus: [
    {
      name: "Main menu",
      options: [
        { digits: "1", destination: { kind: "ring-group", ref: "Reception" } },
        { digits: "2", destination: { kind: "queue", ref: "Support" } },
        { digits: "0", destination: { kind: "extension", ref: "1001" } },
      ],
      timeout: { kind: "ring-group", ref: "Reception" },
    },
  ],
  schedules: [
    {
      name: "Office hours",
      timeZone: "America/New_York",
      hours: [{ days: ["mon", "tue", "wed", "thu", "fri"], from: "08:00", to: "18:00" }],
      open: { kind: "menu", ref: "Main menu" },
      closed: { kind: "voicemail-box", ref: "1001" },
    },
  ],
  conferences: [{ name: "All hands", extensionNumber: "700" }],
  parkingLots: [{ name: "Front desk", extensionNumber: "800", firstSlot: "801" }],
  phoneNumbers: [
    { number: main, destination: { kind: "schedule", ref: "Office hours" } },
    { number: support, destination: { kind: "queue", ref: "Support" } },
  ],
  trunks: [{ name: "Carrier", host: "sip.carrier.example" }],
  outboundRoutes: [{ name: "Everywhere", patterns: ["+*"], trunks: ["Carrier"] }],
  contacts: [
    { number: "+12125550177", name: "Northwind", company: "Northwind Traders" },
    { number: "+13105550121", name: "Contoso", company: "Contoso Ltd" },
  ],
};
const plural = (name: string): string => name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

/** Makes the company, and its reseller; resolves with the reseller's key and the pages to take. Throws where the API refuses anything. */
export async function company(url: string, key: string): Promise<{ key: string; pages: Shot[] }> {
  const send = async (method: string, path: string, body?: unknown): Promise<Record<string, unknown>> => {
    const answer = await fetch(`${url}/v1${path}`, {
      method,
      headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    if (!answer.ok) throw new Error(`${method} ${path}: ${await answer.text()}`);
    return answer.status === 204 ? {} : ((await answer.json()) as Record<string, unknown>);
  };
  const account = await send("POST", "/accounts", { name: "Harbour Telecom", sandbox: true });
  const made = await send("POST", "/tenants", {
    ...{ name: "Acme Instruments", domain: "acme.example", accountId: account.id },
    document: Object.fromEntries(Object.entries(document).map(([name, items]) => [plural(name), items])),
  });
  for (const [name, domain] of [
    ["Bergmann Dental", "bergmann-dental.example"],
    ["Nadir Logistics", "nadir.example"],
    ["Riverside Clinic", "riverside.example"],
  ])
    await send("POST", "/tenants", { name, domain, accountId: account.id });
  const at = `/tenants/${made.id}`;
  const id = async (kind: string, field: string, value: string): Promise<string> => {
    const { data } = (await send("GET", `${at}/${kind}?limit=100`)) as { data: Record<string, string>[] };
    const found = data.find((item) => item[field] === value);
    if (!found?.id) throw new Error(`no ${kind} ${value}`);
    return found.id;
  };
  for (const [number] of people.slice(0, 9)) await send("POST", `${at}/sandbox/registrations`, { extension: number });
  const callers = ["+12125550177", "+13105550121", "+14155550138", "1001", "1004"];
  for (let n = 0; n < 24; n++) {
    const from = callers[n % callers.length] ?? "1001";
    const to = from.startsWith("+") ? "1003" : "1002";
    const assume = n % 4 === 1 ? { [to]: "no-answer" } : {};
    await send("POST", `${at}/sandbox/calls`, {
      from: from.startsWith("+") ? "1005" : from,
      to,
      assume,
      talkSeconds: 20 + 17 * n,
    });
  }
  const ada = await id("extensions", "number", "1001");
  await send("PATCH", `${at}/extensions/${ada}`, { ringSeconds: 30 });
  await send("PATCH", `${at}/queues/${await id("queues", "name", "Support")}`, { strategy: "round-robin" });
  const editor = async (kind: string, field: string, value: string) => `${at}/${kind}/${await id(kind, field, value)}`;
  const lists: [string, string][] = [
    ["phone-numbers", "Phone numbers"],
    ["queues", "Queues"],
    ["schedules", "Schedules"],
    ["trunks", "Trunks"],
    ["contacts", "Contacts"],
    ["announcements", "A list that is empty"],
  ];
  const members: [name: string, role: string, extension: string | null][] = [
    ["Ada Lovelace", "admin", "1001"],
    ["Grace Hopper", "user", "1002"],
    ["Alan Turing", "user", "1003"],
    ["Joan Clarke", "billing", null],
  ];
  const of = { tenantId: made.id };
  let user = "";
  for (const [name, role, extension] of members) {
    const email = `${name.split(" ")[0]?.toLowerCase()}@acme.example`;
    const member = await send("POST", "/members", { ...of, name, role, extension, email });
    if (extension === "1002")
      user = String((await send("POST", "/api-keys", { ...of, name, memberId: member.id })).key);
  }
  await send("POST", "/api-keys", { ...of, name: "Reports", scopes: ["calls:read", "recordings:read"] });
  const reseller = await send("POST", "/api-keys", { name: "Harbour Telecom", accountId: account.id, scopes: ["*"] });
  return {
    key: String(reseller.key),
    pages: [
      { name: "sign-in", about: "Signing in", path: "/" },
      { name: "tenants", about: "Tenants", path: "/tenants" },
      { name: "new-tenant", about: "A new tenant", path: "/tenants/new" },
      { name: "extensions", about: "Extensions", path: `${at}/extensions` },
      {
        ...{ name: "selection", about: "Many at once", path: `${at}/extensions` },
        async before(page) {
          for (const name of ["1002", "1003", "1004"])
            await page.getByRole("checkbox", { name: `Select ${name}` }).check();
        },
      },
      {
        ...{ name: "palette", about: "Search and commands", path: `${at}/extensions` },
        async before(page) {
          await page.keyboard.press("Control+k");
          await page.getByRole("combobox").fill("su");
          await page.getByRole("option", { name: "Support" }).waitFor();
        },
      },
      { name: "extension", about: "An extension", path: await editor("extensions", "number", "1001") },
      { name: "new-extension", about: "A new extension", path: `${at}/extensions/new` },
      {
        ...{
          name: "delete",
          about: "What depends on it is told first",
          path: await editor("voicemail-boxes", "number", "1003"),
        },
        async before(page) {
          await page.getByRole("button", { name: "Delete" }).click();
          await page.getByRole("dialog").getByRole("link").first().waitFor();
        },
      },
      {
        ...{ name: "call-flow", about: "A call flow", path: `${at}/call-flows` },
        async before(page) {
          await page.getByRole("link", { name: main }).first().click();
          await page.locator(".react-flow__node").first().waitFor();
        },
      },
      { name: "queue", about: "A queue", path: await editor("queues", "name", "Support") },
      { name: "menu", about: "A menu", path: await editor("menus", "name", "Main menu") },
      { name: "schedule", about: "A schedule", path: await editor("schedules", "name", "Office hours") },
      ...lists.map(([path, about]) => ({ name: path, about, path: `${at}/${path}` })),
      { name: "calls", about: "Calls", path: `${at}/calls` },
      {
        ...{ name: "simulator", about: "The simulator", path: `${at}/simulate` },
        async before(page) {
          await page.getByLabel("From").fill("+12125550177");
          await page.getByLabel("To", { exact: true }).fill(support);
          await page.keyboard.press("Enter");
          await page.getByRole("region", { name: "Result" }).waitFor();
        },
      },
      { name: "overview", about: "A company at a glance", path: `${at}/overview` },
      { name: "live", about: "What goes on now", path: `${at}/live` },
      { name: "voicemail", about: "Voicemail", path: `${at}/voicemail` },
      { name: "recordings", about: "Recordings", path: `${at}/recordings` },
      { name: "hosts", about: "Hosts", path: "/operator" },
      { name: "sync", about: "What is live where", path: `${at}/sync` },
      {
        ...{ name: "history", about: "History", path: `${at}/history` },
        async before(page) {
          await page.getByRole("button", { name: "What changed" }).first().click();
        },
      },
      { name: "settings", about: "A tenant's settings", path: `${at}/settings` },
      { name: "members", about: "Members", path: `${at}/members` },
      {
        ...{ name: "invite", about: "Inviting somebody", path: `${at}/members` },
        async before(page) {
          await page.getByRole("button", { name: "Invite somebody" }).first().click();
        },
      },
      { name: "api-keys", about: "API keys", path: `${at}/members/keys` },
      { name: "my-phone", about: "One's own phone", path: "/my", as: user },
      { name: "my-settings", about: "One's own settings", path: "/my/settings", as: user },
      { name: "phone-my-calls", about: "One's own calls on a phone", path: "/my", as: user, size: phone },
      {
        name: "phone-my-voicemail",
        about: "One's own voicemail on a phone",
        path: "/my/voicemail",
        as: user,
        size: phone,
      },
      { name: "phone-extensions", about: "Extensions on a phone", path: `${at}/extensions`, size: phone },
      {
        name: "phone-extension",
        about: "An extension on a phone",
        path: await editor("extensions", "number", "1001"),
        size: phone,
      },
      {
        ...{ name: "phone-menu", about: "The navigation on a phone", path: `${at}/extensions`, size: phone },
        async before(page) {
          await page.getByRole("button", { name: "Menu" }).click();
        },
      },
    ],
  };
}
