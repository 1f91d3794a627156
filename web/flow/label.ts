// What the picture says of nodes and of the ways between them.
import type { Destination } from "../../core/resources/destination.ts";
import type { Exit } from "../../core/resources/exits.ts";
import type { Body } from "../../core/resources/kind.ts";
import type { Menu } from "../../core/resources/menu.ts";
import type { Schedule } from "../../core/resources/schedule.ts";
import { t, tn } from "../i18n/t.ts";
import { inner, phrase } from "../part/words.ts";
import { type FlowNode, type Resource, type Resources, titleOf } from "./graph.ts";

/** An exit within its node: `1 · Sales`, `Closed`, `Nobody answers`. */
export function exitLabel({ pointer, how, to }: Exit, resource: Resource | undefined, titles: Resources): string {
  const [, first = "", second = "", third = ""] = pointer.split("/");
  const body = resource?.item;
  if (first === "options") {
    const option = (body?.options as Menu["options"] | undefined)?.[Number(second)];
    return option ? [option.digits, option.label].filter(Boolean).join(" · ") : "";
  }
  if (first === "holidays") return (body?.holidays as Schedule["holidays"] | undefined)?.[Number(second)]?.name ?? "";
  if (first === "followMe") return t("Follow me: {who}", { who: targetName(to, titles) });
  if (how === "rings") return targetName(to, titles);
  const name = third === "" ? second || first : third;
  const known = Object.hasOwn(labels, `${resource?.kind} ${name}`) ? labels[`${resource?.kind} ${name}`] : undefined;
  const usual = Object.hasOwn(labels, name) ? labels[name] : undefined;
  return (known ?? usual)?.() ?? phrase(name);
}

const labels: Record<string, (() => string) | undefined> = {
  destination: () => t("Goes to"),
  open: () => t("When open"),
  closed: () => t("When closed"),
  timeout: () => t("No key pressed"),
  invalid: () => t("Wrong key"),
  directory: () => t("9 9 · Names"),
  always: () => t("Always forwarded"),
  busy: () => t("Busy"),
  noAnswer: () => t("No answer"),
  notRegistered: () => t("No phone there"),
  voicemailBox: () => t("Not taken"),
  "announcement afterwards": () => t("Afterwards"),
  "ring-group afterwards": () => t("Nobody answers"),
  "queue afterwards": () => t("Did not get through"),
  "directory afterwards": () => t("Nobody found"),
  "parking-lot timeout": () => t("Nobody took it"),
};

/** A destination in few words: `Sales`, `1001 Ada`, `+15550123`. */
export function targetName(to: Destination | null, resources: Resources): string {
  if (to === null) return t("Nowhere");
  if (to.kind === "hangup") return causes[to.cause]();
  if (to.kind === "outside-number") return to.number;
  const found = resources.get(to.ref);
  return found ? shownTitle(found) : to.ref;
}

const causes = {
  rejected: () => t("Hang up: rejected"),
  busy: () => t("Hang up: busy"),
  "not-found": () => t("Hang up: no such number"),
  unavailable: () => t("Hang up: not available"),
};

export function shownTitle(resource: Resource): string {
  const { item } = resource;
  const more = item.displayName ?? item.label;
  return typeof more === "string" && more !== "" ? `${titleOf(resource)} ${more}` : titleOf(resource);
}

export function nodeTitle({ resource, kind, name }: FlowNode): string {
  if (resource) return shownTitle(resource);
  const key = name.slice(name.indexOf("/") + 1);
  if (kind === "hangup") return Object.hasOwn(causes, key) ? causes[key as keyof typeof causes]() : key;
  return kind === "outside-number" ? key : t("Not shown to you");
}

/** The line below a node's title: its kind, and what matters most of it. */
export function nodeAbout({ resource, kind, exits, hidden }: FlowNode): string {
  const word = kind === "outside-number" ? t("Outside number") : kind === "hangup" ? t("The end") : phrase(kind);
  const body: Body = resource?.item ?? {};
  const members =
    exits.filter(({ how, pointer }) => how === "rings" && !pointer.startsWith("/followMe")).length + hidden;
  const more: string[] = [];
  if (typeof body.extensionNumber === "string") more.push(body.extensionNumber);
  if (kind === "schedule") more.push(hoursText(body.hours as Schedule["hours"]));
  if (kind === "ring-group" || kind === "paging-group") more.push(tn(members, "{n} member", "{n} members"));
  if (kind === "queue") more.push(tn(members, "{n} agent", "{n} agents"));
  if (kind === "ring-group" && typeof body.strategy === "string") more.push(inner(body.strategy));
  if (body.enabled === false) more.push(t("disabled"));
  if (body.doNotDisturb === true) more.push(t("do not disturb"));
  return [word, ...more.filter(Boolean)].join(" · ");
}

/** `Mon–Fri 09:00–17:00`, and how many more lines of hours there are. */
function hoursText(hours: Schedule["hours"]): string {
  const [first, ...others] = hours;
  if (!first) return t("never open");
  const order = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
  const days = order.filter((day) => (first.days as string[]).includes(day));
  const run = days.length > 2 && order.indexOf(days.at(-1) ?? "") - order.indexOf(days[0] ?? "") === days.length - 1;
  const names = (run ? [days[0], days.at(-1)] : days).map((day) => phrase(day ?? ""));
  const text = `${names.join(run ? "–" : ", ")} ${first.from}–${first.to}`;
  return others.length > 0 ? `${text} (+${others.length})` : text;
}
