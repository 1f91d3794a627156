// All call flows: the numbers that the outside dials, what can be dialled inside, and what nothing leads to.
import { type ReactNode, useState } from "react";
import { kindOf } from "../../core/registry.ts";
import { exitsOf } from "../../core/resources/exits.ts";
import { numbersOf } from "../../core/resources/kind.ts";
import { t } from "../i18n/t.ts";
import { buttonClass } from "../part/button.tsx";
import { Empty, Page, Skeleton } from "../part/page.tsx";
import { Problem } from "../part/problem.tsx";
import { phrase } from "../part/words.ts";
import { Link } from "../router.tsx";
import { useTenantId } from "../tenant/id.ts";
import { type Resource, type Resources, titleOf } from "./graph.ts";
import { KindIcon } from "./icon.tsx";
import { exitLabel, shownTitle, targetName } from "./label.ts";
import { useFlow } from "./load.ts";

/** So many of a group are shown; the rest is found by typing. */
const shown = 100;

export function FlowList() {
  const tenant = useTenantId();
  const { data, error, refetch, isPending } = useFlow(tenant, undefined);
  const [wanted, setWanted] = useState("");
  const text = wanted.trim().toLowerCase();
  const groups = data ? groupsOf(data.resources) : [];
  const found = groups
    .map((group) => ({
      ...group,
      entries: group.entries.filter((one) => `${phrase(one.kind)} ${shownTitle(one)}`.toLowerCase().includes(text)),
    }))
    .filter(({ entries }) => entries.length > 0);
  const many = groups.reduce((sum, { entries }) => sum + entries.length, 0) > 10;
  return (
    <Page
      title={t("Call flows")}
      about={t("The way of a call as one picture: from a number, by schedules, menus and groups, to whoever answers.")}
      actions={
        <Link className={buttonClass("main")} to={`/tenants/${tenant}/phone-numbers/new`}>
          {t("New phone number")}
        </Link>
      }
    >
      {error && !data ? <Problem error={error} onRetry={() => refetch()} /> : null}
      {isPending ? <Skeleton rows={6} /> : null}
      {many ? (
        <input
          className="input max-w-sm"
          type="search"
          aria-label={t("Find a call flow")}
          placeholder={t("Find by name, number or kind")}
          onChange={({ target }) => setWanted(target.value)}
        />
      ) : null}
      {data && groups.length === 0 ? (
        <Empty title={t("No call flows yet")}>
          <p>
            {t("A call flow begins with a phone number, or with a menu, queue or group that has an extension number.")}
          </p>
        </Empty>
      ) : null}
      {data && groups.length > 0 && found.length === 0 ? <Empty title={t("Nothing like that.")} /> : null}
      {data
        ? found.map((group) => <Group key={group.title} {...group} tenant={tenant} resources={data.resources} />)
        : null}
    </Page>
  );
}

type GroupProps = { title: string; about: string; entries: Resource[] };

function groupsOf(resources: Resources): GroupProps[] {
  const all = [...resources.values()];
  const reached = new Set(
    all.flatMap(({ kind, item }) =>
      exitsOf(kindOf(kind), item).flatMap(({ to }) => (to && "ref" in to ? [to.ref] : [])),
    ),
  );
  const isPerson = ({ kind }: Resource): boolean => kind === "extension" || kind === "voicemail-box";
  const dialled = (one: Resource): boolean => numbersOf(kindOf(one.kind), one.item).length > 0;
  const order = (some: Resource[]): Resource[] => some.sort((a, b) => titleOf(a).localeCompare(titleOf(b)));
  return [
    {
      title: t("Phone numbers"),
      about: t("What the outside dials"),
      entries: order(all.filter(({ kind }) => kind === "phone-number")),
    },
    {
      title: t("Dialled inside"),
      about: t("Menus, queues, groups and others that have an extension number"),
      entries: order(all.filter((one) => one.kind !== "phone-number" && !isPerson(one) && dialled(one))),
    },
    {
      title: t("Nothing leads here"),
      about: t("No number and no other call flow reaches them"),
      entries: order(
        all.filter(
          (one) => one.kind !== "phone-number" && !isPerson(one) && !dialled(one) && !reached.has(one.item.id),
        ),
      ),
    },
    {
      title: t("Extensions"),
      about: t("Forwards, follow me and voicemail of those who have any"),
      entries: order(
        all.filter(
          ({ kind, item }) => kind === "extension" && exitsOf(kindOf(kind), item).some(({ to }) => to !== null),
        ),
      ),
    },
  ].filter(({ entries }) => entries.length > 0);
}

function Group({
  title,
  about,
  entries,
  tenant,
  resources,
}: GroupProps & { tenant: string; resources: Resources }): ReactNode {
  return (
    <section className="grid gap-2" aria-label={title}>
      <div>
        <h2 className="font-semibold">{title}</h2>
        <p className="text-muted text-xs">{about}</p>
      </div>
      <ul className="card divide-y divide-line overflow-hidden">
        {entries.slice(0, shown).map((one) => (
          <li key={one.item.id} className="relative flex min-h-12 items-center gap-3 px-4 py-1.5 hover:bg-hover">
            <KindIcon kind={one.kind} className="size-4 text-accent" />
            <span className="grid min-w-0 flex-1">
              <Link
                className="stretched truncate font-medium"
                to={`/tenants/${tenant}/call-flows/${encodeURIComponent(one.item.id)}`}
              >
                {shownTitle(one)}
              </Link>
              <span className="truncate text-muted text-xs">{summary(one, resources)}</span>
            </span>
            <span className="text-muted text-xs">{phrase(one.kind)}</span>
          </li>
        ))}
      </ul>
      {entries.length > shown ? (
        <p className="text-muted">{t("{n} more: type to find them.", { n: entries.length - shown })}</p>
      ) : null}
    </section>
  );
}

/** Its first ways: `Open: Sales · Closed: Night`. */
function summary(one: Resource, resources: Resources): string {
  const set = exitsOf(kindOf(one.kind), one.item).filter(({ to }) => to !== null);
  const ways = set.slice(0, 3).map((exit) => {
    const target = targetName(exit.to, resources);
    return exit.how === "rings" ? target : `${exitLabel(exit, one, resources)}: ${target}`;
  });
  if (ways.length === 0) return t("Leads nowhere");
  return set.length > ways.length ? `${ways.join(" · ")} …` : ways.join(" · ");
}
